"""One pair of the queue in full: both records side by side, the customers they belong to, and why it was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from mdm.app.asked_again import Again
from mdm.app.desk_links import Link, holding
from mdm.app.desk_records import Delivered, Sheet, compare_records
from mdm.records import GOLDEN_ATTRIBUTES, MAPPED, RecordKey
from mdm.report.visible import visible
from mdm.steward import Decision
from mdm.steward import Evidence as DecidedOn
from mdm.store import Customer, Store, mapped_rows

MOST_BESIDE: Final = 24
"""Records of two customers that stand side by side, and links among them that are explained."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A customer of the pair as it is now; `records` counts its source records."""

    master_id: str
    name: str
    records: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records and everything a person needs to say whether they are one customer.

    `link` is None when the last scan did not link the two; `decision` is the one that stands on them. `customers` has
    none for a record that belongs to nobody, and one when both already belong to the same customer. `told` is the
    verdict and why, in the words of `mdm explain`; empty without a link. `again` says what has changed where the
    decision asks to be made again. `golden` has the golden records of the customers and, for two, the one they would
    have together. `members` are all records of the customers where they are more than the two, of many the first ones;
    `members_count` counts all. `links` are those among all these records, strongest first, and `tree` those of them by
    which the records would hang together. `evidence` is the fingerprint of what the two say; `stays` is the id that the
    records would have as one: that of most records, of equally many the older one.
    """

    left: RecordKey
    right: RecordKey
    names: tuple[str, str]
    records: Sheet
    link: Link | None
    customers: tuple[Beside, ...]
    golden: Sheet
    decision: Decision | None
    members: Sheet
    members_count: int
    links: tuple[Link, ...]
    tree: tuple[Link, ...]
    evidence: str
    stays: str
    told: str = ""
    again: Again | None = None

    @property
    def already_one(self) -> bool:
        return len(self.customers) == 1


@dataclass(frozen=True, slots=True)
class PairRead:
    """What the store has of a pair: its records, their customers, each once, the links among all records of these
    (STORED_LINKS), the golden record that two customers would have together, and what a decision is made on.
    """

    records: tuple[Delivered, Delivered]
    customers: list[Customer]
    links: pl.DataFrame
    together: Delivered | None
    evidence: DecidedOn


def delivered(store: Store, keys: pl.DataFrame) -> dict[RecordKey, Mapping[str, object]]:
    """The mapped values of records by (system, key), as far as there are such records."""
    found = mapped_rows(store.read_records(keys))
    roles = [name for name in MAPPED if name not in ("system", "key", "row_hash")]
    return {RecordKey(r["system"], r["key"]): {name: r[name] for name in roles} for r in found.iter_rows(named=True)}


def name_of(values: Mapping[str, object]) -> str:
    """What a source record calls its customer, ready to be shown."""
    person = " ".join(str(values[role]) for role in ("given_name", "family_name") if values.get(role))
    return visible(str(values.get("name") or values.get("legal_name") or person or "without a name"))


def place_of(values: Mapping[str, object]) -> str:
    """Town and country as delivered, for telling records of one name apart."""
    return visible(", ".join(str(values[role]) for role in ("city", "country") if values.get(role)))


def describe_pair(read: PairRead, links: Sequence[Link]) -> Pair:
    """The pair as it is shown, without what stewards said of it; `links` are those that were read, explained."""
    records, customers = read.records, read.customers
    left, right = (RecordKey(r.system, r.key) for r in records)  # type: ignore[arg-type]  # a system's name, from the store
    golden = [Delivered("customer", c.master_id, _golden(c), c.master_id) for c in customers]
    members = _members(records, customers)
    by_weight = sorted(links, key=lambda link: (-link.weight, link.left, link.right))
    return Pair(
        left,
        right,
        (name_of(records[0].values), name_of(records[1].values)),
        compare_records(records),
        next((link for link in links if (link.left, link.right) == (left, right)), None),
        tuple(Beside(c.master_id, visible(c.name), len(c.members)) for c in customers),
        _beside(golden, read.together),
        None,
        compare_records(members[:MOST_BESIDE]) if len(members) > 2 else Sheet((), ()),
        len(members),
        links=tuple(by_weight[:MOST_BESIDE]),
        tree=holding(by_weight, ("auto", "review"))[:MOST_BESIDE],
        evidence=read.evidence.fingerprint,
        stays=min(customers, key=lambda c: (-len(c.members), c.master_id)).master_id if customers else "",
    )


def _beside(golden: list[Delivered], together: Delivered | None) -> Sheet:
    """The golden records as they are, with the verdict on these alone, and what they would be together."""
    apart = compare_records(golden)
    if together is None:
        return apart
    verdicts = {row.label: row.verdict for row in apart.rows}
    sheet = compare_records([*golden, together])
    return Sheet(sheet.records, tuple(replace(row, verdict=verdicts.get(row.label, "")) for row in sheet.rows))


def _members(records: tuple[Delivered, Delivered], customers: list[Customer]) -> list[Delivered]:
    """The records of the customers, the two of the pair first."""
    asked = {(r.system, r.key) for r in records}
    others = [
        Delivered(m.system, m.key, m.values, c.master_id)
        for c in customers
        for m in c.members
        if (m.system, m.key) not in asked
    ]
    return [*records, *others]


def _golden(customer: Customer) -> dict[str, str]:
    return {name: customer.values[name] for name in GOLDEN_ATTRIBUTES if name in customer.values}
