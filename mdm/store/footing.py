"""What a deed stands on: everything a store shows of a few customers, so that any change of it is noticed."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import sqlalchemy as sa

from mdm.records import MASTERS, PUBLISH_CHANGES
from mdm.store import bulk, tables
from mdm.store.frames import STORED_GOLDEN, STORED_RECORDS
from mdm.store.known import RECORD, pins_of, read_overrides
from mdm.store.reading import read_standing

if TYPE_CHECKING:
    from collections.abc import Collection

    from mdm.records import TableSchema
    from mdm.store.snapshot import Snapshot

MEMBERS: Final[TableSchema] = {**STORED_RECORDS, "master_id": bulk.TEXT}
"""Source records as kept, and whose they are."""

PAIR: Final[TableSchema] = dict.fromkeys(("system_l", "key_l", "system_r", "key_r"), bulk.TEXT)


@dataclass(frozen=True, slots=True, eq=False)
class Footing:
    """Some customers at one revision: MASTERS of their ids and of those that lead there, MEMBERS, STORED_GOLDEN,
    PUBLISH_CHANGES, OVERRIDES and PINS; and the links of band auto from their records to those of others, as pairs.
    """

    masters: pl.DataFrame
    members: pl.DataFrame
    golden: pl.DataFrame
    changes: pl.DataFrame
    overrides: pl.DataFrame
    pins: pl.DataFrame
    links: pl.DataFrame

    def is_that_of(self, other: Footing) -> bool:
        return all(getattr(self, f.name).equals(getattr(other, f.name)) for f in fields(self))

    def as_image(self) -> str:
        """The before-image of a journal: all but the records' own values, which the records themselves keep."""
        frames = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "links"}
        frames["members"] = self.members.select(*RECORD, "master_id", "row_hash")
        return json.dumps({name: frame.to_dicts() for name, frame in frames.items()}, ensure_ascii=False)


def footing(connection: sa.Connection, seen: Snapshot, master_ids: Collection[str]) -> Footing:
    """What the snapshot shows of these customers."""
    ids = sorted(master_ids)
    members = _members(connection, seen, ids)
    golden, change = tables.golden, tables.publish_change
    return Footing(
        masters=_masters(connection, seen, ids),
        members=members,
        golden=read_standing(connection, seen, tables.GOLDENS, STORED_GOLDEN, golden.c.master_id.in_(ids)),
        changes=read_standing(connection, seen, tables.CHANGES, PUBLISH_CHANGES, change.c.master_id.in_(ids)),
        overrides=read_overrides(connection, seen, ids),
        pins=pins_of(connection, seen, members.select(RECORD)),
        links=_links(connection, seen, ids),
    )


def _links(connection: sa.Connection, seen: Snapshot, ids: list[str]) -> pl.DataFrame:
    link, crosswalk = tables.link, tables.crosswalk
    mine = sa.select(crosswalk.c.system, crosswalk.c.key).where(crosswalk.c.master_id.in_(ids), seen.stands(crosswalk))
    here = mine.subquery()
    parts = []
    for side in "lr":
        same = sa.and_(link.c[f"system_{side}"] == here.c.system, link.c[f"key_{side}"] == here.c.key)
        query: sa.Select[Any] = sa.select(*[link.c[name] for name in PAIR]).select_from(here.join(link, same))
        parts.append(bulk.read(connection, query.where(link.c.band == "auto", seen.stands(link)), PAIR))
    return pl.concat(parts).unique().sort(list(PAIR))


def _members(connection: sa.Connection, seen: Snapshot, ids: list[str]) -> pl.DataFrame:
    crosswalk, record = tables.crosswalk, tables.source_record
    columns = [crosswalk.c.master_id if name == "master_id" else record.c[name] for name in MEMBERS]
    same = sa.and_(record.c.system == crosswalk.c.system, record.c.key == crosswalk.c.key)
    query: sa.Select[Any] = sa.select(*columns).select_from(crosswalk.join(record, same))
    query = query.where(crosswalk.c.master_id.in_(ids), seen.stands(crosswalk), seen.stands(record))
    return bulk.read(connection, query.order_by(record.c.system, record.c.key), MEMBERS)


def _masters(connection: sa.Connection, seen: Snapshot, ids: list[str]) -> pl.DataFrame:
    """The ids themselves and those that lead to one of them, by sequence."""
    master, state = tables.master, tables.master_state
    here = sa.and_(state.c.master_id == master.c.master_id, seen.stands(state))
    into = state.c["into"]
    query: sa.Select[Any] = sa.select(
        master.c.master_id, master.c.sequence, sa.func.coalesce(state.c.state, "active").label("state"), into
    ).select_from(master.outerjoin(state, here))
    leading = sa.select(state.c.master_id).where(into.in_(ids), seen.stands(state))
    query = query.where(sa.or_(master.c.master_id.in_(ids), master.c.master_id.in_(leading)))
    return bulk.read(connection, query.where(seen.includes(master.c.rev)).order_by(master.c.sequence), MASTERS)
