"""Reads text of fixed columns and the lists of SAP's SE16: what stands between two places, or between two bars."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from mdm.errors import InputRefused
from mdm.rulebook.source import FileFormatRules
from mdm.sources.cells import sift
from mdm.sources.columns import checked_header
from mdm.sources.encodings import Undecodable, decoded, refuse_encoding, text_encoding
from mdm.sources.facts import READ_BLOCK, Batch, Fault, Found, places
from mdm.sources.fingerprint import Fingerprint, check_unchanged
from mdm.sources.shape import check_odd_share

BAR: Final = "|"
RULER: Final = re.compile(r"[\s|+=-]*")
"""A line that only draws: of dashes, bars and blanks."""

LINES: Final = 50_000
LINE_END: Final = re.compile(r"\r\n|\n|\r")


class FixedReader:
    """Lines cut at the places of `fixed` in the rules: for each column the first and the one behind its last."""

    type = "fixed"

    def __init__(self, path: Path, rules: FileFormatRules, facts: Fingerprint) -> None:
        self._path, self._facts = path, facts
        self._encoding, *notes = text_encoding(path, rules, facts)
        self._skip = rules.header_row - 1
        self._cuts = list(rules.fixed.values())
        self.records, self._odd = 0, 0
        self.columns = self._header(rules)
        self.found = Found(self.type, self._encoding, None, facts.size, facts.sha256, tuple(notes))

    def batches(self) -> Iterator[Batch]:
        """All records in file order. Raises InputRefused for a file that is cut off, changed, or of another shape."""
        taken: list[list[str]] = []
        numbers: list[int] = []
        faults: list[Fault] = []
        for line in self._records():
            self.records += 1
            cells = self._cells(line)
            if isinstance(cells, str):
                self._odd += 1
                faults.append(Fault(self.records, None, cells, line[:2_000]))
            else:
                taken.append(cells)
                numbers.append(self.records)
            if len(taken) + len(faults) >= LINES:
                yield self._batch(taken, numbers, faults)
                taken, numbers, faults = [], [], []
        if taken or faults:
            yield self._batch(taken, numbers, faults)
        check_odd_share(self._path.name, self._odd, self.records, f"read as {self.type}")
        if not self.records:
            raise InputRefused(f"{self._path.name} has no records.", "Export it again; nothing was deleted.")

    def _header(self, rules: FileFormatRules) -> tuple[str, ...]:
        return checked_header(list(rules.fixed), self._path.name)

    def _records(self) -> Iterator[str]:
        """The lines with records: not those above them, and none that is blank."""
        for number, line in enumerate(self._lines()):
            if number >= self._skip and line.strip():
                yield line

    def _cells(self, line: str) -> list[str] | str:
        """The cells of a line, or why there are none. Blanks at its end may be missing."""
        length, last = len(line.rstrip()), max(end for _, end in self._cuts)
        if length > last:
            return f"the line has {length} characters where the last column ends at {last}"
        return [line[begin:end].strip() for begin, end in self._cuts]

    def _batch(self, taken: list[list[str]], numbers: list[int], faults: list[Fault]) -> Batch:
        names = places(len(self.columns))
        frame = pl.DataFrame(taken, schema=dict.fromkeys(names, pl.String()), orient="row")
        frame = frame.with_columns(pl.all().replace("", None))
        clean = sift(frame, pl.Series("record_number", numbers, dtype=pl.Int64), self.columns)
        return Batch(clean.frame, clean.numbers, (*clean.faults, *faults))

    def _lines(self) -> Iterator[str]:
        """The lines of the file as text. Raises InputRefused for a byte that is not of its encoding."""
        rest, number = "", 0
        texts = decoded(self._blocks(), self._encoding, self._facts.head)
        while True:
            try:
                text = next(texts, None)
            except Undecodable as error:
                before = number + len(LINE_END.findall(rest + error.before.decode("utf-8", "replace")))
                raise refuse_encoding(self._path, self._encoding, before + 1, self._facts) from None
            if text is None:
                break
            *whole, rest = LINE_END.split(rest + text.decode("utf-8", "surrogatepass"))
            number += len(whole)
            yield from whole
        if rest:
            yield rest

    def _blocks(self) -> Iterator[bytes]:
        digest = hashlib.sha256()
        with self._path.open("rb") as stream:
            while block := stream.read(READ_BLOCK):
                digest.update(block)
                yield block
        check_unchanged(self._path, self._facts.sha256, digest.hexdigest())


class Se16Reader(FixedReader):
    """A list as SE16 saves it: bars between the cells, the names in the first line with bars, rulers of dashes."""

    type = "se16"

    def _header(self, rules: FileFormatRules) -> tuple[str, ...]:  # noqa: ARG002 - the names stand in the file
        line = next(self._barred(), "")
        names = [name.strip() for name in line.split(BAR)[1:-1]]
        self._named = [at for at, name in enumerate(names) if name]
        self._width, self._heading = len(names), line.strip()
        if not self._named:
            raise InputRefused(f"{self._path.name} is no list of SE16: no line has names between bars.", "Export anew.")
        return checked_header([names[at] for at in self._named], self._path.name)

    def _barred(self) -> Iterator[str]:
        return (line for line in self._lines() if line.lstrip().startswith(BAR) and not RULER.fullmatch(line))

    def _records(self) -> Iterator[str]:
        """The lines below the names; these stand again at the head of every page."""
        below = False
        for line in self._lines():
            if line.strip() == self._heading:
                below = True
            elif below and not RULER.fullmatch(line):
                yield line

    def _cells(self, line: str) -> list[str] | str:
        text = line.strip()
        if not (text.startswith(BAR) and text.endswith(BAR) and len(text) > 1):
            return "the line does not begin and end with a bar"
        cells = text.split(BAR)[1:-1]
        if len(cells) != self._width:
            return f"{len(cells)} cells where the header has {self._width}; a value may hold a bar"
        return [cells[at].strip() for at in self._named]
