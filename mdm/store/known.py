"""What stands about some records: the decisions on them, also through chains of matches, and their pins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl
import sqlalchemy as sa

from mdm.store import bulk, tables
from mdm.store.asked import join_asked
from mdm.store.frames import DECISIONS, EVIDENCE, OVERRIDES, PINS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mdm.records import RecordKey, TableSchema
    from mdm.store.snapshot import Snapshot

RECORD: Final = ("system", "key")


def frame_of(records: Iterable[RecordKey]) -> pl.DataFrame:
    """Record keys as a frame, each once, in their order."""
    rows = sorted({(record.system, record.key) for record in records})
    return pl.DataFrame(rows, schema=dict.fromkeys(RECORD, bulk.TEXT), orient="row")


def records_of(decisions: pl.DataFrame) -> pl.DataFrame:
    """The records that decisions are about, each once, in their order."""
    ends = [decisions.select(system=f"system_{side}", key=f"key_{side}") for side in "lr"]
    return pl.concat(ends).unique().sort(RECORD)


def decisions_about(connection: sa.Connection, seen: Snapshot, records: pl.DataFrame) -> pl.DataFrame:
    """The standing DECISIONS on these records and on all that matches tie to them, oldest first."""
    found, reached, ask = pl.DataFrame(schema=dict(DECISIONS)), records, records
    while not ask.is_empty():
        more = _on(connection, seen, ask)
        if more.is_empty():  # nobody said anything of most records, and this is looked up under the write lock
            break
        found = pl.concat([found, more]).unique("id")
        ask = (
            records_of(found.filter(pl.col("kind") == "match")).join(reached, on=list(RECORD), how="anti").sort(RECORD)
        )
        reached = pl.concat([reached, ask])
    return found.sort("id")


def _on(connection: sa.Connection, seen: Snapshot, records: pl.DataFrame) -> pl.DataFrame:
    decision = tables.decision
    columns = [*[decision.c[name] for name in DECISIONS if name != "stands"], sa.literal_column("1").label("stands")]
    parts = [pl.DataFrame(schema=dict(DECISIONS))]
    for side in "lr":
        ends = [decision.c[f"{name}_{side}"] for name in RECORD]
        query: sa.Select[Any] = sa.select(*columns).select_from(join_asked(connection, records.rows(), ends))
        parts.append(bulk.read(connection, query.where(*standing(seen, decision)), DECISIONS))
    return pl.concat(parts)


def standing(seen: Snapshot, table: sa.Table) -> list[sa.ColumnElement[bool]]:
    """What is true of the statements of a table that stand in the snapshot: none replaced or took them back."""
    later = table.alias("later")
    replaced = sa.exists().where(later.c.supersedes == table.c.id, seen.includes(later.c.rev))
    return [table.c.kind != "withdrawn", seen.includes(table.c.rev), sa.not_(replaced)]


def pins_of(connection: sa.Connection, seen: Snapshot, records: pl.DataFrame) -> pl.DataFrame:
    """The standing PINS of these records, by record."""
    pin = tables.pin
    mine = join_asked(connection, records.rows(), [pin.c[name] for name in RECORD])
    query: sa.Select[Any] = sa.select(*[pin.c[name] for name in PINS]).select_from(mine)
    return bulk.read(connection, query.where(*standing(seen, pin)), PINS).sort(RECORD)


def read_pins(connection: sa.Connection, seen: Snapshot, master_ids: Iterable[str] | None = None) -> pl.DataFrame:
    """The standing PINS, by record: all of them, or those to some master ids."""
    return _read(connection, seen, tables.pin, PINS, master_ids).sort(RECORD)


def read_overrides(connection: sa.Connection, seen: Snapshot, master_ids: Iterable[str] | None = None) -> pl.DataFrame:
    """The standing OVERRIDES by customer and attribute: all of them, or those of some customers."""
    return _read(connection, seen, tables.override, OVERRIDES, master_ids).sort("master_id", "attribute")


def _read(
    connection: sa.Connection, seen: Snapshot, table: sa.Table, schema: TableSchema, master_ids: Iterable[str] | None
) -> pl.DataFrame:
    only = [] if master_ids is None else [table.c.master_id.in_(sorted(master_ids))]
    query: sa.Select[Any] = sa.select(*[table.c[name] for name in schema]).where(*standing(seen, table), *only)
    return bulk.read(connection, query.order_by(table.c.id), schema)


def read_evidence(connection: sa.Connection, seen: Snapshot, above: int) -> pl.DataFrame:
    """EVIDENCE of the standing decisions with a higher number that a change of a record may ask about again."""
    decision = tables.decision
    query: sa.Select[Any] = sa.select(*[decision.c[name] for name in EVIDENCE]).where(
        *standing(seen, decision), decision.c.id > above, decision.c.kind != "match", decision.c.seen.is_not(None)
    )
    return bulk.read(connection, query.order_by(decision.c.id), EVIDENCE)
