"""A number that names no country is that of the only country in which anybody has it.

One system knows its customers' countries and another does not; without this their equal numbers would never meet.
"""

from __future__ import annotations

import polars as pl

COUNTRYLESS = r"^[a-z]+::(.+)$"
WITH_COUNTRY = r"^[a-z]+:[A-Z]{2}:(?:[a-z]+:)?(.+)$"
SCHEME = r"^([a-z]+):"


def with_countries(identifiers: pl.Series) -> pl.Series:
    """The lists of numbers with each `tax::VALUE` as `tax:CC:VALUE` where just one such number occurs among all."""
    lists = identifiers.to_frame("numbers").with_row_index("row")
    long = lists.explode("numbers", empty_as_null=True, keep_nulls=True)
    distinct = long.select("numbers").drop_nulls().unique().with_columns(scheme=pl.col("numbers").str.extract(SCHEME))
    bare = distinct.with_columns(value=pl.col("numbers").str.extract(COUNTRYLESS)).drop_nulls("value")
    if bare.is_empty():
        return identifiers
    known = distinct.with_columns(value=pl.col("numbers").str.extract(WITH_COUNTRY)).drop_nulls("value")
    only = known.group_by("scheme", "value").agg(pl.col("numbers").first().alias("whole"), pl.len().alias("kinds"))
    named = bare.join(only.filter(pl.col("kinds") == 1), on=["scheme", "value"]).select("numbers", "whole")
    whole = long.join(named, on="numbers", how="left", maintain_order="left")
    told = whole.select("row", numbers=pl.coalesce("whole", "numbers"))
    return (
        told.group_by("row", maintain_order=True)
        .agg("numbers")
        .select(numbers=pl.col("numbers").list.drop_nulls())["numbers"]
        .alias(identifiers.name)
    )
