"""The worst errors of a clustering, for a report: customers torn apart, and customers thrown together."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from mdm.evaluate.pairing import pair_up


@dataclass(frozen=True, slots=True)
class WorstErrors:
    """The worst first, ties by id.

    `split` (entity_id, records, clusters, lost_pairs): entities whose records lie in several clusters. `merged`
    (master_id, records, entities, wrong_pairs): clusters that hold records of several entities.
    """

    split: pl.DataFrame
    merged: pl.DataFrame


def worst_errors(clusters: pl.DataFrame, truth: pl.DataFrame, *, limit: int = 20) -> WorstErrors:
    """At most `limit` errors of each sort, by the pairs of records they get wrong; input as for `score`."""
    both = pair_up(clusters, truth).group_by("cluster", "master_id", "entity_id").agg(shared=pl.len().cast(pl.Int64))
    split = (
        both.group_by("entity_id")
        .agg(records=pl.col("shared").sum(), clusters=pl.len().cast(pl.Int64), lost_pairs=_wrong_pairs())
        .filter(pl.col("clusters") > 1)
        .sort("lost_pairs", "entity_id", descending=[True, False])
    )
    merged = (
        both.group_by("cluster", "master_id")
        .agg(records=pl.col("shared").sum(), entities=pl.len().cast(pl.Int64), wrong_pairs=_wrong_pairs())
        .filter(pl.col("entities") > 1)
        .sort("wrong_pairs", "master_id", descending=[True, False])
        .select("master_id", "records", "entities", "wrong_pairs")
    )
    return WorstErrors(split.head(limit), merged.head(limit))


def _wrong_pairs() -> pl.Expr:
    """Pairs of records between the different parts."""
    whole, parts = pl.col("shared").sum(), (pl.col("shared") ** 2).sum()
    return ((whole * whole - parts) // 2).cast(pl.Int64)
