"""Each source's records with every column as it came, and the master id beside them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow as pa
from pyarrow import parquet

from mdm.sources import Landed


def write_carried(landed: Landed, crosswalk: pl.DataFrame, into: Path) -> Path:
    """`into`/SYSTEM.parquet: all original columns untouched, and MASTER_ID as the last one; a row group at a time."""
    into.mkdir(parents=True, exist_ok=True)
    mine = crosswalk.filter(pl.col("system") == landed.system).select("key", "master_id")
    ids = landed.index.select("key").join(mine, on="key", how="left", maintain_order="left")["master_id"].to_arrow()
    name = "MASTER_ID"
    while name in landed.columns:
        name = f"_{name}"
    path = into / f"{landed.system}.parquet"
    with parquet.ParquetFile(landed.parquet) as file:
        schema = file.schema_arrow.append(pa.field(name, pa.large_string()))
        with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
            at = 0
            for group in range(file.num_row_groups):
                table = file.read_row_group(group)
                part = ids.slice(at, table.num_rows).cast(pa.large_string())
                writer.write_table(table.append_column(name, part).cast(schema))
                at += table.num_rows
    return path
