"""What became different between two revisions, page by page: rows that are new or another, and keys that are gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from mdm.records import CROSSWALK, TableSchema
from mdm.store import bulk
from mdm.store.snapshot import Snapshot, snapshot
from mdm.store.tables import CROSSWALKS, GOLDENS, Revised, revision

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from mdm.store.database import Database

GOLDEN_SINCE: Final[TableSchema] = {"master_id": bulk.TEXT, "kind": bulk.TEXT, "body": bulk.TEXT}
NOTHING: Final = Snapshot(0, 0)
"""What was there before the first revision."""


@dataclass(frozen=True, slots=True)
class Since:
    """From which revision to which, behind which key, and how many rows at most."""

    old: int
    new: int
    after: Sequence[str] | None
    most: int


class Changes:
    """The changes of the crosswalk and of golden records."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def moment(self, revision_number: int) -> str | None:
        """When that revision became visible (ISO text); None for one that never was, or is not yet."""
        with self._database.reading() as connection:
            current = snapshot(connection).at
            query = sa.select(revision.c.at).where(revision.c.rev == revision_number, revision.c.rev <= current)
            return connection.execute(query).scalar_one_or_none()

    def crosswalk(self, since: Since) -> pl.DataFrame:
        """CROSSWALK and `gone`, by system and key."""
        with self._database.reading() as connection:
            return _changed(connection, since, CROSSWALKS, CROSSWALK)

    def golden(self, since: Since) -> pl.DataFrame:
        """GOLDEN_SINCE and `gone`, by master id; `body` is JSON."""
        with self._database.reading() as connection:
            return _changed(connection, since, GOLDENS, GOLDEN_SINCE)


def _changed(connection: sa.Connection, since: Since, revised: Revised, schema: TableSchema) -> pl.DataFrame:
    """A row that ended without another one in its place is there once as what it was, with `gone` = 1."""
    table = revised.table
    old = snapshot(connection, since.old) if since.old else NOTHING
    new = snapshot(connection, since.new)
    other = table.alias("other")
    keys = [table.c[name] for name in revised.key]
    same = sa.and_(*[other.c[name] == table.c[name] for name in revised.key])
    replaced = sa.exists().where(same, new.stands(other))
    began = sa.and_(new.stands(table), ~old.stands(table))
    ended = sa.and_(old.stands(table), ~new.stands(table), ~replaced)
    gone = sa.case((ended, 1), else_=0).label("gone")
    query: sa.Select[Any] = sa.select(*[table.c[name] for name in schema], gone).where(sa.or_(began, ended))
    if since.after is not None:
        query = query.where(sa.tuple_(*keys) > sa.tuple_(*[sa.literal(part) for part in since.after]))
    return bulk.read(connection, query.order_by(*keys).limit(since.most), {**schema, "gone": bulk.NUMBER})
