"""The chain of the audit: how a row is sealed to the one before it, and what a broken chain tells."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

START: Final = "0" * 64
"""What the first row has as the hash of the row before it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the audit. `details` is JSON text; `previous` and `hash` are hex."""

    seq: int
    at: str
    actor: str
    action: str
    subject: str
    details: str
    previous: str
    hash: str = ""


def seal(key: bytes, entry: Entry) -> str:
    """HMAC-SHA-256 over all of a row but its own hash, as a JSON array in ASCII: one spelling for one content."""
    parts = [entry.seq, entry.at, entry.actor, entry.action, entry.subject, entry.details, entry.previous]
    return hmac.new(key, b"row" + canonical(parts), hashlib.sha256).hexdigest()


def canonical(value: Any) -> bytes:  # noqa: ANN401 - whatever JSON can hold
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()


def commitment(key: bytes, values: Mapping[str, Any]) -> str:
    """A keyed digest of values that are kept elsewhere: it shows a later change of them and tells nothing of them."""
    return hmac.new(key, b"values" + canonical(values), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Walked:
    """What a walk along the chain found: the last row, the hashes asked for by seq, and what is wrong, in words."""

    head: Entry | None
    hashes: Mapping[int, str]
    faults: tuple[str, ...]


def walk(entries: Iterable[Entry], key: bytes, *, marks: frozenset[int] = frozenset()) -> Walked:
    """Check rows in the order of `seq`; `marks` are rows whose hash the caller wants to compare with a copy of it.

    A row that fits the key proves itself and its place; so a fault names the row at which somebody was at work.
    """
    faults: list[str] = []
    hashes: dict[int, str] = {}
    unfit = _Range()
    before: Entry | None = None
    for entry in entries:
        expected = before.seq + 1 if before else 1
        if entry.seq != expected:
            faults.append(_missing(expected, entry.seq))
        if entry.seq in marks:
            hashes[entry.seq] = entry.hash
        if seal(key, entry) != entry.hash:
            unfit.add(entry.seq)
            place = _rightful_place(key, entry, before)
            if place:
                faults.append(f"Row {entry.seq} is row {place}, moved: rows were reordered or inserted.")
        elif entry.previous != (before.hash if before else START):
            faults.append(f"Row {entry.seq} does not follow the row before it: that one was put in or replaced.")
        before = entry
    return Walked(before, hashes, (*faults, *unfit.told()))


def _missing(expected: int, found: int) -> str:
    if found < expected:
        return f"Row {found} stands where row {expected} belongs: a row was put in."
    if found == expected + 1:
        return f"Row {expected} is missing: it was deleted."
    return f"Rows {expected} to {found - 1} are missing: they were deleted."


def _rightful_place(key: bytes, entry: Entry, before: Entry | None) -> int | None:
    """The number under which a row that was moved by one place would fit the key."""
    for seq in (entry.seq - 1, entry.seq + 1, (before.seq if before else 0) + 2):
        moved = Entry(
            seq, entry.at, entry.actor, entry.action, entry.subject, entry.details, entry.previous, entry.hash
        )
        if seq != entry.seq and seal(key, moved) == entry.hash:
            return seq
    return None


class _Range:
    """Numbers of rows that do not fit the key, told as ranges: a whole chain in one line, not in a million."""

    def __init__(self) -> None:
        self._ranges: list[list[int]] = []

    def add(self, seq: int) -> None:
        if self._ranges and self._ranges[-1][1] == seq - 1:
            self._ranges[-1][1] = seq
        else:
            self._ranges.append([seq, seq])

    def told(self) -> list[str]:
        return [
            f"Row {first} was changed, or written without the audit key."
            if first == last
            else f"Rows {first} to {last} were changed, or written with another audit key."
            for first, last in self._ranges
        ]
