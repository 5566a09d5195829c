"""The pairs a person must look at: of every two customers that may be one, the strongest link between them."""

from __future__ import annotations

import polars as pl

from mdm.match import Matched, MatchModel, reasons
from mdm.records import STEWARD_PAIRS, conform
from mdm.resolve import Clustering

MICRO = 1_000_000


def name_customers(mapped: pl.DataFrame, crosswalk: pl.DataFrame) -> pl.DataFrame:
    """For each rid (`mapped` is sorted like them) what a person is shown: system, key, name, master_id."""
    named = pl.coalesce("name", "legal_name", pl.concat_str("given_name", "family_name", separator=" "))
    records = mapped.select("system", "key", name=named)
    return records.join(crosswalk, on=["system", "key"], how="left", maintain_order="left")


def review_pairs(
    matched: Matched, clustering: Clustering, cannot: pl.DataFrame, customers: pl.DataFrame, model: MatchModel
) -> pl.DataFrame:
    """STEWARD_PAIRS: links of the bands review and auto whose two records ended in different customers.

    Of several links between the same two customers the heaviest stands for all, ties by record key: one question a
    person, not one a pair. Two customers that a do-not-match decision (`cannot`, by rid) tells apart are no question.
    `customers` is as of `name_customers`.
    """
    cluster = clustering.clusters.sort("rid")["cluster"]
    asked = _between(matched.links, cluster)
    answered = _between(cannot, cluster).select("low", "high").unique()
    links = (
        asked.join(answered, on=["low", "high"], how="anti")
        .sort("weight", "left", "right", descending=[True, False, False])
        .unique(["low", "high"], keep="first", maintain_order=True)
    )
    found = links.select(
        *_side(customers, links["left"], "l"),
        *_side(customers, links["right"], "r"),
        weight=pl.col("weight") / MICRO,
        probability=pl.col("probability"),
        reason=reasons(links["levels"], model),
    )
    return conform(found, STEWARD_PAIRS, "review")


def _between(pairs: pl.DataFrame, cluster: pl.Series) -> pl.DataFrame:
    """The pairs (left, right) of different clusters, with the names of the two, `low` and `high`."""
    one, other = (pl.lit(cluster.gather(pairs[side])) for side in ("left", "right"))
    named = pairs.with_columns(low=pl.min_horizontal(one, other), high=pl.max_horizontal(one, other))
    return named.filter(pl.col("low") != pl.col("high"))


def _side(customers: pl.DataFrame, rids: pl.Series, letter: str) -> list[pl.Series]:
    return [customers[name].gather(rids).alias(f"{name}_{letter}") for name in ("system", "key", "name", "master_id")]
