"""What a clustering may do, and what it found: limits, clusters, cut links, clusters for a person to look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from mdm.records import TableSchema

Refine = Literal["components", "average"]

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

CUT: Final[TableSchema] = {
    "left": pl.Int32(),
    "right": pl.Int32(),
    "weight": pl.Int64(),
    "reason": pl.String(),  # do_not_match | guard | one_per_system | average | too_large
    "decision_id": pl.String(),  # the do-not-match decision, where that is the reason
}
"""Links of band auto whose two records ended in different clusters, sorted by (left, right)."""

OVERSIZE: Final[TableSchema] = {
    "cluster": pl.Int32(),
    "records": pl.Int64(),
    "reason": pl.String(),  # too_large | one_bridge
    "left": pl.Int32(),  # the link that alone holds the two halves together; null where the size is the reason
    "right": pl.Int32(),
    "weight": pl.Int64(),
}
"""Clusters that a person should look at, sorted by (cluster, reason); they are not cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterLimits:
    """The limits of one clustering; weights are match weights x 10^6.

    `duplicate_free` gives each rid the number of its source system if that system is declared free of duplicates,
    and -1 if not: of such a system at most one record comes into a cluster, except by a steward's same
    decision.

    With `refine='average'` a component of three or more is taken apart and joined again by average link: two parts
    join while the mean weight of all pairs between them is at least `stop_at`, where a pair that was never compared
    counts `missing_weight`. So a record must agree with the cluster, not with one member of it.
    """

    largest: int = 100
    bridge_side: int = 2
    average_nodes: int = 2_000
    average_edges: int = 50_000
    duplicate_free: npt.NDArray[np.integer] | None = field(default=None, compare=False)
    refine: Refine = "components"
    refine_edges: int = 1_000_000
    stop_at: int = 0
    missing_weight: int = 0


@dataclass(frozen=True, slots=True)
class Clustering:
    """Every live record in one cluster (CLUSTERS), the links that were cut (CUT), and what to look at (OVERSIZE)."""

    clusters: pl.DataFrame
    cut: pl.DataFrame
    oversize: pl.DataFrame
