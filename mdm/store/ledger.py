"""The ledger of master ids: numbers that are never issued twice, and where an id leads, now or on any past day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import polars as pl
import sqlalchemy as sa

from mdm.errors import SchemaMismatch
from mdm.records import LINEAGE
from mdm.store import bulk, tables
from mdm.store.snapshot import locked_pointer

if TYPE_CHECKING:
    from collections.abc import Collection

    from mdm.store.snapshot import Snapshot

MasterState = Literal["active", "merged", "split", "retired", "erased"]


@dataclass(frozen=True, slots=True)
class Successor:
    """An active id, and how many records it has that the id asked for has or once had."""

    master_id: str
    records: int


@dataclass(frozen=True, slots=True)
class Resolved:
    """Where a master id leads.

    `active` is the id that stands for it: itself while active, else the one that holds most of its records, of equal
    ones the one it was redirected to, then the oldest; None for one that is retired or erased. `successors` are all
    active ids that hold a record it has or once had, most first. `lineage` is what happened to it, without moved
    records: LINEAGE with the revision before it. `created_in` is the revision that gave it out.
    """

    master_id: str
    state: MasterState
    active: str | None
    successors: tuple[Successor, ...]
    lineage: pl.DataFrame
    created_in: int


def resolve(connection: sa.Connection, seen: Snapshot, master_id: str) -> Resolved | None:
    """Where an id leads; None for one that was never given out."""
    master, state = tables.master, tables.master_state
    query = (
        sa.select(master.c.rev, state.c.state, state.c["into"])
        .select_from(master.outerjoin(state, sa.and_(state.c.master_id == master.c.master_id, seen.stands(state))))
        .where(master.c.master_id == master_id, seen.includes(master.c.rev))
    )
    found = connection.execute(query).first()
    if found is None:
        return None
    created_in, state_now, into = found
    successors = _successors(connection, seen, master_id, into)
    lineage = lineage_of(connection, seen, [master_id], tables.lineage.c.kind != "move")[master_id]
    active = master_id
    if state_now is not None:
        active = successors[0].master_id if into and successors else into
    return Resolved(master_id, state_now or "active", active, successors, lineage, created_in)


def _successors(connection: sa.Connection, seen: Snapshot, master_id: str, into: str | None) -> tuple[Successor, ...]:
    """By number of records, ties by redirect and age: ids sort like their numbers."""
    lineage, owned, now = tables.lineage, tables.crosswalk.alias("owned"), tables.crosswalk.alias("now")
    left = sa.select(lineage.c.system, lineage.c.key).where(
        lineage.c.from_id == master_id, lineage.c.kind == "move", seen.includes(lineage.c.rev)
    )
    has = sa.select(owned.c.system, owned.c.key).where(owned.c.master_id == master_id, seen.stands(owned))
    ever = left.union(has).subquery()
    count = sa.func.count()
    query = (
        sa.select(now.c.master_id, count)
        .select_from(ever.join(now, sa.and_(now.c.system == ever.c.system, now.c.key == ever.c.key)))
        .where(seen.stands(now))
        .group_by(now.c.master_id)
        .order_by(count.desc(), sa.case((now.c.master_id == into, 0), else_=1), now.c.master_id)
    )
    return tuple(Successor(successor, int(records)) for successor, records in connection.execute(query))


def lineage_of(
    connection: sa.Connection, seen: Snapshot, master_ids: Collection[str], *also: sa.ColumnElement[bool]
) -> dict[str, pl.DataFrame]:
    """What happened to each id, without its creation, in the order in which it happened: LINEAGE with the revision."""
    table = tables.lineage
    schema = {"rev": bulk.NUMBER, **LINEAGE}
    columns = [table.c[name] for name in schema]
    parts = [
        sa.select(of.label("of"), table.c.position, *columns).where(of.in_(master_ids), seen.includes(table.c.rev), *on)
        for of, on in ((table.c.from_id, also), (table.c.to_id, (table.c.kind != "create", *also)))
    ]
    both = sa.union(*parts).subquery()
    query: sa.Select[Any] = sa.select(both.c["of"], *[both.c[name] for name in schema])
    found = bulk.read(connection, query.order_by(both.c.rev, both.c.position), {"of": bulk.TEXT, **schema})
    return {master_id: found.filter(pl.col("of") == master_id).drop("of") for master_id in master_ids}


def last_issued(connection: sa.Connection) -> int:
    """The highest number that was ever put into a master id."""
    return int(connection.execute(sa.select(tables.pointer.c.issued)).scalar_one())


def issue(connection: sa.Connection, first: int, last: int) -> None:
    """Use up the numbers from `first` to `last`, for ever: whatever becomes of the scan, nobody gets them again.

    Belongs into a transaction before the one that writes the ids. Raises SchemaMismatch where they were used before.
    """
    locked_pointer(connection)
    issued = last_issued(connection)
    if first <= issued:
        raise SchemaMismatch(
            f"The numbers of master ids are used up to {issued}; {first} was to be given out again.",
            "This is a fault of the tool; nothing was written.",
        )
    connection.execute(sa.update(tables.pointer).values(issued=last))
