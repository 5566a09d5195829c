"""Which links were cut, and why: a steward always sees what a clustering did not follow."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from mdm.records import conform, empty
from mdm.resolve.limits import CUT, BoolArray, ClusterLimits, IntArray
from mdm.resolve.pairs import Pairs

_SIDES: Final = ["low", "high"]


def find_cuts(
    kept: Pairs, cluster: IntArray, cannot: pl.DataFrame, limits: ClusterLimits, capped: BoolArray
) -> pl.DataFrame:
    """The links (CUT) between different clusters, each with the first reason that holds.

    In this order: a do-not-match decision between the two clusters (the smallest of several is named), a guard of the
    rules, one record per duplicate-free system, a component too large to be refined, and at last that the cluster as
    a whole did not agree.
    """
    across = cluster[kept.left] != cluster[kept.right]
    if not across.any():
        return empty(CUT)
    cut = _by_clusters(kept.left[across], kept.right[across], cluster).with_columns(
        weight=kept.weight[across], capped=capped[kept.left[across]]
    )
    apart = _by_clusters(cannot["left"].to_numpy(), cannot["right"].to_numpy(), cluster)
    apart = apart.with_columns(cannot["decision_id"])
    apart = apart.group_by(_SIDES).agg(decision_id=pl.col("decision_id").min(), apart=pl.lit(True))
    shared = _shared_systems(cut.select(_SIDES).unique(), cluster, limits)
    reason = (
        pl.when(pl.col("decision_id").is_not_null())
        .then(pl.lit("do_not_match"))
        .when(pl.col("apart"))
        .then(pl.lit("guard"))
        .when(pl.col("shared"))
        .then(pl.lit("one_per_system"))
        .when(pl.col("capped"))
        .then(pl.lit("too_large"))
        .otherwise(pl.lit("average"))
    )
    joined = cut.join(apart, on=_SIDES, how="left").join(shared, on=_SIDES, how="left")
    return conform(joined.with_columns(reason=reason).sort("left", "right"), CUT, "cut")


def _by_clusters(left: IntArray, right: IntArray, cluster: IntArray) -> pl.DataFrame:
    a, b = cluster[left], cluster[right]
    return pl.DataFrame({"left": left, "right": right, "low": np.minimum(a, b), "high": np.maximum(a, b)})


def _shared_systems(sides: pl.DataFrame, cluster: IntArray, limits: ClusterLimits) -> pl.DataFrame:
    """Of the pairs of clusters those that both hold a record of one duplicate-free system."""
    if limits.duplicate_free is None:
        return sides.clear().with_columns(shared=pl.lit(True))
    single = np.flatnonzero(limits.duplicate_free >= 0)
    holds = pl.DataFrame({"cluster": cluster[single], "system": limits.duplicate_free[single]}).unique()
    return (
        sides.join(holds, left_on="low", right_on="cluster")
        .join(holds, left_on=["high", "system"], right_on=["cluster", "system"])
        .select(*_SIDES, shared=pl.lit(True))
        .unique()
    )
