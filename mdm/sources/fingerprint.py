"""The fingerprint of a file, taken before it is read; what is read later must have the same one."""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from mdm.errors import InputRefused
from mdm.sources.facts import READ_BLOCK
from mdm.sources.filetypes import HEAD_BYTES


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Size and SHA-256 of a whole file, its first bytes, and whether all of it is UTF-8 (lone surrogates allowed)."""

    size: int
    sha256: str
    head: bytes
    is_utf8: bool
    is_ascii: bool


def fingerprint(path: Path) -> Fingerprint:
    """Read the file once. Raises InputRefused when it is not there, is no plain file, or is empty."""
    check_is_file(path)
    digest, size, head, ascii_only = hashlib.sha256(), 0, b"", True
    decoder = codecs.getincrementaldecoder("utf-8")("surrogatepass")
    utf8 = True
    with path.open("rb") as stream:
        while block := stream.read(READ_BLOCK):
            digest.update(block)
            head = head or block[:HEAD_BYTES]
            size += len(block)
            plain = block.isascii()
            ascii_only = ascii_only and plain
            if utf8 and not (plain and decoder.getstate() == (b"", 0)):
                utf8 = _decodes(decoder, block)
    if not size:
        raise InputRefused(f"{path.name} is empty (zero bytes).", "Export it again; nothing was read or deleted.")
    utf8 = utf8 and decoder.getstate() == (b"", 0)
    return Fingerprint(size, digest.hexdigest(), head, utf8, ascii_only)


def check_is_file(path: Path) -> None:
    """Raises InputRefused unless there is a plain file of exactly this name."""
    try:
        mode = path.stat().st_mode
    except OSError:
        raise InputRefused(f"There is no file {path}.", "Check its name and its folder.") from None
    if not S_ISREG(mode):
        raise InputRefused(f"{path} is not a file.", "Give the path of one file.")


def check_unchanged(path: Path, expected: str, found: str) -> None:
    """Raises InputRefused when the bytes that were read are not those of the fingerprint."""
    if expected != found:
        raise InputRefused(
            f"{path.name} changed while it was read.", "Wait until the export is complete, then load it again."
        )


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes) -> bool:
    try:
        decoder.decode(block)
    except UnicodeDecodeError:
        return False
    return True
