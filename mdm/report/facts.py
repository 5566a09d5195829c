"""What a report is made of: plain values and small tables, filled by the app, shown as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import polars as pl

if TYPE_CHECKING:
    from mdm.records import TableSchema
    from mdm.report.weights import Weights

SYSTEMS: Final[TableSchema] = {
    "system": pl.String(),
    "records": pl.Int64(),  # live records of the system
    "customers": pl.Int64(),  # distinct customers among them
    "repeats": pl.Int64(),  # duplicates within the system: records - customers
    "shared": pl.Int64(),  # those of its customers that another system has too
}
"""One row a source system, sorted by records (largest first), then name."""

OVERLAP: Final[TableSchema] = {"left": pl.String(), "right": pl.String(), "customers": pl.Int64()}
"""Customers that two systems have in common: left < right, only pairs that have any, sorted."""

SIZES: Final[TableSchema] = {"size": pl.Int64(), "customers": pl.Int64()}
"""How many customers have `size` records, sorted by size."""

QUALITY: Final[TableSchema] = {
    "system": pl.String(),
    "attribute": pl.String(),
    "records": pl.Int64(),
    "delivered": pl.Int64(),  # records in which the source has a value
    "usable": pl.Int64(),  # records in which the value can serve as evidence; the rest are placeholders or unreadable
}
"""One row for each system and attribute, in the order of SYSTEMS and of the attributes as a person reads them."""

IDENTIFIERS: Final[TableSchema] = {
    "system": pl.String(),
    "scheme": pl.String(),  # vat, lei, duns, iban, tax or reg
    "records": pl.Int64(),  # records with an identifier of the scheme, right or wrong
    "invalid": pl.Int64(),  # records with one whose checksum or pattern is wrong
}
"""One row for each system and scheme that occurs, sorted."""

SET_ASIDE: Final[TableSchema] = {
    "system": pl.String(),
    "column": pl.String(),
    "reason": pl.String(),
    "records": pl.Int64(),
}
"""Quarantined records by reason, most frequent first."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The counts of a run.

    *Duplicates within a system* are its records minus its distinct customers. *Duplicates across systems* are
    customers that appear in two or more systems. So `records = customers + repeats_within + repeats_across`, where
    `repeats_across` counts each further system of a customer once.
    """

    records: int
    """Live records that were matched."""
    customers: int
    """Distinct master ids among them."""
    repeats_within: int
    """Duplicates within systems, summed over all systems."""
    shared_customers: int
    """Duplicates across systems: customers that appear in two or more."""
    repeats_across: int
    """Further systems of customers, each counted once."""
    links: int
    """Pairs that were joined without asking."""
    review_pairs: int
    """Pairs left for a person."""
    systems: pl.DataFrame
    overlap: pl.DataFrame
    sizes: pl.DataFrame
    quality: pl.DataFrame
    identifiers: pl.DataFrame


@dataclass(frozen=True, slots=True)
class ExampleRecord:
    """A record of an example: where it lives, and its values in the order of the example's columns."""

    system: str
    key: str
    values: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class ExampleLink:
    """Why two records of an example belong together, in one line; `probability` is between 0 and 1."""

    left: str
    right: str
    reason: str
    probability: float


@dataclass(frozen=True, slots=True)
class Example:
    """A customer whose records convince at a glance, side by side, with its golden record."""

    master_id: str
    title: str
    columns: tuple[str, ...]
    records: tuple[ExampleRecord, ...]
    links: tuple[ExampleLink, ...]
    golden: tuple[str | None, ...] = ()
    """The golden record's values in the order of the columns; empty when there is none."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Something the engine checked before it trusted itself, what it found, and what came of it.

    Of what is *noted* the engine took care by itself; what *warned* somebody should look at.
    """

    name: str
    outcome: Literal["passed", "noted", "warned", "stopped"]
    found: str


@dataclass(frozen=True, slots=True)
class RuleCount:
    """What one blocking rule found before pairs were made: blocks and their pairs, and what was left to finer rules."""

    rule: str
    blocks: int
    pairs: int
    capped_blocks: int
    capped_pairs: int


@dataclass(frozen=True, slots=True)
class Missed:
    """True pairs that were never compared, as a share of all true pairs, and between which shares it likely lies.

    `joinable` pairs of those never compared would have been joined; `found` pairs are of one customer, `drawn` ones
    were never compared and weighed for the estimate.
    """

    missed: float
    missed_low: float
    missed_high: float
    joinable: float
    joinable_error: float
    found: int
    drawn: int


@dataclass(frozen=True, slots=True)
class StageTime:
    """How long a stage took."""

    stage: str
    seconds: float


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that was read: `read = loaded + repeats + set_aside`; the SHA-256 (hex) says which bytes it was.

    `repeats` counts rows that are in all like one before them. A file of a child table holds no records of its own.
    """

    system: str
    file: str
    sha256: str
    read: int
    loaded: int
    set_aside: int
    repeats: int = 0
    holds: Literal["records", "further values"] = "records"


@dataclass(frozen=True, slots=True)
class Score:
    """A measure against known truth, between 0 and 1, with its interval where there is one."""

    name: str
    value: float
    meaning: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """All that a report says. What is left empty is left out of the page."""

    title: str
    """What was matched, for the head of the page, such as the names of the systems."""
    run: str
    """The id of the run."""
    date: str
    """When it was, as ISO text in UTC; the report itself asks no clock."""
    figures: Figures
    review: pl.DataFrame
    """The pairs to show of those left for a person, as STEWARD_PAIRS, in the order in which they are shown."""
    examples: tuple[Example, ...] = ()
    guards: tuple[Guard, ...] = ()
    weights: Weights | None = None
    rules: tuple[RuleCount, ...] = ()
    missed: Missed | None = None
    stages: tuple[StageTime, ...] = ()
    inputs: tuple[InputFile, ...] = ()
    set_aside: pl.DataFrame | None = None
    """SET_ASIDE, or nothing."""
    truth: tuple[Score, ...] = ()
    command: str = ""
    """What was run, as it was typed."""
    versions: tuple[tuple[str, str], ...] = ()
    """What made the result: name and version of the tool, libraries, model and rules."""
