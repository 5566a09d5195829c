"""What an unfinished scan left behind, and how it is removed: in short transactions, as often as it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from mdm.store import bulk
from mdm.store.tables import APPENDED, CHUNK, REVISED, pointer

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from mdm.records import TableSchema
    from mdm.store.database import Database

PAUSE_SECONDS: Final = 0.02
"""Rest between two such transactions, in which others get the lock."""


def clear_unfinished(database: Database, rest: Callable[[float], None]) -> int:
    """Remove the rows of the revision being built and let those it ended stand again; returns the number of writes.

    Readers never saw any of it. Stopped at any point, it can be run again: the mark that something is unfinished goes
    last. Only for the holder of the scan lock.
    """
    with database.reading() as connection:
        building = connection.execute(sa.select(pointer.c.building)).scalar_one()
    if building is None:
        return 0
    writes = 0
    for revised in REVISED:
        table = revised.table
        writes += _in_chunks(database, rest, bulk.delete, table, table.c.rev_from == building)
        writes += _in_chunks(database, rest, bulk.reopen, table, table.c.rev_to == building)
    for table in APPENDED:
        writes += _in_chunks(database, rest, bulk.delete, table, table.c.rev == building)
    with database.writing() as connection:
        connection.execute(sa.update(pointer).values(building=None))
    return writes


def _in_chunks(
    database: Database,
    rest: Callable[[float], None],
    act: Callable[[sa.Connection, sa.Table, pl.DataFrame], int],
    table: sa.Table,
    which: sa.ColumnElement[bool],
) -> int:
    identity = list(table.primary_key.columns)
    with database.reading() as connection:
        query: sa.Select[Any] = sa.select(*identity).where(which).order_by(*identity)
        keys = bulk.read(connection, query, _schema(identity))
    writes = 0
    for chunk in keys.iter_slices(CHUNK):
        with database.writing() as connection:
            writes += act(connection, table, chunk)
        rest(PAUSE_SECONDS)
    return writes


def _schema(columns: list[sa.Column[Any]]) -> TableSchema:
    return {c.name: bulk.TEXT if isinstance(c.type, sa.Text) else bulk.NUMBER for c in columns}
