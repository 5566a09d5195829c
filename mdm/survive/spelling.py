"""How a value is written: capitals throughout and texts cut off at a field's end lose to the fuller spelling."""

from __future__ import annotations

from typing import Final

import polars as pl

from mdm.survive.contributors import IntArray

WELL, ONE_CASE, CUT = range(3)

_SHORTEST_CUT: Final = 28
"""Fields of CRM and ERP systems end at 30, 35 or 40 characters; a shorter text that begins another is just shorter."""

_CAPITALS: Final = r"\p{Lu}{5}"
"""A word of five capitals is a habit of the keyboard; shorter ones may be the name itself, as in SAP or BASF."""


def spelling_ranks(customer: IntArray, values: pl.Series) -> IntArray:
    """WELL (0) for a value as people write it, ONE_CASE (1) for capitals or small letters throughout, CUT (2) for one
    that begins a longer value of the same customer and was long enough to be cut off there.

    Scripts without capitals are always written well.
    """
    frame = pl.DataFrame({"customer": customer, "value": values}).with_columns(
        begins=pl.col("value").str.to_lowercase(),
        place=pl.int_range(pl.len(), dtype=pl.Int64),
    )
    # In sorted order whatever stands between a text and its continuation begins with the text too, so the next
    # different text tells it.
    distinct = frame.select("customer", "begins").unique().sort("customer", "begins")
    following = pl.col("begins").shift(-1).over("customer")
    distinct = distinct.with_columns(
        cut=(pl.col("begins").str.len_chars() >= _SHORTEST_CUT)
        & following.str.starts_with(pl.col("begins")).fill_null(value=False)
    )
    has_small, has_capital = pl.col("value").str.contains(r"\p{Ll}"), pl.col("value").str.contains(r"\p{Lu}")
    one_case = (pl.col("value").str.contains(_CAPITALS) & ~has_small) | (has_small & ~has_capital)
    rank = pl.when("cut").then(CUT).when(one_case).then(ONE_CASE).otherwise(WELL).cast(pl.Int64)
    ranked = frame.join(distinct, on=["customer", "begins"], how="left", maintain_order="left")
    return ranked.select(rank).to_series().to_numpy()
