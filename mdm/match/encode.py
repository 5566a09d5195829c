"""Standard records as arrays of whole numbers, so that a million pairs are compared in a handful of vector operations.

Every text value becomes its rank among the sorted distinct values; -1 means missing. Lists become rows of a fixed
width, padded with -1. Nothing here depends on the order of rows: ranks follow code points, widths keep the rarest
values first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

MISSING: Final = -1
BITS: Final = 1000
"""Information is counted in thousandths of a bit, as whole numbers."""

NAME_WIDTH: Final = 10
LIST_WIDTH: Final = 4


@dataclass(frozen=True, slots=True)
class Column:
    """One value a record: `codes[rid]` is a rank into `values`, `counts[code]` says how many records hold it."""

    codes: Ints
    values: pl.Series
    counts: Longs


@dataclass(frozen=True, slots=True)
class Lists:
    """Several values a record: `codes[rid]` is a row of ranks, rarest first, padded with -1.

    `bits` is how surprising each value is: log2(records / holders), in thousandths of a bit.
    """

    codes: Ints
    values: pl.Series
    counts: Longs
    bits: Longs


def surprise(counts: Longs, records: int) -> Longs:
    """log2(records / count) in thousandths of a bit, never below zero; a count of zero reads as one."""
    share = np.log2(max(records, 2) / np.maximum(counts, 1))
    return np.asarray(np.maximum(np.rint(share * BITS), 0), dtype=np.int64)


def encode_column(values: pl.Series) -> Column:
    """Ranks of one text column; null and empty are -1."""
    clean = values.replace("", None)
    known = clean.drop_nulls().unique().sort()
    codes = clean.to_frame("v").join(
        known.to_frame("v").with_row_index("code"), on="v", how="left", maintain_order="left"
    )["code"]
    array = codes.cast(pl.Int32).fill_null(MISSING).to_numpy().astype(np.int32)
    counts = np.bincount(array[array >= 0], minlength=len(known)).astype(np.int64)
    return Column(array, known, counts)


def encode_within(values: pl.Series, known: pl.Series) -> Column:
    """Ranks of one text column among values that are known from elsewhere; -1 where a value is none of them."""
    frame = values.to_frame("v").join(
        known.to_frame("v").with_row_index("code"), on="v", how="left", maintain_order="left"
    )
    array = frame["code"].cast(pl.Int32).fill_null(MISSING).to_numpy().astype(np.int32)
    counts = np.bincount(array[array >= 0], minlength=len(known)).astype(np.int64)
    return Column(array, known, counts)


def encode_lists(values: pl.Series, *, width: int = LIST_WIDTH) -> Lists:
    """Ranks of a list column; repeats within a record count once, at most `width` values are kept, rarest first."""
    long = (
        pl.DataFrame({"rid": pl.int_range(0, len(values), dtype=pl.Int32, eager=True), "v": values})
        .explode("v", empty_as_null=True, keep_nulls=True)
        .filter(pl.col("v").is_not_null() & (pl.col("v") != ""))
        .unique()
    )
    known = long["v"].unique().sort()
    coded = long.join(known.to_frame("v").with_row_index("code"), on="v").select("rid", pl.col("code").cast(pl.Int32))
    counts = np.bincount(coded["code"].to_numpy(), minlength=len(known)).astype(np.int64)
    order = (
        coded.with_columns(count=pl.Series(counts)[coded["code"]])
        .sort("rid", "count", "code")
        .with_columns(place=pl.int_range(pl.len()).over("rid"))
        .filter(pl.col("place") < width)
    )
    rows = np.full((len(values), width), MISSING, dtype=np.int32)
    rows[order["rid"].to_numpy(), order["place"].to_numpy()] = order["code"].to_numpy()
    return Lists(rows, known, counts, surprise(counts, len(values)))
