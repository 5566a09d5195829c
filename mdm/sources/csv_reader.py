"""Reads text tables (CSV): any separator, any declared encoding, every value exactly as it was written."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, cast

import polars as pl
import pyarrow as pa
from pyarrow import csv as arrow_csv

from mdm.errors import InputRefused
from mdm.rulebook.source import FileFormatRules
from mdm.sources.columns import checked_header
from mdm.sources.encodings import Undecodable, decoded, refuse_encoding, text_encoding
from mdm.sources.facts import READ_BLOCK, Batch, Found, nothing, places
from mdm.sources.fingerprint import Fingerprint, check_unchanged
from mdm.sources.gate import Gate, Passed
from mdm.sources.separators import checked_separator, separator_name, vote_on_separator
from mdm.sources.shape import check_odd_share
from mdm.sources.splitting import split

HEADER_CAP: Final = 4 * 1024 * 1024
"""Bytes within which the header must end."""

VOTE_BYTES: Final = 1024 * 1024
PARSE_BLOCK: Final = 2 * 1024 * 1024
HOPELESS: Final = 100_000
"""So many odd records, more than half of those read: the rest of the file need not be read to refuse it."""

LINE_END: Final = re.compile(rb"\r\n|\n|\r")


class CsvReader:
    """One CSV file. The gate counts its records; the parser must return as many as the gate let through."""

    def __init__(self, path: Path, rules: FileFormatRules, facts: Fingerprint) -> None:
        self._path = path
        self._facts = facts
        self._encoding, *notes = text_encoding(path, rules, facts)
        self._header_row = rules.header_row
        text = self._from_header()
        complete = facts.size < VOTE_BYTES
        vote = vote_on_separator(text[:VOTE_BYTES], final=complete)
        self._separator = checked_separator(rules.separator or vote.separator)
        notes += [] if rules.separator else [vote.note]
        self._likely = vote.separator if vote.fields > 1 else self._separator
        self.columns = self._header(text, final=complete)
        self._gate = Gate(path.name, self._separator, len(self.columns))
        self.found = Found("csv", self._encoding, self._separator, facts.size, facts.sha256, tuple(notes))

    @property
    def records(self) -> int:
        return self._gate.records

    def batches(self) -> Iterator[Batch]:
        """All records, in file order. Raises InputRefused for what the docstrings of Gate and decoded say."""
        texts = decoded(self._blocks(), self._encoding, self._facts.head)
        body, final = self._after_header(texts), False
        while not final:
            try:
                following = next(texts, None)
            except Undecodable as error:
                number = self._gate.records_before(body + error.before) + 1
                raise refuse_encoding(self._path, self._encoding, number, self._facts) from None
            final = following is None
            yield self._parsed(self._gate.feed(body, final=final))
            body = following or b""
            if self._gate.odd > HOPELESS and self._gate.odd * 2 > self._gate.records:
                break
        check_odd_share(self._path.name, self._gate.odd, self._gate.records, self._advice())
        if not self._gate.records:
            raise InputRefused(
                f"{self._path.name} has a header and no records.",
                "Export it again; an empty file is never taken to mean that everything was deleted.",
            )

    def _advice(self) -> str:
        used, likely = separator_name(self._separator), separator_name(self._likely)
        return f"read with the separator {used}" + ("" if used == likely else f"; it looks like {likely}")

    def _blocks(self) -> Iterator[bytes]:
        digest = hashlib.sha256()
        with self._path.open("rb") as stream:
            while block := stream.read(READ_BLOCK):
                digest.update(block)
                yield block
        check_unchanged(self._path, self._facts.sha256, digest.hexdigest())

    def _from_header(self) -> bytes:
        """The first block of the file as UTF-8, from the header on."""
        try:
            return self._below_banner(next(decoded(self._blocks(), self._encoding, self._facts.head), b""))
        except Undecodable as error:
            before = self._below_banner(error.before)
            number = vote_on_separator(before, final=False).records + 1
            raise refuse_encoding(self._path, self._encoding, number, self._facts) from None

    def _below_banner(self, text: bytes) -> bytes:
        for _ in range(self._header_row - 1):
            line_end = LINE_END.search(text)
            if line_end is None:
                raise InputRefused(
                    f"{self._path.name} has no line {self._header_row}.", "Check `header_row` in its format."
                )
            text = text[line_end.end() :]
        return text

    def _header(self, text: bytes, *, final: bool) -> tuple[str, ...]:
        found = split(text[:HEADER_CAP], self._separator.encode(), final=final or len(text) > HEADER_CAP)
        filled = (found.ends > found.begins).nonzero()[0]
        if not filled.size:
            raise InputRefused(f"{self._path.name} has no readable header.", "Check the quotes in its first line.")
        first = int(filled[0])
        self._header_end = int(found.nexts[first])
        line = text[int(found.begins[first]) : int(found.ends[first])].decode("utf-8", errors="replace")
        names = next(csv.reader(io.StringIO(line, newline=""), delimiter=self._separator), [])
        return checked_header(names, self._path.name)

    def _after_header(self, texts: Iterator[bytes]) -> bytes:
        return self._below_banner(next(texts, b""))[self._header_end :]

    def _parsed(self, passed: Passed) -> Batch:
        """The clean records as columns. Raises InputRefused when the parser finds another number than the gate."""
        numbers = pl.Series("record_number", passed.numbers, dtype=pl.Int64)
        frame = self._parse(passed) if passed.numbers.size else nothing(len(self.columns))
        if frame.height != numbers.len():
            raise InputRefused(
                f"{self._path.name}: {numbers.len()} records were counted and {frame.height} were read.",
                "Check the quotes near the end of the file; nothing was loaded.",
            )
        return Batch(frame, numbers, passed.faults)

    def _parse(self, passed: Passed) -> pl.DataFrame:
        names = places(len(self.columns))
        try:
            table = arrow_csv.read_csv(
                pa.BufferReader(passed.text),
                read_options=arrow_csv.ReadOptions(
                    column_names=names, block_size=max(PARSE_BLOCK, 2 * passed.longest + 2), use_threads=True
                ),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=self._separator, newlines_in_values=passed.quoted_breaks, ignore_empty_lines=True
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    strings_can_be_null=True,
                    quoted_strings_can_be_null=True,
                    null_values=[""],
                ),
            )
        except pa.ArrowInvalid:
            raise InputRefused(
                f"{self._path.name} could be split into records but not be read.", "Export it again with quotes."
            ) from None
        return cast("pl.DataFrame", pl.from_arrow(table))
