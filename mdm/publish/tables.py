"""Writes result tables for people and machines: CSV, Parquet and Excel, whole or not at all, the same bytes each time.

Parquet carries every byte as it is. Excel types every text as text, which no spreadsheet runs. CSV has no types, so
text that looks like a formula gets an apostrophe before it; key columns only where a cell is dangerous (decision 0070).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import polars as pl
import polars.selectors as cs

from mdm.publish.atomic import replacing
from mdm.publish.guard import guard_key, guard_text
from mdm.publish.workbook import write_workbook

if TYPE_CHECKING:
    from pathlib import Path

TableFormat = Literal["csv", "parquet", "excel"]

KEY_COLUMNS: Final = frozenset(
    {"system", "key", "source_system", "source_key", "row_hash", "master_id", "parent_key", "cluster", "keep", "merge"}
    | {f"{name}_{side}" for name in ("system", "key", "master_id") for side in "lr"}
)
"""Columns that join back to a source or to another of our tables; a file of ours must not change them lightly."""

LIST_SEPARATOR: Final = " | "


def write_table(frame: pl.DataFrame, path: Path, *, format: TableFormat) -> Path:  # noqa: A002 - the word users know
    r"""Write a table to `path` and return it. The order of rows and columns is the frame's own.

    CSV is UTF-8 with `,` and `\n`; every text is quoted, lists are joined by ` | `. A workbook goes on with a further
    sheet after 1,048,575 rows. Raises SettingsInvalid where nothing can be written.
    """
    with replacing(path) as part:
        if format == "parquet":
            frame.write_parquet(part, compression="zstd", row_group_size=262_144)
        elif format == "excel":
            write_workbook(flat(frame), part, sheet=path.stem)
        else:
            write_quoted(guarded(frame), part)
    return path


def write_quoted(frame: pl.DataFrame, path: Path) -> None:
    """Write a flat table as CSV with every text quoted, as it is: what must be guarded is guarded before."""
    frame.write_csv(path, quote_style="non_numeric", line_terminator="\n", separator=",")


def flat(frame: pl.DataFrame) -> pl.DataFrame:
    """The table with text, numbers and truth values only: lists joined, other types as text, endless numbers empty."""
    lists = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
    joined = frame.with_columns(
        pl.col(name).cast(pl.List(pl.String)).list.join(LIST_SEPARATOR, ignore_nulls=True) for name in lists
    )
    finite = joined.with_columns(pl.when(cs.float().is_finite()).then(cs.float()))
    return finite.with_columns((~cs.numeric() & ~cs.boolean()).cast(pl.String))


def guarded(frame: pl.DataFrame) -> pl.DataFrame:
    """The table as it may stand in a CSV: flat, and without a cell that a spreadsheet would run."""
    frame = flat(frame)
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    cells = frame.with_columns(guard_key(pl.col(n)) if n in KEY_COLUMNS else guard_text(pl.col(n)) for n in texts)
    return cells.rename(dict(zip(frame.columns, _guarded_names(frame.columns), strict=True)))


def _guarded_names(names: list[str]) -> list[str]:
    return pl.select(guard_text(pl.lit(pl.Series(names, dtype=pl.String)))).to_series().to_list()
