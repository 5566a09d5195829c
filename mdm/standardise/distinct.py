"""Python functions over a column: called once for each distinct value."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl


def map_distinct(values: pl.Series, function: Callable[[str], str | None]) -> pl.Series:
    """The function of each value; null for null, and for what the function leaves empty."""
    distinct = values.drop_nulls().unique()
    table = pl.DataFrame(
        {"value": distinct, "key": pl.Series([function(v) or None for v in distinct.to_list()], dtype=pl.String)},
        schema={"value": pl.String, "key": pl.String},
    )
    return spread(values, table)["key"].rename(values.name)


def spread(values: pl.Series, table: pl.DataFrame) -> pl.DataFrame:
    """The row of `table` for each value, found by its column `value`, in the order of the values."""
    return values.rename("value").to_frame().join(table, on="value", how="left", maintain_order="left")


def lists_of(rid: pl.Series, values: pl.DataFrame) -> pl.Series:
    """One sorted list of distinct values a rid, empty where there is none; `values` has the columns rid and value."""
    grouped = (
        values.drop_nulls().unique().sort("rid", "value").group_by("rid", maintain_order=True).agg(pl.col("value"))
    )
    joined = rid.to_frame("rid").join(grouped, on="rid", how="left", maintain_order="left")
    return joined.select(pl.col("value").fill_null(pl.lit([], dtype=pl.List(pl.String)))).to_series()
