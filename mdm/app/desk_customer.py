"""One customer in full: golden values with their origin, records side by side, links with reasons, history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from mdm.app.desk_links import Explainer, Link, holding
from mdm.app.desk_records import Delivered, Sheet, compare_records, label_of
from mdm.app.id_history import moment_of, tell_deed, tell_event
from mdm.records import GOLDEN_ATTRIBUTES, RecordKey, SystemName
from mdm.report.visible import visible
from mdm.rulebook import Rulebook
from mdm.store import Customer, Run

MOST_RECORDS: Final = 40
MOST_LINKS: Final = 200
"""Of a customer with more, that many are shown: a page that a browser can lay out at once."""


@dataclass(frozen=True, slots=True)
class GoldenValue:
    """A value of the golden record and where it comes from: record, column of its source, survivorship rule."""

    label: str
    text: str
    system: str
    key: str
    field: str
    rule: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to the id; `at` is the time of its scan or deed, as far as that is known."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class DeedLine:
    """What a steward did to the customer and can still take back, by its number."""

    number: int
    text: str
    at: str
    author: str


@dataclass(frozen=True, slots=True)
class Happened:
    """What is known of times: the scans, latest first, DEEDS, and the OVERRIDES that stand."""

    runs: Sequence[Run]
    deeds: pl.DataFrame
    overrides: pl.DataFrame


@dataclass(frozen=True, slots=True)
class CustomerView:
    """A customer as it is shown; of many records and further links the first ones, beside the number of all.

    `holding` are the links that hold the records together, strongest first; `further` are the others among them.
    """

    master_id: str
    name: str
    records: int
    systems: tuple[str, ...]
    golden: tuple[GoldenValue, ...]
    sheet: Sheet
    holding: tuple[Link, ...]
    further: tuple[Link, ...]
    further_count: int
    history: tuple[Event, ...]
    members: tuple[RecordKey, ...]
    deeds: tuple[DeedLine, ...]

    @property
    def weakest(self) -> Link | None:
        """The link the customer hangs by; None when no link joined anything."""
        return self.holding[-1] if self.holding else None


@dataclass(frozen=True, slots=True)
class Forwarded:
    """An id that is no longer active: `active` is the id that has its records now, None when it was retired.

    `told` says what became of it.
    """

    master_id: str
    active: str | None
    told: str


def describe_customer(customer: Customer, explainer: Explainer, rulebook: Rulebook, happened: Happened) -> CustomerView:
    """The customer as it is shown: links by weight, strongest first, ties by record keys."""
    members = [Delivered(m.system, m.key, m.values, customer.master_id) for m in customer.members]
    by_weight = customer.links.sort(
        "weight", "system_l", "key_l", "system_r", "key_r", descending=[True, False, False, False, False]
    )
    links = explainer.explain(by_weight)
    tree = holding(links)
    further = tuple(link for link in links if link not in set(tree))
    return CustomerView(
        master_id=customer.master_id,
        name=visible(customer.name) or "without a name",
        records=len(members),
        systems=tuple(sorted({m.system for m in customer.members})),
        golden=_golden_values(customer, rulebook),
        sheet=compare_records(members[:MOST_RECORDS], customer.values),
        holding=tree[:MOST_LINKS],
        further=further[:MOST_LINKS],
        further_count=len(further),
        history=_history(customer, happened),
        members=tuple(RecordKey(SystemName(m.system), m.key) for m in customer.members[:MOST_RECORDS]),
        deeds=(*_deeds(customer.master_id, happened.deeds), *_overrides(customer.master_id, happened.overrides)),
    )


def _golden_values(customer: Customer, rulebook: Rulebook) -> tuple[GoldenValue, ...]:
    columns = {str(s.system): s.columns for s in rulebook.sources}
    found = []
    for attribute in GOLDEN_ATTRIBUTES:
        text, origin = customer.values.get(attribute), customer.provenance.get(attribute)
        if not text:
            continue
        system, key, rule = (origin.system, origin.key, origin.rule) if origin else ("", "", None)
        role = columns.get(system, {}).get(attribute)
        field = " or ".join(role.columns) if role else ""
        words = (rule or "").replace("_", " ")
        found.append(GoldenValue(label_of(attribute), visible(text), system, visible(key), visible(field), words))
    return tuple(found)


def _deeds(master_id: str, deeds: pl.DataFrame) -> tuple[DeedLine, ...]:
    """Latest first."""
    about = (pl.col("master_id") == master_id) | (pl.col("other_id") == master_id)
    rows = deeds.filter(about & pl.col("undone_by").is_null()).sort("id", descending=True)
    return tuple(
        DeedLine(row["id"], tell_deed(row), row["at"], visible(row["author"])) for row in rows.iter_rows(named=True)
    )


def _overrides(master_id: str, overrides: pl.DataFrame) -> tuple[DeedLine, ...]:
    """The values that a steward set, by field."""
    rows = overrides.filter(pl.col("master_id") == master_id).iter_rows(named=True)
    return tuple(
        DeedLine(r["id"], f"{label_of(r['attribute'])} was set by hand.", r["at"], visible(r["author"])) for r in rows
    )


def _history(customer: Customer, happened: Happened) -> tuple[Event, ...]:
    """Oldest first, beginning with the scan that gave out the id."""

    def when(revision: int) -> str:
        return moment_of(revision, happened.runs, happened.deeds)[0]

    events = [Event(when(customer.created_in), "The id was given out.")]
    lineage = customer.lineage.filter(pl.col("kind") != "create")
    events += [Event(when(row["rev"]), tell_event(row, customer.master_id)) for row in lineage.iter_rows(named=True)]
    return tuple(events)
