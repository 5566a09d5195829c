"""Writes a file so that a reader sees the old one or the whole new one, never a part."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from mdm.errors import SettingsInvalid

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; when the block ends well it takes the place of `path`, else it is removed.

    Folders are made where they are missing. Raises SettingsInvalid where nothing can be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".part-", suffix=path.suffix, dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise _refused(path, error) from error
    part = Path(name)
    try:
        yield part
        _finish(part, path)
    except OSError as error:
        raise _refused(path, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _finish(part: Path, path: Path) -> None:
    """Put the finished file on the disk before its name: after a power cut a name never stands for half a file."""
    with part.open("r+b") as written:
        os.fsync(written.fileno())
    part.chmod(_plain_mode())
    part.replace(path)


def _plain_mode() -> int:
    """The mode of any new file here; a temporary file is private, its final form follows the user's umask."""
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask


def _refused(path: Path, error: OSError) -> SettingsInvalid:
    reason = error.strerror or "it could not be written"
    return SettingsInvalid(f"{path.name} was not written: {reason}.", "Check the output folder and its free space.")
