"""What stands about some records: the decisions on them, also through chains of matches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl
import sqlalchemy as sa

from mdm.store import bulk, tables
from mdm.store.frames import DECISIONS
from mdm.store.reading import KEYS_A_QUERY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mdm.records import RecordKey
    from mdm.store.snapshot import Snapshot

RECORD: Final = ("system", "key")


def frame_of(records: Iterable[RecordKey]) -> pl.DataFrame:
    """Record keys as a frame, each once, in their order."""
    rows = sorted({(record.system, record.key) for record in records})
    return pl.DataFrame(rows, schema=dict.fromkeys(RECORD, bulk.TEXT), orient="row")


def decisions_about(connection: sa.Connection, seen: Snapshot, records: pl.DataFrame) -> pl.DataFrame:
    """The standing DECISIONS on these records and on all that matches tie to them, oldest first."""
    found, reached, ask = pl.DataFrame(schema=dict(DECISIONS)), records, records
    while not ask.is_empty():
        found = pl.concat([found, _on(connection, seen, ask)]).unique("id")
        matches = found.filter(pl.col("kind") == "match")
        ends = pl.concat(matches.select(system=f"system_{side}", key=f"key_{side}") for side in "lr").unique()
        ask = ends.join(reached, on=list(RECORD), how="anti").sort(RECORD)
        reached = pl.concat([reached, ask])
    return found.sort("id")


def _on(connection: sa.Connection, seen: Snapshot, records: pl.DataFrame) -> pl.DataFrame:
    decision = tables.decision
    columns = [decision.c[name] for name in DECISIONS if name != "stands"]
    parts = [pl.DataFrame(schema=dict(DECISIONS))]
    for some in records.iter_slices(KEYS_A_QUERY):
        for side in "lr":
            ends = [decision.c[f"{name}_{side}"] for name in RECORD]
            asked = _asked(some, ends)
            same = sa.and_(*[mine == theirs for mine, theirs in zip(ends, asked.c, strict=True)])
            query: sa.Select[Any] = sa.select(*columns, sa.literal_column("1").label("stands"))
            query = query.select_from(asked.join(decision, same)).where(*_standing(seen, decision))
            parts.append(bulk.read(connection, query, DECISIONS))
    return pl.concat(parts)


def _asked(records: pl.DataFrame, ends: list[sa.Column[Any]]) -> sa.CTE:
    """The records as a table: SQLite would read everything for a list of pairs."""
    columns = [sa.column(name, end.type) for name, end in zip(RECORD, ends, strict=True)]
    return sa.values(*columns, name="given").data(records.rows()).cte("asked")


def _standing(seen: Snapshot, table: sa.Table) -> list[sa.ColumnElement[bool]]:
    """What is true of the statements of a table that stand in the snapshot: none replaced or took them back."""
    later = table.alias("later")
    replaced = sa.exists().where(later.c.supersedes == table.c.id, seen.includes(later.c.rev))
    return [table.c.kind != "withdrawn", seen.includes(table.c.rev), sa.not_(replaced)]
