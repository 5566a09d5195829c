"""Which rows a reader sees: those of one revision, without what a scan is still building."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from mdm.errors import SettingsInvalid
from mdm.store.tables import pointer, revision


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything up to revision `at`, except revision `skips`, which was unfinished then (0 when none was)."""

    at: int
    skips: int

    def stands(self, table: sa.FromClause) -> sa.ColumnElement[bool]:
        """True for the rows of a revised table that stand in this snapshot."""
        began = sa.and_(table.c.rev_from <= self.at, table.c.rev_from != self.skips)
        return sa.and_(began, sa.or_(table.c.rev_to.is_(None), table.c.rev_to > self.at, table.c.rev_to == self.skips))

    def includes(self, rev: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
        """True for the rows of an append-only table that were there in this snapshot."""
        return sa.and_(rev <= self.at, rev != self.skips)


def snapshot(connection: sa.Connection, at: int | None = None) -> Snapshot:
    """What readers see now, or saw when revision `at` was the latest. Raises SettingsInvalid for one that never was."""
    current = connection.execute(sa.select(pointer.c.current)).scalar_one()
    rev = current if at is None else at
    skips = connection.execute(
        sa.select(revision.c.skips).where(revision.c.rev == rev, revision.c.rev <= current)
    ).scalar_one_or_none()
    if skips is None:
        raise SettingsInvalid(f"The store has no revision {rev}.", f"The latest is {current}.")
    return Snapshot(rev, skips)


def state_revision(connection: sa.Connection) -> int:
    """The latest revision that is more than a decision or a pin: until then customers are as they were."""
    latest = sa.select(sa.func.max(revision.c.rev)).where(revision.c.kind.not_in(("decision", "pin")))
    return int(
        connection.execute(latest.where(revision.c.rev <= sa.select(pointer.c.current).scalar_subquery())).scalar_one()
    )


def next_revision(connection: sa.Connection, kind: str, at: str) -> int:
    """Make a small change visible at once, beside a scan that may be building: one more revision, now the current one.

    Belongs into the transaction of the change.
    """
    current, building = locked_pointer(connection)
    rev = max(current, building or 0) + 1
    connection.execute(sa.insert(revision).values(rev=rev, kind=kind, at=at, skips=building or 0))
    connection.execute(sa.update(pointer).values(current=rev))
    return rev


def locked_pointer(connection: sa.Connection) -> tuple[int, int | None]:
    """The current revision and the one being built, held against other writers until the transaction ends."""
    row = connection.execute(sa.select(pointer.c.current, pointer.c.building).with_for_update()).one()
    return row.current, row.building
