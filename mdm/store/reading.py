"""Reading in bulk: whole tables of one snapshot, as frames in the order of their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl
import sqlalchemy as sa

from mdm.records import CROSSWALK, LINEAGE, MASTERS, PUBLISH_CHANGES, QUARANTINE, TableSchema
from mdm.store import bulk, tables
from mdm.store.asked import join_asked
from mdm.store.frames import (
    DECISIONS,
    GOLDEN_HASHES,
    INPUT_FILES,
    RECORD_HASHES,
    STORED_GOLDEN,
    STORED_LINKS,
    STORED_QUARANTINE,
    STORED_RECORDS,
)

if TYPE_CHECKING:
    from mdm.records import RecordKey
    from mdm.store.snapshot import Snapshot
    from mdm.store.tables import Revised

KEYS_WORTH_A_SCAN: Final = 100_000
"""From this many keys on, reading everything and keeping the wanted rows is faster than asking for each."""


def read_standing(
    connection: sa.Connection, seen: Snapshot, revised: Revised, schema: TableSchema, *also: sa.ColumnElement[bool]
) -> pl.DataFrame:
    """The rows of a revised table that stand in the snapshot (and fit `also`), sorted by key."""
    table = revised.table
    query: sa.Select[Any] = sa.select(*[table.c[name] for name in schema]).where(seen.stands(table), *also)
    return bulk.read(connection, query.order_by(*[table.c[name] for name in revised.key]), schema)


def read_record_hashes(connection: sa.Connection, seen: Snapshot, keys: pl.DataFrame | None) -> pl.DataFrame:
    """RECORD_HASHES: all of them, or those of the given (system, key)."""
    return _of_records(connection, seen, RECORD_HASHES, keys)


def read_records(connection: sa.Connection, seen: Snapshot, keys: pl.DataFrame | None) -> pl.DataFrame:
    """STORED_RECORDS: all of them, or those of the given (system, key)."""
    return _of_records(connection, seen, STORED_RECORDS, keys)


def _of_records(
    connection: sa.Connection, seen: Snapshot, schema: TableSchema, keys: pl.DataFrame | None
) -> pl.DataFrame:
    if keys is None:
        return read_standing(connection, seen, tables.RECORDS, schema)
    return read_of_keys(connection, seen, tables.RECORDS, schema, keys)


def read_of_keys(
    connection: sa.Connection, seen: Snapshot, revised: Revised, schema: TableSchema, keys: pl.DataFrame
) -> pl.DataFrame:
    """The standing rows of the given keys, sorted by key; a key without one is no error."""
    key = list(revised.key)
    wanted = keys.select(key).unique().sort(key)
    if wanted.height >= KEYS_WORTH_A_SCAN:
        return read_standing(connection, seen, revised, schema).join(wanted, on=key, how="semi", maintain_order="left")
    table = revised.table
    mine = [table.c[name] for name in revised.key]
    query: sa.Select[Any] = sa.select(*[table.c[name] for name in schema])
    query = query.select_from(join_asked(connection, wanted.rows(), mine))
    return bulk.read(connection, query.where(seen.stands(table)).order_by(*mine), schema)


def read_crosswalk(connection: sa.Connection, seen: Snapshot) -> pl.DataFrame:
    return read_standing(connection, seen, tables.CROSSWALKS, CROSSWALK)


def read_owner(connection: sa.Connection, seen: Snapshot, record: RecordKey) -> str | None:
    crosswalk = tables.crosswalk
    mine = sa.select(crosswalk.c.master_id).where(crosswalk.c.system == record.system, crosswalk.c.key == record.key)
    return connection.execute(mine.where(seen.stands(crosswalk))).scalar_one_or_none()


def read_crosswalk_of(connection: sa.Connection, seen: Snapshot, keys: pl.DataFrame) -> pl.DataFrame:
    return read_of_keys(connection, seen, tables.CROSSWALKS, CROSSWALK, keys)


def read_masters(connection: sa.Connection, seen: Snapshot) -> pl.DataFrame:
    """MASTERS by their sequence."""
    master, state = tables.master, tables.master_state
    here = sa.and_(state.c.master_id == master.c.master_id, seen.stands(state))
    query: sa.Select[Any] = (
        sa.select(
            master.c.master_id,
            master.c.sequence,
            sa.func.coalesce(state.c.state, "active").label("state"),
            state.c.into,
        )
        .select_from(master.outerjoin(state, here))
        .where(seen.includes(master.c.rev))
        .order_by(master.c.sequence)
    )
    return bulk.read(connection, query, MASTERS)


def read_links(connection: sa.Connection, seen: Snapshot, band: str | None) -> pl.DataFrame:
    only = [] if band is None else [tables.link.c.band == band]
    return read_standing(connection, seen, tables.LINK_ROWS, STORED_LINKS, *only)


def read_links_of(connection: sa.Connection, seen: Snapshot, pairs: pl.DataFrame) -> pl.DataFrame:
    return read_of_keys(connection, seen, tables.LINK_ROWS, STORED_LINKS, pairs)


def read_golden(connection: sa.Connection, seen: Snapshot, ids: pl.DataFrame | None) -> pl.DataFrame:
    """STORED_GOLDEN: all of them, or those of the given master ids."""
    if ids is None:
        return read_standing(connection, seen, tables.GOLDENS, STORED_GOLDEN)
    return read_of_keys(connection, seen, tables.GOLDENS, STORED_GOLDEN, ids)


def read_golden_hashes(connection: sa.Connection, seen: Snapshot) -> pl.DataFrame:
    return read_standing(connection, seen, tables.GOLDENS, GOLDEN_HASHES)


def read_publish_changes(connection: sa.Connection, seen: Snapshot) -> pl.DataFrame:
    return read_standing(connection, seen, tables.CHANGES, PUBLISH_CHANGES)


def read_quarantine_rows(connection: sa.Connection, seen: Snapshot) -> pl.DataFrame:
    return read_standing(connection, seen, tables.QUARANTINED, STORED_QUARANTINE)


def read_quarantine(connection: sa.Connection, seen: Snapshot) -> pl.DataFrame:
    """QUARANTINE, by system, file, record number and then all the rest."""
    return read_quarantine_rows(connection, seen).select(list(QUARANTINE)).sort(list(QUARANTINE))


def read_lineage(connection: sa.Connection, seen: Snapshot) -> pl.DataFrame:
    """LINEAGE of all revisions up to this one, in the order in which it happened, with the revision before it."""
    table = tables.lineage
    schema = {"rev": bulk.NUMBER, **LINEAGE}
    query: sa.Select[Any] = sa.select(*[table.c[name] for name in schema]).where(seen.includes(table.c.rev))
    return bulk.read(connection, query.order_by(table.c.rev, table.c.position), schema)


def read_input_files(connection: sa.Connection, seen: Snapshot) -> pl.DataFrame:
    """The INPUT_FILES of the latest run of the snapshot."""
    table, run = tables.input_file, tables.run
    latest = sa.select(run.c.staged_as).where(run.c.rev <= seen.at).order_by(run.c.rev.desc()).limit(1)
    query: sa.Select[Any] = sa.select(*[table.c[name] for name in INPUT_FILES])
    query = query.where(table.c.rev == latest.scalar_subquery()).order_by(table.c.system, table.c.path)
    return bulk.read(connection, query, INPUT_FILES)


def read_decisions(connection: sa.Connection, seen: Snapshot) -> pl.DataFrame:
    later = tables.decision.alias("later")
    replaced = sa.exists().where(later.c.supersedes == tables.decision.c.id, seen.includes(later.c.rev))
    return _read_decisions(connection, seen.includes(tables.decision.c.rev), replaced)


def read_later_decisions(connection: sa.Connection, number: int) -> pl.DataFrame:
    """DECISIONS with a higher number than that, oldest first."""
    later = tables.decision.alias("later")
    replaced = sa.exists().where(later.c.supersedes == tables.decision.c.id)
    return _read_decisions(connection, tables.decision.c.id > number, replaced)


def _read_decisions(connection: sa.Connection, which: sa.ColumnElement[bool], replaced: sa.Exists) -> pl.DataFrame:
    columns = [tables.decision.c[name] for name in DECISIONS if name != "stands"]
    query: sa.Select[Any] = sa.select(*columns, sa.case((replaced, 0), else_=1).label("stands"))
    return bulk.read(connection, query.where(which).order_by(tables.decision.c.id), DECISIONS)
