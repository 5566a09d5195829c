"""Counts a run: records, customers, duplicates within and across systems, overlap and sizes."""

from __future__ import annotations

import polars as pl

from mdm.records import CROSSWALK, LINKS, STANDARD, conform
from mdm.report.facts import OVERLAP, SIZES, SYSTEMS, Figures
from mdm.report.quality import count_identifiers, fill_rates


def count_figures(
    crosswalk: pl.DataFrame,
    standard: pl.DataFrame,
    links: pl.DataFrame,
    review: pl.DataFrame,
    mapped: pl.DataFrame | None = None,
) -> Figures:
    """Count everything that a report says about a run; the order of rows makes no difference.

    Crosswalk, standard and links are the tables of the run; `review` has one row for each pair left for a person.
    `mapped` holds the values as delivered: with it the fill rates tell placeholders from empty fields.
    """
    ids = conform(crosswalk, CROSSWALK, "crosswalk")
    records = conform(standard, STANDARD, "standard records")
    held = _customers_by_system(ids)
    systems = count_systems(held)
    repeats = int(systems.get_column("repeats").sum())
    customers = held.get_column("master_id").n_unique()
    return Figures(
        records=ids.height,
        customers=customers,
        repeats_within=repeats,
        shared_customers=held.filter(pl.col("systems") > 1).get_column("master_id").n_unique(),
        repeats_across=ids.height - repeats - customers,
        links=conform(links, LINKS, "links").filter(pl.col("band") == "auto").height,
        review_pairs=review.height,
        systems=systems,
        overlap=count_overlap(held),
        sizes=count_sizes(held),
        quality=fill_rates(records, mapped, order=systems.get_column("system").to_list()),
        identifiers=count_identifiers(records),
    )


def _customers_by_system(crosswalk: pl.DataFrame) -> pl.DataFrame:
    """Each customer of each system once: how many records of the system, and in how many systems at all."""
    held = crosswalk.group_by("system", "master_id").agg(records=pl.len().cast(pl.Int64))
    return held.with_columns(systems=pl.len().over("master_id"))


def count_systems(held: pl.DataFrame) -> pl.DataFrame:
    """SYSTEMS. Duplicates within a system are its records minus its distinct customers."""
    counted = held.group_by("system").agg(
        records=pl.col("records").sum(),
        customers=pl.len(),
        repeats=pl.col("records").sum() - pl.len(),
        shared=(pl.col("systems") > 1).sum(),
    )
    return conform(counted.sort(["records", "system"], descending=[True, False]), SYSTEMS, "systems")


def count_overlap(held: pl.DataFrame) -> pl.DataFrame:
    """OVERLAP: for each two systems the customers that appear in both."""
    shared = held.filter(pl.col("systems") > 1).select("system", "master_id")
    pairs = shared.join(shared, on="master_id", suffix="_right").filter(pl.col("system") < pl.col("system_right"))
    counted = pairs.group_by(left="system", right="system_right").agg(customers=pl.len())
    return conform(counted.sort("left", "right"), OVERLAP, "overlap")


def count_sizes(held: pl.DataFrame) -> pl.DataFrame:
    """SIZES: how many customers have one record, two records, and so on, in all systems together."""
    sizes = held.group_by("master_id").agg(size=pl.col("records").sum())
    return conform(sizes.group_by("size").agg(customers=pl.len()).sort("size"), SIZES, "sizes")
