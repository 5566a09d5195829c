"""The Parquet of one system while it is written: nothing stands under its final name before all of it is checked."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, cast

import polars as pl
import pyarrow as pa
from pyarrow import parquet as arrow_parquet

from mdm.records import LANDED, conform
from mdm.sources.cells import raw_text
from mdm.sources.facts import Fault, places
from mdm.sources.keys import CLASH, EMPTY, LOAD, verdicts

ROWS_TO_GATHER: Final = 50_000
REASONS: Final = {EMPTY: "the key is empty", CLASH: "the key stands twice, with different content"}


class Staging:
    """Takes a system's records; `finish` keeps those that can be loaded and tells about the others."""

    def __init__(self, system: str, into: Path, columns: Sequence[str], key_columns: Sequence[str]) -> None:
        self.system = system
        self.path = into / f"{_file_stem(system)}.parquet"
        self.rows = 0
        self._part = self.path.with_suffix(".part")
        self._columns = list(columns)
        self._key = "+".join(key_columns)
        self._waiting: list[pl.DataFrame] = []
        self._index: list[pl.DataFrame] = []
        self._writer: arrow_parquet.ParquetWriter | None = None

    def add(self, frame: pl.DataFrame, index: pl.DataFrame) -> None:
        """Take records (columns by place) with their index rows (key, row_hash, record_number)."""
        self.rows += frame.height
        self._index.append(index)
        self._waiting.append(frame)
        if sum(piece.height for piece in self._waiting) >= ROWS_TO_GATHER:
            self._write()

    def finish(self) -> tuple[pl.DataFrame, tuple[Fault, ...], int]:
        """The LANDED index, the records set aside because of their key, and the number of unchanged copies.

        When nothing can be loaded at all, the caller refuses the file, and the reasons are not gathered.
        """
        self._write()
        self._close()
        index = pl.concat(self._index)
        verdict = verdicts(index)
        faults: tuple[Fault, ...] = ()
        if (verdict != LOAD).any() and (verdict == LOAD).any():
            faults = self._rewrite(index, verdict)
        copies = int((verdict == "copy").sum())
        loaded = index.filter(verdict == LOAD).with_columns(pl.lit(self.system).alias("system"))
        return conform(loaded, LANDED, "landed"), faults, copies

    def publish(self) -> Path:
        """Give the file its final name."""
        os.replace(self._part, self.path)  # noqa: PTH105 -- atomic, also over an older landing
        return self.path

    def discard(self) -> None:
        """Remove what was not published."""
        self._close()
        self._part.unlink(missing_ok=True)

    def _write(self) -> None:
        if not self._waiting:
            return
        whole = pl.concat(self._waiting)
        self._waiting = []
        if self._writer is None:
            self._writer = self._new_writer(self._part)
        self._writer.write_table(self._table(whole))

    def _close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _new_writer(self, path: Path) -> arrow_parquet.ParquetWriter:
        schema = pa.schema([(name, pa.large_string()) for name in self._columns])
        return arrow_parquet.ParquetWriter(pa.OSFile(str(path), "wb"), schema, compression="zstd", compression_level=1)

    def _table(self, frame: pl.DataFrame) -> pa.Table:
        return frame.to_arrow(compat_level=pl.CompatLevel.oldest()).rename_columns(self._columns)

    def _rewrite(self, index: pl.DataFrame, verdict: pl.Series) -> tuple[Fault, ...]:
        """Leave out all records that are not loaded, and describe those that are set aside."""
        faults: list[Fault] = []
        clean = self._part.with_suffix(".clean")
        with self._new_writer(clean) as writer:
            for at, frame in _pieces(self._part, len(self._columns)):
                here = verdict.slice(at, frame.height)
                writer.write_table(self._table(frame.filter(here == LOAD)))
                for row in here.is_in(list(REASONS)).arg_true().to_list():
                    key, number = index.select("key", "record_number").row(at + row)
                    raw = raw_text(frame.row(row), self._columns)
                    faults.append(Fault(number, self._key, REASONS[here[row]], raw, key))
        os.replace(clean, self._part)  # noqa: PTH105 -- atomic
        return tuple(faults)


def _pieces(path: Path, columns: int) -> Iterator[tuple[int, pl.DataFrame]]:
    """The row groups of a Parquet, each with the position of its first row."""
    with pa.OSFile(str(path)) as source, arrow_parquet.ParquetFile(source) as file:
        at = 0
        for group in range(file.num_row_groups):
            table = file.read_row_group(group).rename_columns(places(columns))
            yield at, cast("pl.DataFrame", pl.from_arrow(table))
            at += table.num_rows


def _file_stem(system: str) -> str:
    """A file name of letters and digits only, different for every system: other signs are patterns to some readers."""
    letters = "".join(sign for sign in system if sign.isascii() and sign.isalnum())[:40]
    return f"{letters}{hashlib.sha256(system.encode()).hexdigest()[:8]}"
