"""Where each record of a CSV text begins and ends, and how many fields it has: our own count, beside the parser's.

Quotes follow RFC 4180, with one tolerance every spreadsheet shares: a quote inside an unquoted field is an ordinary
character (`Rohr 5" DN`). Text after a closing quote makes a record malformed. LF, CRLF and CR end a record.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

Positions = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LF: Final = 10
CR: Final = 13
QUOTE: Final = 34


@dataclass(frozen=True, slots=True)
class Split:
    """The complete records of a text: begin, end without and with the line end, number of fields, malformed or not.

    `done` is where the first incomplete record begins. `quoted_breaks`: some field holds a line break.
    """

    begins: Positions
    ends: Positions
    nexts: Positions
    fields: Positions
    malformed: Flags
    done: int
    quoted_breaks: bool


def split(text: bytes, separator: bytes, *, final: bool) -> Split:
    """The records of `text`, UTF-8 that begins at a record; `final` says that nothing follows it.

    A record without a line end counts only when `final`, and then only when no quote is open.
    """
    data = np.frombuffer(text, np.uint8)
    quotes = np.flatnonzero(data == QUOTE) if QUOTE in text else np.empty(0, np.int64)
    if quotes.size and not _quotes_are_regular(data, quotes, separator[0]):
        return _split_slowly(text, separator, final=final)
    outside = _outside(data, quotes)
    nexts = _record_nexts(text, data, outside, final=final)
    closed = len(quotes) % 2 == 0
    if final and closed and len(text) > (nexts[-1] if nexts.size else 0):
        nexts = np.append(nexts, len(text))
    begins = np.concatenate((np.zeros(1, np.int64), nexts[:-1])) if nexts.size else nexts
    marks = np.flatnonzero((data == separator[0]) & outside) if quotes.size else np.flatnonzero(data == separator[0])
    fields = np.diff(np.searchsorted(marks, np.concatenate((begins[:1], nexts)))) + 1 if nexts.size else nexts
    breaks = bool(quotes.size and (((data == LF) | (data == CR)) & ~outside).any())
    done = int(nexts[-1]) if nexts.size else 0
    return Split(
        begins, _content_ends(data, begins, nexts), nexts, fields, np.zeros(nexts.size, np.bool_), done, breaks
    )


def _outside(data: npt.NDArray[np.uint8], quotes: Positions) -> Flags:
    """For each byte whether an even number of quotes stands up to it."""
    if not quotes.size:
        return np.ones(data.size, np.bool_)
    outside: Flags = np.bitwise_xor.accumulate((data == QUOTE).view(np.uint8)) == 0
    return outside


def _quotes_are_regular(data: npt.NDArray[np.uint8], quotes: Positions, separator: int) -> bool:
    """Whether every quote opens after a border of a field, closes before one, or is doubled."""
    opening, closing = quotes[0::2], quotes[1::2]
    before = data[np.maximum(opening - 1, 0)]
    opens_well = (opening == 0) | (before == separator) | (before == LF) | (before == CR)
    opens_well[1:] |= opening[1:] == closing[: opening.size - 1] + 1
    if not opens_well.all():
        return False
    at_end = closing == data.size - 1
    after = data[np.minimum(closing + 1, data.size - 1)]
    closes_well = (after == separator) | (after == LF) | (after == CR) | (after == QUOTE) | at_end
    return bool(closes_well.all())


def _record_nexts(text: bytes, data: npt.NDArray[np.uint8], outside: Flags, *, final: bool) -> Positions:
    """Where the byte after each line end outside quotes stands; a CR at the very end waits for a possible LF."""
    ends = (data == LF) & outside
    if CR in text:
        bare = (data == CR) & outside
        bare[:-1] &= data[1:] != LF
        if not final:
            bare[-1] = False
        ends |= bare
    return np.flatnonzero(ends) + 1


def _content_ends(data: npt.NDArray[np.uint8], begins: Positions, nexts: Positions) -> Positions:
    """The ends of the records without LF, CRLF or CR."""
    if not nexts.size:
        return nexts
    last = data[nexts - 1]
    ends = nexts - ((last == LF) | (last == CR))
    before = data[np.maximum(ends - 1, 0)]
    stripped: Positions = ends - ((last == LF) & (before == CR) & (ends > begins))
    return stripped


@lru_cache(maxsize=16)
def _patterns(separator: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes], re.Pattern[bytes]]:
    """A well-formed record, a record with text after a closing quote, and a quoted field."""
    mark = re.escape(separator)
    quoted = rb'"(?:[^"]++|"")*+"'
    bare = rb'[^"' + mark + rb"\r\n][^" + mark + rb"\r\n]*+"
    line_end = rb"(\r\n|\n|\r|\Z)"
    strict = rb"(?:" + quoted + rb"|" + bare + rb")?+"
    loose = rb"(?:" + quoted + rb"[^" + mark + rb"\r\n]*+|" + bare + rb")?+"
    whole = [re.compile(f + rb"(?:" + mark + f + rb")*+" + line_end) for f in (strict, loose)]
    return whole[0], whole[1], re.compile(rb"(?:\A|(?<=" + mark + rb"))" + quoted)


def _split_slowly(text: bytes, separator: bytes, *, final: bool) -> Split:
    """The same for a text in which some quotes are not regular: exact, one record after the other."""
    strict, loose, quoted = _patterns(separator)
    rows: list[tuple[int, int, int, int, bool]] = []
    at, breaks = 0, False
    while at < len(text):
        match = strict.match(text, at)
        malformed = match is None
        match = match or loose.match(text, at)
        if match is None or (not final and (match.end() == len(text) and match[1] != b"\n" and match[1] != b"\r\n")):
            break
        record = text[at : match.start(1)]
        bare = quoted.sub(b"", record) if b'"' in record else record
        breaks = breaks or b"\n" in record or b"\r" in record
        rows.append((at, match.start(1), match.end(), bare.count(separator) + 1, malformed))
        at = match.end()
    columns = np.array([row[:4] for row in rows], np.int64).reshape(-1, 4)
    malformed_rows = np.array([row[4] for row in rows], np.bool_)
    return Split(columns[:, 0], columns[:, 1], columns[:, 2], columns[:, 3], malformed_rows, at, breaks)
