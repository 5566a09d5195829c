"""`mdm duplicates`: records of one system that are one customer, for its users to merge there, never merged by us."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from mdm.app.project import Project
from mdm.publish import TableFormat, write_table
from mdm.records import MAPPED, MULTI_ROLES
from mdm.rulebook import Merging
from mdm.store import Store, mapped_rows, values_given

TEXT: Final = pl.String()
DUPLICATES: Final = {
    "master_id": TEXT,
    "customer": TEXT,
    "step": pl.Int32(),
    "keep": TEXT,
    "keep_name": TEXT,
    "why": TEXT,
    "merge": TEXT,
    "merge_name": TEXT,
}
"""One row for each record that another one of its system stands for; the records of a step go into one merge."""

CUSTOMER: Final = ("system", "master_id")
DATE_LETTERS: Final = len("2026-01-31")
UNKNOWN: Final = Merging(how="The rules of this system do not say whether and how it merges records.")
NO_VALUES: Final = frozenset({"system", "key", "row_hash", "changed_at", "parent_key", "value"})
VALUES: Final = tuple(name for name in MAPPED if name not in NO_VALUES)


@dataclass(frozen=True, slots=True)
class Duplicates:
    """The duplicates of one system: DUPLICATES, and what the system lets its users do about them."""

    system: str
    rows: pl.DataFrame
    merging: Merging


def find_duplicates(store: Store, project: Project, only: str = "") -> list[Duplicates]:
    """For each system, or that one, its records that belong to one customer, with the one suggested to stay and why.

    It is the record that gave most of the golden values; then the one with most values, the one that was changed last,
    the first key. Records that their system has merged already are none.
    """
    rules = {str(source.system): source.merging for source in project.rulebook.sources}
    crosswalk = store.read_crosswalk().filter((pl.col("system") == only) | (only == ""))
    several = crosswalk.filter(pl.len().over("system", "master_id") > 1)
    records = _living(store, several)
    golden = store.read_golden(records.select("master_id").unique()).select("master_id", "name", "provenance")
    given = values_given(golden["provenance"])
    joined = records.join(given, on=["system", "key"], how="left").with_columns(pl.col("given").fill_null(0))
    named = joined.join(golden.select("master_id", customer="name"), on="master_id", how="left")
    told = propose_merges(named, {system: (one or UNKNOWN).most for system, one in rules.items()})
    return [
        Duplicates(
            system, told.filter(pl.col("system") == system).select(list(DUPLICATES)), rules.get(system) or UNKNOWN
        )
        for system in sorted({only} if only else set(crosswalk["system"]) | rules.keys())
    ]


def write_duplicates(found: Sequence[Duplicates], into: Path, form: TableFormat) -> list[Path]:
    """A file for each system, also where it has none: what was written before must not look like the state of now."""
    into.mkdir(parents=True, exist_ok=True)
    ending = {"csv": ".csv", "parquet": ".parquet", "excel": ".xlsx"}[form]
    return [write_table(_told(one), into / f"{one.system}{ending}", format=form) for one in found]


def tell_merging(merging: Merging) -> str:
    """What a system lets its users do, in a sentence or two."""
    limit = "" if merging.most is None else f"{merging.most} records a merge, the kept one among them:"
    limit = "It merges none:" if merging.most == 1 else limit
    final = "It cannot be taken back." if merging.is_final else ""
    return " ".join(part for part in (limit, merging.how, final, merging.follow_up) if part)


def _told(one: Duplicates) -> pl.DataFrame:
    return one.rows.with_columns(system=pl.lit(one.system), how=pl.lit(tell_merging(one.merging)))


def _living(store: Store, crosswalk: pl.DataFrame) -> pl.DataFrame:
    """Records with a name for people, the number of their values, and when they changed; those without values left out.

    A record that its system has merged away is in the crosswalk without any value.
    """
    mapped = mapped_rows(store.read_records(crosswalk.select("system", "key")))
    has = [(pl.col(n).list.len() > 0) if n in MULTI_ROLES else pl.col(n).is_not_null() for n in VALUES]
    person = pl.concat_str("given_name", "family_name", separator=" ", ignore_nulls=True)
    told = mapped.select(
        "system",
        "key",
        name=pl.coalesce("name", "legal_name", person),
        values=pl.sum_horizontal(one.fill_null(value=False).cast(pl.Int32) for one in has),
        changed_at=pl.col("changed_at").fill_null(""),
    )
    return crosswalk.join(told.filter(pl.col("values") > 0), on=["system", "key"]).sort("system", "master_id", "key")


def propose_merges(records: pl.DataFrame, most: Mapping[str, int | None]) -> pl.DataFrame:
    """DUPLICATES with their system, by system, customer and key; `most` records go into one merge of a system.

    `records` has system, master_id, customer, key, name, given, values and changed_at.
    """
    ranks = ["given", "values", "changed_at"]
    ranked = records.filter(pl.len().over(CUSTOMER) > 1).sort(
        *CUSTOMER, *ranks, "key", descending=[False, False, True, True, True, False]
    )
    first = {name: pl.col(name).get(0).over(CUSTOMER) for name in (*ranks, "key", "name")}
    second = {name: pl.col(name).get(1).over(CUSTOMER) for name in ranks}
    reasons = {
        "given": pl.format("gave {} golden values, the next {}", first["given"], second["given"]),
        "values": pl.format("has {} values, the next {}", first["values"], second["values"]),
        "changed_at": pl.format("was changed last, {}", first["changed_at"].str.slice(0, DATE_LETTERS)),
    }
    why = pl.lit("as good as the other, the first key")
    for name in reversed(ranks):
        why = pl.when(first[name] != second[name]).then(reasons[name]).otherwise(why)
    others = (
        ranked.with_columns(keep=first["key"], keep_name=first["name"], why=why)
        .filter(pl.int_range(pl.len()).over(CUSTOMER) > 0)
        .sort(*CUSTOMER, "key")
    )
    at_once = {system: max(limit - 1, 1) for system, limit in most.items() if limit is not None}
    place, size = pl.int_range(pl.len()).over(CUSTOMER), pl.len().over(CUSTOMER).cast(pl.Int64)
    steps = pl.col("system").replace_strict(at_once, default=size, return_dtype=pl.Int64)
    told = others.with_columns(step=(place // steps + 1).cast(pl.Int32), merge="key", merge_name="name")
    return told.select("system", *DUPLICATES)
