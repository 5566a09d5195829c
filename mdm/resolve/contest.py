"""Which cluster keeps which of yesterday's ids, where more than one could."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import polars as pl

from mdm.resolve.limits import IntArray

IdPolicy = Literal["overlap", "oldest"]

_NEAREST: Final = {"overlap": ("minus_shared", "master"), "oldest": ("master", "minus_shared")}
"""After pins: the id that shares most records with the cluster, or the oldest one; the other decides ties."""


def keep_ids(shared: pl.DataFrame, pinned: pl.DataFrame, clusters: int, policy: IdPolicy) -> IntArray:
    """For each of the clusters 0 to clusters - 1 the master it keeps, or -1.

    `shared` (cluster, master, shared) counts the records of each cluster that had each id, `pinned` (cluster, master,
    pins) those pinned to it; each pair once. Clusters are numbered in the order of their smallest record key and
    masters by age. One pass from the best pair on: a pinned one first, then by policy, ties by age and record key;
    the pair holds if cluster and master are both still free.
    """
    pairs = shared.join(pinned, on=["cluster", "master"], how="full", coalesce=True).with_columns(
        pl.col("shared").fill_null(0), pl.col("pins").fill_null(0)
    )
    alone = (pl.len().over("cluster") == 1) & (pl.len().over("master") == 1)
    pairs = pairs.with_columns(alone=alone)
    kept = np.full(clusters, -1, dtype=np.int64)
    trivial = pairs.filter("alone")
    kept[trivial["cluster"].to_numpy()] = trivial["master"].to_numpy()
    _contest(pairs.filter(~pl.col("alone")), kept, policy)
    return kept


def _contest(pairs: pl.DataFrame, kept: IntArray, policy: IdPolicy) -> None:
    """Greedy, one pass: "the biggest share keeps the id" can be explained for each cluster, an optimum cannot."""
    third, fourth = _NEAREST[policy]
    ordered = (
        pairs.with_columns(
            unpinned=pl.col("pins") == 0,
            absent=pl.col("shared") == 0,
            minus_pins=-pl.col("pins").cast(pl.Int64),
            minus_shared=-pl.col("shared").cast(pl.Int64),
        )
        .sort("unpinned", "absent", "minus_pins", third, fourth, "cluster", "master")
        .select("cluster", "master")
    )
    taken: set[int] = set()
    for cluster, master in ordered.iter_rows():
        if kept[cluster] < 0 and master not in taken:
            kept[cluster] = master
            taken.add(master)
