"""Reads some columns of what was landed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import polars as pl
import pyarrow as pa
from pyarrow import parquet as arrow_parquet

from mdm.errors import InputRefused
from mdm.sources.columns import check_present
from mdm.sources.facts import Landed


def read_columns(landed: Landed, columns: Sequence[str]) -> pl.DataFrame:
    """system, key, row_hash and the named original columns, in the order of the index.

    Names are taken literally. A column of the file that is itself called system, key or row_hash cannot be told from
    the index and is refused; so is a name that was not landed.
    """
    wanted = list(dict.fromkeys(columns))
    check_present(wanted, landed.columns, landed.system)
    head = landed.index.select("system", "key", "row_hash")
    taken = [name for name in wanted if name in head.columns]
    if taken:
        raise InputRefused(f"Column {taken[0]} of {landed.system} has a name of our own.", "Rename it in the export.")
    if not wanted:
        return head
    with pa.OSFile(str(landed.parquet)) as source, arrow_parquet.ParquetFile(source) as file:
        at = [landed.columns.index(name) for name in wanted]
        table = file.read_row_groups(range(file.num_row_groups), columns=wanted) if at else None
    frame = cast("pl.DataFrame", pl.from_arrow(table)).select(pl.all())
    return head.hstack([frame.get_column(name) for name in wanted])
