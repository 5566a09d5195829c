"""Chooses the customers and pairs that show best what a run found, and puts their records side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from mdm.records import GOLDEN, MAPPED, MULTI_ROLES, STEWARD_PAIRS, conform
from mdm.report.facts import Example, ExampleLink, ExampleRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_RECORDS: Final = 6
"""More records than this are no longer seen at a glance."""

LOOKED_AT: Final = 1000
"""Of so many of the heaviest pairs those to show are chosen."""

SHOWN: Final[dict[str, tuple[str, ...]]] = {
    "Name": ("name", "legal_name", "given_name", "family_name"),
    "Street": ("street", "house_number", "full_address"),
    "Place": ("postcode", "city"),
    "Country": ("country",),
    "Born": ("birth_date",),
    "Phone": ("phone",),
    "E-mail": ("email",),
    "Website": ("website",),
    "VAT no.": ("vat",),
    "Tax id": ("tax_id",),
}
"""Heading -> the roles shown under it. Names take the first that is there, the others all that are."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen customers: `records` (master_id, rid, system, key) and `links` (master_id, left, right, probability).

    Both are in the order in which they are shown; the links of a customer join all its records without a circle.
    """

    records: pl.DataFrame
    links: pl.DataFrame


def choose_examples(crosswalk: pl.DataFrame, standard: pl.DataFrame, links: pl.DataFrame, *, limit: int = 6) -> Choice:
    """Choose the customers that convince best: many systems, many spellings, and no weak link.

    Customers of two to six records, first by the number of systems (up to three count), then of spellings of the name
    (up to three), then by the weight of their weakest link, then by master id.
    """
    members = standard.select("rid", "system", "key", "name").join(crosswalk, on=["system", "key"])
    sized = members.filter(pl.len().over("master_id").is_between(2, MOST_RECORDS))
    owner = sized.select("rid", "master_id")
    inside = (
        links.filter(pl.col("band") == "auto")
        .select("left", "right", "weight", "probability")
        .join(owner.rename({"rid": "left"}), on="left")
        .join(owner.rename({"rid": "right"}), on=["right", "master_id"])
    )
    rank = (
        sized.group_by("master_id")
        .agg(systems=pl.col("system").n_unique().clip(0, 3), spellings=pl.col("name").n_unique().clip(0, 3))
        .join(inside.group_by("master_id").agg(weakest=pl.col("weight").min()), on="master_id")
    )
    order = ["systems", "spellings", "weakest", "master_id"]
    best = rank.sort(order, descending=[True, True, True, False]).head(limit).select("master_id").with_row_index("at")
    records = best.join(sized, on="master_id").sort("at", "rid").select("master_id", "rid", "system", "key")
    joined = best.join(inside, on="master_id").sort(
        ["at", "weight", "left", "right"], descending=[False, True, False, False]
    )
    return Choice(records, _without_circles(joined).select("master_id", "left", "right", "probability"))


def build_examples(
    choice: Choice, mapped: pl.DataFrame, golden: pl.DataFrame, reasons: Mapping[tuple[int, int], str]
) -> tuple[Example, ...]:
    """Put the chosen records side by side as they were delivered; `reasons` has a line for each link (left, right)."""
    delivered = choice.records.join(conform(mapped, MAPPED, "mapped records"), on=["system", "key"], how="left")
    shown = choice.records.select("master_id", "rid", "system", "key").hstack(_shown(delivered))
    best = conform(golden, GOLDEN, "golden records").filter(
        pl.col("master_id").is_in(choice.records.get_column("master_id").unique().to_list())
    )
    single = best.with_columns(full_address=pl.lit(None, dtype=pl.String))
    golden_shown = single.select("master_id").hstack(_shown(single))
    return tuple(
        _example(
            str(master_id),
            records,
            choice.links.filter(pl.col("master_id") == master_id),
            (golden_shown.filter(pl.col("master_id") == master_id), reasons),
        )
        for (master_id,), records in shown.partition_by("master_id", maintain_order=True, as_dict=True).items()
    )


def choose_review_pairs(review: pl.DataFrame, *, limit: int = 12) -> pl.DataFrame:
    """Of the pairs left for a person the heaviest, each customer at most once, so that none fills the list."""
    pairs = conform(review, STEWARD_PAIRS, "steward pairs").sort(
        ["weight", "system_l", "key_l", "system_r", "key_r"], descending=[True, False, False, False, False]
    )
    first = pairs.head(LOOKED_AT)
    seen: set[str | None] = set()
    kept: list[bool] = []
    for left, right in first.select("master_id_l", "master_id_r").rows():
        kept.append(kept.count(True) < limit and not seen & {left, right})
        seen |= {left, right} if kept[-1] else set()
    return first.filter(pl.Series(kept, dtype=pl.Boolean))


def _without_circles(links: pl.DataFrame) -> pl.DataFrame:
    """Of links in order of trust those that join something new (Kruskal); a few dozen rows at most."""
    root: dict[int, int] = {}

    def top(rid: int) -> int:
        while rid != root.setdefault(rid, rid):
            rid = root[rid]
        return rid

    kept = []
    for left, right in links.select("left", "right").rows():
        a, b = top(left), top(right)
        root[max(a, b)] = min(a, b)
        kept.append(a != b)
    return links.filter(pl.Series(kept, dtype=pl.Boolean))


def _shown(records: pl.DataFrame) -> pl.DataFrame:
    """The columns of SHOWN, as text."""
    texts = records.with_columns(
        pl.col(name).list.join(", ", ignore_nulls=True).replace("", None)
        for name in MULTI_ROLES
        if isinstance(records.schema.get(name), pl.List)
    )
    person = pl.concat_str("given_name", "family_name", separator=" ", ignore_nulls=True)
    return texts.select(
        pl.coalesce("name", "legal_name", person).alias(heading)
        if heading == "Name"
        else pl.concat_str(*roles, separator=" ", ignore_nulls=True).replace("", None).alias(heading)
        for heading, roles in SHOWN.items()
    )


def _example(
    master_id: str, records: pl.DataFrame, links: pl.DataFrame, rest: tuple[pl.DataFrame, Mapping[tuple[int, int], str]]
) -> Example:
    golden, reasons = rest
    columns = [heading for heading in SHOWN if records.get_column(heading).null_count() < records.height]
    names = {rid: f"{system} {key}" for rid, system, key in records.select("rid", "system", "key").rows()}
    values = golden.select(columns).rows()
    return Example(
        master_id=master_id,
        title=next((name for name in [*golden["Name"], *records["Name"]] if name), master_id),
        columns=tuple(columns),
        records=tuple(
            ExampleRecord(system, key, tuple(row))
            for (system, key), row in zip(
                records.select("system", "key").rows(), records.select(columns).rows(), strict=True
            )
        ),
        links=tuple(
            ExampleLink(names[left], names[right], reasons.get((left, right), ""), probability)
            for left, right, probability in links.select("left", "right", "probability").rows()
        ),
        golden=values[0] if values else (),
    )
