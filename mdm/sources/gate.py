"""The gate before the CSV parser: it numbers the records, sets odd ones aside, and lets only clean ones through."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np

from mdm.errors import InputRefused
from mdm.sources.facts import CELL_CAP, RAW_CAP, Fault
from mdm.sources.splitting import Flags, Positions, Split, split

OPEN_RECORD_CAP: Final = 64 * 1024 * 1024
"""Bytes a record may have before it is taken for a quote that never closes."""

ODD_RECORD_LINES: Final = 50
"""An odd record that spans more lines is taken for a quote that never closes."""

SURROGATE: Final = re.compile(rb"\xed[\xa0-\xbf]")
MOST_MARKS: Final = 64
MARKS: Final = re.compile(rb"(?:\xcc[\x80-\xbf]|\xcd[\x80-\xaf]){65,}")
"""More than 64 combining marks (U+0300 to U+036F) on one letter: no name of a person or company."""


@dataclass(frozen=True, slots=True)
class Passed:
    """What the gate let through: clean records as text, their numbers, the longest in bytes, and the faults."""

    text: bytes
    numbers: Positions
    longest: int
    quoted_breaks: bool
    faults: tuple[Fault, ...]


class Gate:
    """Takes the text of one file piece by piece; `records` counts its records, `odd` those of a wrong shape."""

    def __init__(self, name: str, separator: str, fields: int) -> None:
        self.name = name
        self.separator = separator.encode()
        self.fields = fields
        self.records = 0
        self.odd = 0
        self._rest = b""

    def feed(self, text: bytes, *, final: bool) -> Passed:
        """The clean records that are complete now. Raises InputRefused when a quote never closes."""
        text = self._rest + text
        found = split(text, self.separator, final=final)
        self._rest = text[found.done :]
        if len(self._rest) > OPEN_RECORD_CAP or (final and self._rest):
            raise self._unclosed(self.records + 1 + int((found.ends > found.begins).sum()))
        return self._sift(text, found)

    def records_before(self, text: bytes) -> int:
        """How many records would be complete after `text`; nothing is taken in."""
        found = split(self._rest + text, self.separator, final=False)
        return self.records + int((found.ends > found.begins).sum())

    def _sift(self, text: bytes, found: Split) -> Passed:
        lengths = found.ends - found.begins
        filled = lengths > 0
        numbers = self.records + np.cumsum(filled)
        odd = filled & ((found.fields != self.fields) | found.malformed)
        reasons = self._value_faults(text, found, lengths)
        bad = odd.copy()
        bad[list(reasons)] = True
        faults = tuple(
            Fault(
                int(numbers[i]),
                None,
                reasons.get(i) or self._shape(found, i, int(numbers[i]), text),
                _raw(text, found, i),
            )
            for i in np.flatnonzero(bad & filled).tolist()
        )
        self.records += int(filled.sum())
        self.odd += int(odd.sum())
        good = filled & ~bad
        longest = int(lengths.max()) if lengths.size else 0
        return Passed(_kept(text, found, bad), numbers[good], longest, found.quoted_breaks, faults)

    def _shape(self, found: Split, i: int, number: int, text: bytes) -> str:
        record = text[found.begins[i] : found.ends[i]]
        lines = record.count(b"\n") + record.count(b"\r")
        if found.malformed[i]:
            if lines:
                raise self._unclosed(number)
            return "text follows a closing quote"
        if lines > ODD_RECORD_LINES:
            raise self._unclosed(number)
        return f"{found.fields[i]} fields where the header has {self.fields}"

    def _value_faults(self, text: bytes, found: Split, lengths: Positions) -> dict[int, str]:
        """By position of the record: NUL characters, half characters, cells and stacks of marks that are too long."""
        reasons: dict[int, str] = {}
        for i in np.flatnonzero(lengths > CELL_CAP).tolist():
            longest = _longest_field(text[found.begins[i] : found.ends[i]], self.separator)
            if longest > CELL_CAP:
                reasons[i] = f"a cell has {longest:,} bytes; the limit is {CELL_CAP:,}"
        if 0 in text:
            places = np.flatnonzero(np.frombuffer(text, np.uint8)[: found.done] == 0)
            reasons.update(dict.fromkeys(_records_at(found, places), "a NUL character"))
        if text.isascii():
            return reasons
        reasons.update(dict.fromkeys(self._matches(SURROGATE, text, found), "half a character (a lone surrogate)"))
        if text.count(b"\xcc") + text.count(b"\xcd") > MOST_MARKS:
            reasons.update(dict.fromkeys(self._matches(MARKS, text, found), f"more than {MOST_MARKS} combining marks"))
        return reasons

    def _matches(self, pattern: re.Pattern[bytes], text: bytes, found: Split) -> list[int]:
        places = [match.start() for match in pattern.finditer(text, 0, found.done)]
        return _records_at(found, np.array(places, np.int64))

    def _unclosed(self, number: int) -> InputRefused:
        return InputRefused(
            f"{self.name}: a quote that opens in record {number} is never closed: where records end is unknown.",
            "Correct that record or export the file again; nothing was loaded.",
        )


def _records_at(found: Split, places: Positions) -> list[int]:
    positions: list[int] = np.unique(np.searchsorted(found.nexts, places, side="right")).tolist()
    return positions


def _raw(text: bytes, found: Split, i: int) -> str:
    start = int(found.begins[i])
    end = min(int(found.ends[i]), start + 4 * RAW_CAP)
    return text[start:end].decode("utf-8", errors="replace")[:RAW_CAP]


def _longest_field(record: bytes, separator: bytes) -> int:
    """The longest field in bytes, its quotes included."""
    data = np.frombuffer(record, np.uint8)
    outside = np.bitwise_xor.accumulate((data == 34).view(np.uint8)) == 0
    borders = np.flatnonzero((data == separator[0]) & outside)
    return int(np.diff(np.concatenate((np.array([-1]), borders, np.array([len(record)])))).max()) - 1


def _kept(text: bytes, found: Split, bad: Flags) -> bytes:
    """The text of the records without the bad ones."""
    if not bad.any():
        return text[: found.done]
    begins, ends, at = [], [], 0
    for i in np.flatnonzero(bad).tolist():
        begins.append(at)
        ends.append(int(found.begins[i]))
        at = int(found.nexts[i])
    parts = [text[b:e] for b, e in zip([*begins, at], [*ends, found.done], strict=True)]
    return b"".join(parts)
