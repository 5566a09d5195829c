"""Back a store up while stewards work, and bring a backup back: of either engine, onto either engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any, Final

import polars as pl
import sqlalchemy as sa

from mdm.errors import InputRefused, StoreRefused
from mdm.records import TableSchema
from mdm.settings import Secret
from mdm.store import bulk, schema, tables
from mdm.store.audit import Deed, changing, read_entries, read_store_id
from mdm.store.audit_anchor import KEY_LOST, Anchor, Keeper
from mdm.store.audit_chain import Entry, walk
from mdm.store.backup_archive import Manifest, Unpacked, packing, unpacked
from mdm.store.database import Database
from mdm.store.ledger import last_issued
from mdm.store.lock import is_scanning
from mdm.store.snapshot import locked_pointer, snapshot

LEFT_OUT: Final = ("scan_lock", "desk_session")
"""Who is scanning or signed in just now does not last: a restored session would bring a dead cookie back to life."""

FUNCTIONS: Final = ("mdm_keep_ids", "audit_is_append_only", "audit_goes_on")
"""What the migrations make on PostgreSQL beside tables."""


def back_up(database: Database, into: Path, at: str) -> Manifest:
    """Write a backup of everything finished, as it stood at one moment; nobody has to wait for it.

    Raises StoreRefused where the audit's key is missing and InputRefused where the file is already there.
    """
    if into.exists():
        raise InputRefused(f"{into} is already there.", "Name another file; a backup is never written over.")
    if not into.parent.is_dir():
        raise InputRefused(f"The folder {into.parent} is not there.", "Make it first.")
    with database.looking() as connection, packing(into) as packer:
        seen = snapshot(connection)
        building = connection.execute(sa.select(tables.pointer.c.building)).scalar_one()
        entries = list(read_entries(connection))
        key = database.keeper.key()
        if key is None and entries:
            raise StoreRefused("The key of this store's audit is not here.", KEY_LOST)
        for table in tables.metadata.sorted_tables:
            if table.name not in LEFT_OUT:
                parts = bulk.read_parts(connection, _finished(table, building), _schema(table))
                packer.pack(table.name, _schema(table), parts)
        manifest = Manifest(
            made_at=at,
            store_id=read_store_id(connection),
            schema=schema.head(),
            revision=seen.at,
            issued=last_issued(connection),
            audit_rows=len(entries),
            audit_head=entries[-1].hash if entries else "",
            tables=packer.tables,
        )
        packer.finish(manifest, key or b"", into)
    return manifest


def _finished(table: sa.Table, building: int | None) -> sa.Select[Any]:
    """The rows of a table by its primary key, without what an unfinished scan has staged or ended."""
    columns: list[sa.ColumnElement[Any]] = list(table.columns)
    order = list(table.primary_key.columns)
    if building is None:
        return sa.select(*columns).order_by(*order)
    if table is tables.pointer:
        return sa.select(*[sa.null().label(c.name) if c.name == "building" else c for c in table.columns])
    if table in tables.APPENDED:
        return sa.select(*columns).where(table.c.rev != building).order_by(*order)
    if "rev_to" in table.c:
        ended = sa.case((table.c.rev_to == building, sa.null()), else_=table.c.rev_to).label("rev_to")
        kept = [ended if c.name == "rev_to" else c for c in table.columns]
        return sa.select(*kept).where(table.c.rev_from != building).order_by(*order)
    return sa.select(*columns).order_by(*order)


def _schema(table: sa.Table) -> TableSchema:
    return {column.name: _type(column) for column in table.columns}


def _type(column: sa.Column[Any]) -> pl.DataType:
    if isinstance(column.type, sa.Text):
        return bulk.TEXT
    if isinstance(column.type, sa.Boolean):
        return pl.Boolean()
    return pl.Float64() if isinstance(column.type, sa.Double) else bulk.NUMBER


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Who restores and when. With `replaces` the store that is there goes; `published` is the highest number of a
    master id that any system says.
    """

    actor: str
    at: str
    replaces: bool = False
    published: int = 0


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back. `lost_rows` are rows of audit from after the backup, `next_id` is the next number."""

    manifest: Manifest
    lost_rows: int
    next_id: int


def restore(database: Database, backup: Path, wish: Wish) -> Restored:
    """Bring a backup back, whole or not at all: checked first, then put in place by one transaction.

    No number of a master id that the backup, the store that was here, its anchor or a system knows is used again.
    Raises InputRefused for a backup that is damaged or changed, and StoreRefused where there already is a store that
    nobody allowed to replace, or a scan is at work in it.
    """
    key = database.keeper.key()
    if key is None:
        raise StoreRefused("The key of the audit in the backup is not here.", KEY_LOST)
    with unpacked(backup, key) as found:
        _refuse_unfit(found, key)
        before = _anchor(database.keeper, found.manifest.store_id)
        # The anchor is that of the store that goes; it is written anew when the other one is in its place.
        unanchored = replace(database, keeper=Keeper(None, Secret(key.decode())))
        with changing(unanchored) as change:
            there = _make_room(change.connection, wish)
            schema.upgrade(change.connection, found.manifest.schema)
            _fill(change.connection, found)
            schema.upgrade(change.connection, schema.head())
            known = max(before.highest_id if before else 0, there, wish.published)
            issued = _use_up(change.connection, known)
            lost = max(0, (before.seq if before else 0) - found.manifest.audit_rows)
            change.record(_deed(found.manifest, wish, before, issued))
    if change.anchor is not None:
        database.keeper.write_anchor(change.anchor, replace=True)
    database.count_rows()
    return Restored(found.manifest, lost, issued + 1)


def _refuse_unfit(found: Unpacked, key: bytes) -> None:
    manifest = found.manifest
    if manifest.schema not in schema.versions():
        raise InputRefused(f"The backup was made by a newer mdm (schema {manifest.schema}).", "Update mdm first.")
    walked = walk(_entries(found), key)
    if walked.faults:
        raise InputRefused(f"The audit in the backup is broken: {walked.faults[0]}", "Take an earlier backup.")
    end = (walked.head.seq, walked.head.hash) if walked.head else (0, "")
    if end != (manifest.audit_rows, manifest.audit_head):
        raise InputRefused("The audit in the backup does not end where its manifest says.", "Take another backup.")


def _entries(found: Unpacked) -> Iterator[Entry]:
    for part in found.parts("audit") if "audit" in found.manifest.tables else ():
        yield from (Entry(*row) for row in part.iter_rows())


def _anchor(keeper: Keeper, store_id: str) -> Anchor | None:
    """The anchor of the same store; one that somebody changed says nothing."""
    try:
        anchor = keeper.read_anchor()
    except StoreRefused:
        return None
    return anchor if anchor and anchor.store_id == store_id else None


def _make_room(connection: sa.Connection, wish: Wish) -> int:
    """Drop what is there, if that is wanted; returns the highest number of a master id it had used."""
    inspector = sa.inspect(connection)
    there = set(inspector.get_table_names())
    if not there:
        return 0
    if schema.VERSION_TABLE not in there:
        raise StoreRefused("The database holds tables that are not ours.", "Name an empty database or another file.")
    issued = 0
    if "pointer" in there:
        current, _ = connection.execute(sa.text("SELECT current, building FROM pointer")).one()
        if current and not wish.replaces:
            raise StoreRefused(
                f"There already is a store, at revision {current}; nothing was changed.",
                "To lose it for the backup, say --replace.",
            )
        if is_scanning(connection):
            raise StoreRefused("A scan is at work in this store.", "Wait for it, or remove its lock: mdm unlock.")
        known = {column["name"] for column in inspector.get_columns("pointer")}
        counted = "issued" if "issued" in known else "(SELECT coalesce(max(sequence), 0) FROM master)"
        issued = int(connection.execute(sa.text(f"SELECT {counted} FROM pointer")).scalar_one())  # noqa: S608 - our own names
    for table in reversed(tables.metadata.sorted_tables):
        connection.execute(sa.text(f"DROP TABLE IF EXISTS {table.name}"))
    connection.execute(sa.text(f"DROP TABLE {schema.VERSION_TABLE}"))
    if connection.dialect.name == "postgresql":
        for function in FUNCTIONS:
            connection.execute(sa.text(f"DROP FUNCTION IF EXISTS {function}"))
    return issued


def _fill(connection: sa.Connection, found: Unpacked) -> None:
    made = sa.MetaData()
    made.reflect(connection)
    for name in ("revision", "pointer", "meta"):
        connection.execute(sa.delete(made.tables[name]))  # what the making of an empty store puts in
    for table in made.sorted_tables:
        if table.name not in found.manifest.tables:
            continue
        rows = sum(bulk.insert(connection, table, part) for part in found.parts(table.name))
        if rows != found.manifest.tables[table.name].rows:
            raise InputRefused(f"Table {table.name} in the backup is not whole.", "Take another backup.")


def _use_up(connection: sa.Connection, known: int) -> int:
    """Never give out again what anybody knows; returns the highest number that is used up now."""
    locked_pointer(connection)
    issued = max(last_issued(connection), known)
    connection.execute(sa.update(tables.pointer).values(issued=issued))
    return issued


def _deed(manifest: Manifest, wish: Wish, before: Anchor | None, issued: int) -> Deed:
    said = {
        "made_at": manifest.made_at,
        "revision_restored": manifest.revision,
        "rows_restored": manifest.audit_rows,
        "anchor_before": None if before is None else list(astuple(before)),
        "issued": issued,
    }
    return Deed(wish.at, wish.actor, "restore", f"store {manifest.store_id}", said)
