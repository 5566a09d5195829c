"""The pairs a person must look at: of every two customers that may be one, the strongest link between them."""

from __future__ import annotations

import polars as pl

from mdm.match import Matched, MatchModel, reasons
from mdm.records import STEWARD_PAIRS, conform
from mdm.resolve import Clustering

MICRO = 1_000_000


def review_pairs(
    matched: Matched, clustering: Clustering, mapped: pl.DataFrame, crosswalk: pl.DataFrame, model: MatchModel
) -> pl.DataFrame:
    """STEWARD_PAIRS: links of the bands review and auto whose two records ended in different customers.

    Of several links between the same two customers the heaviest stands for all, ties by record key: one question a
    person, not one a pair. `mapped` is sorted like the rids.
    """
    cluster = clustering.clusters.sort("rid")["cluster"]
    customer = mapped.select("system", "key").join(crosswalk, on=["system", "key"], how="left", maintain_order="left")
    links = matched.links.with_columns(
        one=cluster.gather(matched.links["left"]), other=cluster.gather(matched.links["right"])
    ).filter(pl.col("one") != pl.col("other"))
    links = (
        links.with_columns(low=pl.min_horizontal("one", "other"), high=pl.max_horizontal("one", "other"))
        .sort("weight", "left", "right", descending=[True, False, False])
        .unique(["low", "high"], keep="first", maintain_order=True)
    )
    names = mapped.select(pl.coalesce("name", "legal_name", pl.concat_str("given_name", "family_name", separator=" ")))
    found = links.select(
        *_side(customer, names.to_series(), links["left"], "l"),
        *_side(customer, names.to_series(), links["right"], "r"),
        weight=pl.col("weight") / MICRO,
        probability=pl.col("probability"),
        reason=reasons(links["levels"], model),
    )
    return conform(found, STEWARD_PAIRS, "review")


def _side(customer: pl.DataFrame, names: pl.Series, rids: pl.Series, letter: str) -> list[pl.Series]:
    return [
        customer["system"].gather(rids).alias(f"system_{letter}"),
        customer["key"].gather(rids).alias(f"key_{letter}"),
        names.gather(rids).alias(f"name_{letter}"),
        customer["master_id"].gather(rids).alias(f"master_id_{letter}"),
    ]
