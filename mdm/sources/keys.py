"""Record keys: how they are made, and which records cannot be loaded because of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

KEY_JOINER: Final = "|"

LOAD: Final = "load"
COPY: Final = "copy"
EMPTY: Final = "empty"
CLASH: Final = "clash"


def record_keys(frame: pl.DataFrame, key_places: Sequence[str]) -> pl.Series:
    """The key of each record, without blanks around its parts; null when a part is missing."""
    parts = [pl.col(place).str.strip_chars().replace("", None) for place in key_places]
    return frame.select(pl.concat_str(parts, separator=KEY_JOINER).alias("key")).to_series()


def verdicts(index: pl.DataFrame) -> pl.Series:
    """For each record of (key, row_hash, record_number) what becomes of it.

    `load`; `copy`: the same key and content came before; `clash`: the same key came with other content, so that none
    of them can be trusted; `empty`: it has no key.
    """
    plain = index.select(pl.when(pl.col("key").is_null()).then(pl.lit(EMPTY)).otherwise(pl.lit(LOAD)).alias("verdict"))
    at = pl.int_range(index.height, eager=True, dtype=pl.UInt32).alias("at")
    keyed = index.with_columns(at).filter(pl.col("key").is_not_null())
    repeated = keyed.filter(pl.col("key").is_duplicated())
    if repeated.is_empty():
        return plain.to_series()
    judged = repeated.select(
        "at",
        pl.when(pl.col("row_hash").n_unique().over("key") > 1)
        .then(pl.lit(CLASH))
        .when(pl.col("record_number") == pl.col("record_number").min().over("key"))
        .then(pl.lit(LOAD))
        .otherwise(pl.lit(COPY))
        .alias("verdict"),
    )
    return plain.to_series().scatter(judged["at"], judged["verdict"])
