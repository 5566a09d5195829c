"""Reads Parquet files: every value becomes the text a person would write for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, cast

import polars as pl
import pyarrow as pa
from pyarrow import parquet as arrow_parquet

from mdm.errors import InputRefused
from mdm.rulebook.source import FileFormatRules
from mdm.sources.cells import sift
from mdm.sources.columns import checked_header
from mdm.sources.facts import Batch, Found, places
from mdm.sources.fingerprint import Fingerprint, check_unchanged, sha256_of

ROWS_AT_A_TIME: Final = 50_000

LARGEST_WHOLE: Final = 1e15
"""Up to here a float holds every whole number, and its digits are those that were meant."""


class ParquetReader:
    """One Parquet file. Its footer says how many records there are; exactly as many must be read."""

    def __init__(self, path: Path, rules: FileFormatRules, facts: Fingerprint) -> None:  # noqa: ARG002 -- one signature for all readers
        self._path = path
        self._file = _opened(path)
        self.columns = checked_header(self._file.schema_arrow.names, path.name)
        self.records = int(self._file.metadata.num_rows)
        self.found = Found("parquet", None, None, facts.size, facts.sha256)
        if not self.records:
            raise InputRefused(f"{path.name} has columns and no records.", "Export it again; nothing was deleted.")

    def batches(self) -> Iterator[Batch]:
        """All records in file order. Raises InputRefused when a part of the file cannot be read."""
        number = 1
        try:
            for piece in self._file.iter_batches(batch_size=ROWS_AT_A_TIME):
                yield sift(
                    self._as_text(piece), pl.int_range(number, number + piece.num_rows, eager=True), self.columns
                )
                number += piece.num_rows
        except (pa.ArrowException, OSError):
            raise _damaged(self._path) from None
        finally:
            self._file.close()
        check_unchanged(self._path, self.found.sha256, sha256_of(self._path))

    def _as_text(self, piece: pa.RecordBatch) -> pl.DataFrame:
        frame = cast("pl.DataFrame", pl.from_arrow(piece.rename_columns(places(len(self.columns)))))
        return frame.select(as_text(frame[place]) for place in frame.columns)


def as_text(values: pl.Series) -> pl.Series:
    """The values as text: dates and times in ISO form, bytes as UTF-8, lists and structs as JSON, empty as null."""
    kind = values.dtype
    if isinstance(kind, pl.Datetime):
        text = values.dt.to_string("iso:strict").str.replace(r"\.0+(\D|$)", "$1")
    elif kind.is_float():
        text = _decimals(values)
    elif isinstance(kind, pl.Binary):
        text = values.cast(pl.String, strict=False)
    elif isinstance(kind, pl.Struct):
        text = values.struct.json_encode()
    elif isinstance(kind, pl.List | pl.Array):
        text = values.to_frame("v").select(pl.struct("v").struct.json_encode().str.slice(5).str.head(-1)).to_series()
        text = text.zip_with(values.is_not_null(), pl.Series([None], dtype=pl.String))
    else:
        text = values.cast(pl.String)
    return text.replace("", None).alias(values.name)


def _decimals(values: pl.Series) -> pl.Series:
    """Numbers as text, whole ones without a decimal point: a key that became a float is 12345 again, not 12345.0."""
    whole = values.is_finite() & (values == values.round(0)) & (values.abs() < LARGEST_WHOLE)
    return pl.select(
        pl.when(whole).then(values.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(values.cast(pl.String))
    ).to_series()


def _opened(path: Path) -> arrow_parquet.ParquetFile:
    with path.open("rb") as stream:
        stream.seek(-4, 2)
        if stream.read() != b"PAR1":
            raise InputRefused(
                f"{path.name} is incomplete: the end of the Parquet file is missing.", "Copy or export it again."
            )
    try:
        return arrow_parquet.ParquetFile(pa.OSFile(str(path)))
    except (pa.ArrowException, OSError):
        raise _damaged(path) from None


def _damaged(path: Path) -> InputRefused:
    return InputRefused(f"{path.name} is damaged: a part of it cannot be read.", "Copy or export it again.")
