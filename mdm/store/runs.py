"""The log of applied scans."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from mdm.store.tables import run as runs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mdm.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Run:
    """What one scan was given, what it did and how long its parts took. `revision` is set by the store.

    `manifest`, `counts` and `timings` are JSON objects; times are ISO text; hashes are of the result, of the rules
    and of the input files.
    """

    started_at: str
    finished_at: str
    manifest: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, Any] = field(default_factory=dict)
    timings: Mapping[str, Any] = field(default_factory=dict)
    result_hash: str = ""
    rules_hash: str = ""
    input_hash: str = ""
    revision: int = 0


def write_run(connection: sa.Connection, run: Run, *, revision: int, staged_as: int) -> None:
    connection.execute(
        sa.insert(runs).values(
            rev=revision,
            staged_as=staged_as,
            started_at=run.started_at,
            finished_at=run.finished_at,
            manifest=_json(run.manifest),
            counts=_json(run.counts),
            timings=_json(run.timings),
            result_hash=run.result_hash,
            rules_hash=run.rules_hash,
            input_hash=run.input_hash,
        )
    )


def read_runs(connection: sa.Connection, seen: Snapshot, limit: int | None = None) -> list[Run]:
    """The runs of the snapshot, latest first."""
    query = sa.select(runs).where(runs.c.rev <= seen.at).order_by(runs.c.rev.desc()).limit(limit)
    return [_run(row) for row in connection.execute(query)]


def _run(row: sa.Row[Any]) -> Run:
    return Run(
        started_at=row.started_at,
        finished_at=row.finished_at,
        manifest=json.loads(row.manifest),
        counts=json.loads(row.counts),
        timings=json.loads(row.timings),
        result_hash=row.result_hash,
        rules_hash=row.rules_hash,
        input_hash=row.input_hash,
        revision=row.rev,
    )


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
