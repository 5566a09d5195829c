"""The state of a project in a few numbers."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from mdm.records import QUARANTINE
from mdm.report.visible import visible
from mdm.store import Run


@dataclass(frozen=True, slots=True)
class SystemCounts:
    """One source system at the last scan: records read, customers among them, records that were set aside."""

    system: str
    records: int
    customers: int
    set_aside: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What the last scan left, and what people have answered since; `finished_at` is empty before the first scan.

    `value` is what the customers are worth about whom pairs wait; 0 where no source says so.
    """

    records: int
    customers: int
    waiting: int
    value: int
    decided_since: int
    finished_at: str
    result_hash: str
    revision: int
    systems: tuple[SystemCounts, ...]


@dataclass(frozen=True, slots=True)
class SetAside:
    """The first records that were set aside at the last scan (QUARANTINE), as text ready to be shown, of `total`."""

    rows: pl.DataFrame
    total: int


def describe_quarantine(quarantine: pl.DataFrame, limit: int) -> SetAside:
    """The first records of a quarantine by file and place."""
    first = quarantine.sort("system", "file", "record_number", "reason").head(limit)
    texts = [name for name, dtype in QUARANTINE.items() if dtype == pl.String()]
    shown = first.with_columns(pl.col(name).map_elements(visible, return_dtype=pl.String) for name in texts)
    return SetAside(shown, quarantine.height)


NOTHING_YET = Overview(0, 0, 0, 0, 0, "", "", 0, ())


def describe_run(run: Run, customers: int, waiting: tuple[int, int], decided_since: int) -> Overview:
    """The numbers of the last scan, beside those of now; `waiting` are the pairs that wait and what they are worth."""
    aside: dict[str, int] = {}
    for file in run.counts.get("files", []):
        aside[file["system"]] = aside.get(file["system"], 0) + file["quarantined"]
    systems = tuple(
        SystemCounts(s["system"], s["records"], s["customers"], aside.get(s["system"], 0))
        for s in run.counts.get("systems", [])
    )
    return Overview(
        records=sum(s.records for s in systems),
        customers=customers,
        waiting=waiting[0],
        value=waiting[1],
        decided_since=decided_since,
        finished_at=run.finished_at,
        result_hash=run.result_hash,
        revision=run.revision,
        systems=systems,
    )
