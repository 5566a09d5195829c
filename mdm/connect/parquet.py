"""All-text Parquet files of a connected system: written beside their name, read piece by piece."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast

import polars as pl
import pyarrow as pa
from pyarrow import parquet as arrow_parquet

ROWS: Final = 50_000


def none_of(columns: Sequence[str]) -> pl.DataFrame:
    """A frame of text columns without rows."""
    return pl.DataFrame(schema=dict.fromkeys(columns, pl.String()))


def read_parts(path: Path) -> Iterator[pl.DataFrame]:
    """A file in frames of 50,000 rows; nothing where there is none."""
    if not path.exists():
        return
    with pa.OSFile(str(path)) as file, arrow_parquet.ParquetFile(file) as parquet:
        for batch in parquet.iter_batches(batch_size=ROWS):
            yield cast("pl.DataFrame", pl.from_arrow(batch))


@contextmanager
def writing(path: Path, columns: Sequence[str]) -> Iterator[Callable[[pl.DataFrame], int]]:
    """Gives a function that writes a frame and tells its height; the file gets its name when all lies on the disk."""
    part = path.with_suffix(".part")
    schema = pa.schema([(name, pa.large_string()) for name in columns])
    writer: Any = arrow_parquet.ParquetWriter(str(part), schema, compression="zstd", compression_level=1)

    def put(frame: pl.DataFrame) -> int:
        if frame.height:
            writer.write_table(frame.select(columns).to_arrow(compat_level=pl.CompatLevel.oldest()).cast(schema))
        return frame.height

    try:
        yield put
    except BaseException:
        writer.close()
        part.unlink(missing_ok=True)
        raise
    writer.close()
    settle(part, path)


def settle(part: Path, path: Path) -> None:
    """Give a finished file its name, after all of it lies on the disk."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(part, path)  # noqa: PTH105 -- atomic
