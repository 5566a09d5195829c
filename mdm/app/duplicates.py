"""`mdm duplicates`: records of one system that are one customer, for its users to merge there, never merged by us."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from mdm.app.project import Project
from mdm.publish import TableFormat, write_table
from mdm.records import MAPPED, MULTI_ROLES
from mdm.rulebook import Merging
from mdm.store import Store, mapped_rows, provenance_of

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

UNKNOWN: Final = Merging(how="The rules of this system do not say whether and how it merges records.")
VALUES: Final = tuple(name for name in MAPPED if name not in {"system", "key", "row_hash", "changed_at", "parent_key"})


@dataclass(frozen=True, slots=True)
class Duplicates:
    """The duplicates of one system: DUPLICATES, and what the system lets its users do about them."""

    system: str
    rows: pl.DataFrame
    merging: Merging


@dataclass(frozen=True, slots=True)
class Kept:
    """The record that is suggested to stay, of several; the others in the order of their keys."""

    record: Mapping[str, str]
    others: Sequence[Mapping[str, str]]
    why: str


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
    given = _given(golden)
    joined = records.join(given, on=["system", "key"], how="left").with_columns(pl.col("given").fill_null(0))
    named = joined.join(golden.select("master_id", customer="name"), on="master_id", how="left")
    found: dict[str, list[dict[str, object]]] = {}
    for (system, _), group in named.partition_by("system", "master_id", as_dict=True, maintain_order=True).items():
        if group.height > 1:
            merging = rules.get(str(system)) or UNKNOWN
            found.setdefault(str(system), []).extend(rows_of(choose_kept(group), merging))
    return [
        Duplicates(system, pl.DataFrame(found.get(system, []), schema=DUPLICATES), rules.get(system) or UNKNOWN)
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


def _given(golden: pl.DataFrame) -> pl.DataFrame:
    """How many golden values each record gave."""
    counts: dict[tuple[str, str], int] = {}
    for written in golden["provenance"]:
        for origin in provenance_of(written).values():
            counts[origin.system, origin.key] = counts.get((origin.system, origin.key), 0) + 1
    rows = [(system, key, count) for (system, key), count in counts.items()]
    return pl.DataFrame(rows, schema={"system": TEXT, "key": TEXT, "given": pl.Int32()}, orient="row")


def choose_kept(group: pl.DataFrame) -> Kept:
    ranked = group.sort("given", "values", "changed_at", "key", descending=[True, True, True, False])
    first, second = ranked.row(0, named=True), ranked.row(1, named=True)
    reasons = [
        ("given", f"gave {first['given']} golden values, the next {second['given']}"),
        ("values", f"has {first['values']} values, the next {second['values']}"),
        ("changed_at", f"was changed last, {str(first['changed_at'])[:10]}"),
    ]
    why = next((told for name, told in reasons if first[name] != second[name]), "as good as the other, the first key")
    return Kept(first, list(ranked.slice(1).sort("key").iter_rows(named=True)), why)


def rows_of(kept: Kept, merging: Merging) -> Iterator[dict[str, object]]:
    """A row for each other record, in steps of as many as go into one merge."""
    at_once = max((merging.most or len(kept.others) + 1) - 1, 1)
    for place, other in enumerate(kept.others):
        yield {
            "master_id": kept.record["master_id"],
            "customer": kept.record["customer"],
            "step": place // at_once + 1,
            "keep": kept.record["key"],
            "keep_name": kept.record["name"],
            "why": kept.why,
            "merge": other["key"],
            "merge_name": other["name"],
        }
