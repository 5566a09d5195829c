"""What guards the audit from outside the store: the key, and the anchor that knows how long the chain was."""

from __future__ import annotations

import fcntl
import hmac
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from mdm.errors import StoreRefused
from mdm.settings import Secret, make_key_file, read_key_file
from mdm.store.audit_chain import commitment

ANCHOR_FILE: Final = "anchor.json"
WRITING: Final = "anchor.json.new"
LOCK_FILE: Final = "anchor.lock"
KEY_LOST: Final = "Put the key back that it was begun with: audit/key in the project, or MDM_AUDIT_KEY."


@dataclass(frozen=True, slots=True)
class Anchor:
    """The head of the chain as it was last written down outside the store, and the highest number of a master id."""

    store_id: str
    seq: int
    hash: str
    at: str
    highest_id: int


@dataclass(frozen=True, slots=True)
class Keeper:
    """The audit's key and anchor of one project. Without a folder there is no anchor, and without a key none is used.

    `folder` is where both lie, made on first use; `given` is a key of the environment, which goes before the file.
    """

    folder: Path | None = None
    given: Secret | None = None

    def key(self) -> bytes | None:
        """The key that is there; None when a chain has yet to be begun with one."""
        if self.given is not None:
            return self.given.reveal().encode()
        if self.folder is None:
            return b""
        found = read_key_file(self.folder)
        return None if found is None else found.reveal().encode()

    def key_for(self, *, begun: bool) -> bytes:
        """The key to write with. A new one is only made for a chain that was not begun: else it would fit no row."""
        found = self.key()
        if found is not None:
            return found
        if begun or self.folder is None:
            raise StoreRefused("The key of this store's audit is not here.", KEY_LOST)
        return make_key_file(self.folder).reveal().encode()

    def read_anchor(self) -> Anchor | None:
        """The anchor of this project; None when there is none. Raises StoreRefused for one that was tampered with."""
        if self.folder is None or not (self.folder / ANCHOR_FILE).exists():
            return None
        return read_anchor(self.folder / ANCHOR_FILE, self.key() or b"")

    def write_anchor(self, anchor: Anchor, *, replace: bool = False) -> None:
        """Write the anchor down for good, unless one further along is there; with `replace` in any case.

        The highest id never goes down. Raises StoreRefused when it cannot be written.
        """
        if self.folder is None:
            return
        try:
            self.folder.mkdir(exist_ok=True)
            with _locked(self.folder):
                there = None if not (self.folder / ANCHOR_FILE).exists() else self._readable()
                same = there is not None and there.store_id == anchor.store_id
                if there and same and there.seq > anchor.seq and not replace:
                    return
                highest = max(anchor.highest_id, there.highest_id if there and same else 0)
                kept = Anchor(anchor.store_id, anchor.seq, anchor.hash, anchor.at, highest)
                _write(self.folder, kept, self.key() or b"")
        except OSError as error:
            raise StoreRefused(
                f"The audit's anchor {self.folder / ANCHOR_FILE} cannot be written: {error.strerror}.",
                "Make that folder writable; the next change brings the anchor up to date.",
            ) from error

    def _readable(self) -> Anchor | None:
        try:
            return self.read_anchor()
        except StoreRefused:
            return None


def read_anchor(path: Path, key: bytes) -> Anchor:
    """The anchor in that file, such as a copy kept elsewhere. Raises StoreRefused when it does not fit the key."""
    try:
        said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        sealed = str(said.pop("seal"))
        anchor = Anchor(**said)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreRefused(f"The audit's anchor {path} cannot be read.", "Look who changed it.") from error
    if not hmac.compare_digest(commitment(key, asdict(anchor)), sealed):
        raise StoreRefused(f"The audit's anchor {path} was changed, or written with another key.", KEY_LOST)
    return anchor


def _write(folder: Path, anchor: Anchor, key: bytes) -> None:
    """Whole or not at all, also when the power fails: written beside, brought to the disk, then put in place."""
    said = {**asdict(anchor), "seal": commitment(key, asdict(anchor))}
    with (folder / WRITING).open("w", encoding="utf-8") as file:
        file.write(json.dumps(said, indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    (folder / WRITING).replace(folder / ANCHOR_FILE)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One process or thread at a time: the anchor must not step back behind another's change."""
    with (folder / LOCK_FILE).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
