"""The pairs a person must look at: of every two customers that may be one, the strongest link between them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from mdm.match import Matched, MatchModel, reasons
from mdm.records import STEWARD_PAIRS, conform
from mdm.resolve import Clustering

MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Answers:
    """What stewards answered: pairs kept apart (`cannot`, by rid), and those to be asked about again (AGAIN)."""

    cannot: pl.DataFrame
    again: pl.DataFrame


def name_customers(mapped: pl.DataFrame, crosswalk: pl.DataFrame) -> pl.DataFrame:
    """For each rid (`mapped` is sorted like them) what a person is shown: system, key, name, master_id."""
    named = pl.coalesce("name", "legal_name", pl.concat_str("given_name", "family_name", separator=" "))
    records = mapped.select("system", "key", name=named)
    return records.join(crosswalk, on=["system", "key"], how="left", maintain_order="left")


def review_pairs(
    matched: Matched, clustering: Clustering, answers: Answers, customers: pl.DataFrame, model: MatchModel
) -> pl.DataFrame:
    """STEWARD_PAIRS: links of the bands review and auto whose two records ended in different customers.

    Of several links between the same two customers the heaviest stands for all, ties by record key: one question a
    person, not one a pair. Two customers that a do-not-match decision tells apart are no question, unless what it was
    made on has changed: then the decided pair itself is. `customers` is as of `name_customers`.
    """
    cluster = clustering.clusters.sort("rid")["cluster"]
    asked = _between(matched.links, cluster)
    answered = _between(answers.cannot, cluster).select("low", "high").unique()
    again = asked.join(_by_rid(answers.again, customers), on=["left", "right"], maintain_order="left")
    fresh = asked.join(answered, on=["low", "high"], how="anti").with_columns(told=pl.lit(None, pl.String))
    links = _by_weight(
        pl.concat([_by_weight(again), _by_weight(fresh)]).unique(["low", "high"], keep="first", maintain_order=True)
    )
    found = links.select(
        *_side(customers, links["left"], "l"),
        *_side(customers, links["right"], "r"),
        weight=pl.col("weight") / MICRO,
        probability=pl.col("probability"),
        reason=pl.concat_str(links["told"], reasons(links["levels"], model), separator="; ", ignore_nulls=True),
    )
    return conform(found, STEWARD_PAIRS, "review")


def _by_weight(links: pl.DataFrame) -> pl.DataFrame:
    return links.sort("weight", "left", "right", descending=[True, False, False])


def _by_rid(again: pl.DataFrame, customers: pl.DataFrame) -> pl.DataFrame:
    """AGAIN by rid: left, right, told."""
    rids = customers.select("system", "key").with_row_index("rid").with_columns(pl.col("rid").cast(pl.Int32))
    for side, name in (("l", "left"), ("r", "right")):
        named = rids.rename({"system": f"system_{side}", "key": f"key_{side}", "rid": name})
        again = again.join(named, on=[f"system_{side}", f"key_{side}"])
    return again.select("left", "right", "told")


def _between(pairs: pl.DataFrame, cluster: pl.Series) -> pl.DataFrame:
    """The pairs (left, right) of different clusters, with the names of the two, `low` and `high`."""
    one, other = (pl.lit(cluster.gather(pairs[side])) for side in ("left", "right"))
    named = pairs.with_columns(low=pl.min_horizontal(one, other), high=pl.max_horizontal(one, other))
    return named.filter(pl.col("low") != pl.col("high"))


def _side(customers: pl.DataFrame, rids: pl.Series, letter: str) -> list[pl.Series]:
    return [customers[name].gather(rids).alias(f"{name}_{letter}") for name in ("system", "key", "name", "master_id")]
