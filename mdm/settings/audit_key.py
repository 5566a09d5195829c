"""The key that seals the audit: from the environment, or a file beside the project that is made on first use."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from mdm.errors import SettingsInvalid
from mdm.settings.secrets import Secret, read_secret

KEY_FILE: Final = "key"
KEY_BYTES: Final = 32
OWNER_ONLY: Final = 0o600
FOLDER_OF_OWNER: Final = 0o700


def read_key_file(folder: Path) -> Secret | None:
    """The key in this folder; None when there is none. Raises SettingsInvalid when its file cannot be read."""
    path = folder / KEY_FILE
    return read_secret(f"file:{path}", {}) if path.exists() else None


def make_key_file(folder: Path) -> Secret:
    """A new key in this folder, for its owner's eyes only, and kept out of Git; the one that is there if there is one.

    Raises SettingsInvalid when it cannot be written.
    """
    path = folder / KEY_FILE
    try:
        folder.mkdir(mode=FOLDER_OF_OWNER, exist_ok=True)
        (folder / ".gitignore").write_text(f"{KEY_FILE}\n", encoding="utf-8")
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    except FileExistsError:
        return read_secret(f"file:{path}", {})
    except OSError as error:
        raise SettingsInvalid(
            f"The audit key cannot be written to {path}: {error.strerror}.", "Check the folder, or set MDM_AUDIT_KEY."
        ) from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        value = secrets.token_hex(KEY_BYTES)
        file.write(f"{value}\n")
        file.flush()
        os.fsync(file.fileno())
    return Secret(value)
