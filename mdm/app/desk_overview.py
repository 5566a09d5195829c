"""The state of a project in a few numbers."""

from __future__ import annotations

from dataclasses import dataclass

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
    """What the last scan left, and what people have answered since; `finished_at` is empty before the first scan."""

    records: int
    customers: int
    waiting: int
    decided_since: int
    finished_at: str
    result_hash: str
    revision: int
    systems: tuple[SystemCounts, ...]


NOTHING_YET = Overview(0, 0, 0, 0, "", "", 0, ())


def describe_run(run: Run, customers: int, waiting: int, decided_since: int) -> Overview:
    """The numbers of the last scan, beside those of now."""
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
        waiting=waiting,
        decided_since=decided_since,
        finished_at=run.finished_at,
        result_hash=run.result_hash,
        revision=run.revision,
        systems=systems,
    )
