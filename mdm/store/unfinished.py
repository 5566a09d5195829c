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
    from mdm.store.lock import ScanLease

PAUSE_SECONDS: Final = 0.02
"""Rest between two writing transactions, in which others get the lock."""


def clear_unfinished(lease: ScanLease, rest: Callable[[float], None]) -> None:
    """Remove the rows of the revision being built and let those it ended stand again.

    Readers never saw any of it. Stopped at any point, it can be run again: the mark that something is unfinished goes
    last. Raises StoreRefused when the lease is lost; then this is the new holder's work.
    """
    with lease.database.reading() as connection:
        current, building = connection.execute(sa.select(pointer.c.current, pointer.c.building)).one()
    if building is None:
        return
    if current == 0:
        _empty_all(lease)
    else:
        _remove(lease, rest, building)
    with lease.database.writing() as connection:
        lease.verify(connection)
        connection.execute(sa.update(pointer).values(building=None))


def _empty_all(lease: ScanLease) -> None:
    """Before the first revision every row is unfinished, and nobody waits for the lock."""
    for table in (*(revised.table for revised in REVISED), *APPENDED):
        with lease.database.writing() as connection:
            lease.verify(connection)
            connection.execute(sa.delete(table))


def _remove(lease: ScanLease, rest: Callable[[float], None], building: int) -> None:
    def in_chunks(
        act: Callable[[sa.Connection, sa.Table, pl.DataFrame], int], table: sa.Table, which: sa.ColumnElement[bool]
    ) -> None:
        for chunk in _identities(lease, table, which).iter_slices(CHUNK):
            with lease.database.writing() as connection:
                lease.verify(connection)
                act(connection, table, chunk)
            rest(PAUSE_SECONDS)

    for revised in REVISED:
        in_chunks(bulk.delete, revised.table, revised.table.c.rev_from == building)
        in_chunks(bulk.reopen, revised.table, revised.table.c.rev_to == building)
    for table in APPENDED:
        in_chunks(bulk.delete, table, table.c.rev == building)


def _identities(lease: ScanLease, table: sa.Table, which: sa.ColumnElement[bool]) -> pl.DataFrame:
    identity = list(table.primary_key.columns)
    schema: TableSchema = {c.name: bulk.TEXT if isinstance(c.type, sa.Text) else bulk.NUMBER for c in identity}
    query: sa.Select[Any] = sa.select(*identity).where(which).order_by(*identity)
    with lease.database.reading() as connection:
        return bulk.read(connection, query, schema)
