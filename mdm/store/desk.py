"""Queries of the desk: pages by key, never by offset; a customer with everything that is known of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import polars as pl
import sqlalchemy as sa

from mdm.errors import SettingsInvalid
from mdm.records import parse_master_id
from mdm.store import bulk, tables
from mdm.store.frames import GOLDEN_PAGE, STORED_LINKS
from mdm.store.ledger import lineage_of
from mdm.store.rows import Origin, provenance_of, search_text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from mdm.store.snapshot import Snapshot

GoldenOrder = Literal["name", "records", "master_id"]
"""By name; by number of records, most first; by master id, which is by age. Ties by master id."""


OWNERS: Final = ("master_id_l", "master_id_r")
LINKS_AMONG: Final = {**STORED_LINKS, **dict.fromkeys(OWNERS, bulk.TEXT)}
"""Links both of whose records belong to some customers, and to which of them."""

UMLAUTS: Final = (("ae", "a"), ("oe", "o"), ("ue", "u"))


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines of a list. `after` is what to ask the next page with; None when this is the last."""

    rows: pl.DataFrame
    after: tuple[Any, ...] | None


@dataclass(frozen=True, slots=True)
class Member:
    """One source record of a customer; `values` are its mapped values by role."""

    system: str
    key: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Customer:
    """One golden record, where its values come from, its records, the links among them and what happened to its id.

    `provenance` gives the origin of each value; `links` is STORED_LINKS; `lineage` is LINEAGE with the
    revision before it; `created_in` is the revision that gave out the id.
    """

    master_id: str
    name: str
    values: Mapping[str, str]
    provenance: Mapping[str, Origin]
    members: tuple[Member, ...]
    links: pl.DataFrame
    lineage: pl.DataFrame
    created_in: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What part of a list is wanted: lines that fit `search`, behind `after`, at most `limit`.

    With `ids` the customers of these master ids are wanted, whatever the search says.
    """

    search: str = ""
    after: tuple[Any, ...] | None = None
    limit: int = 50
    ids: tuple[str, ...] = ()


def page_golden(connection: sa.Connection, seen: Snapshot, asked: Asked, order: GoldenOrder) -> Page:
    """GOLDEN_PAGE lines of customers. `search` is as typed: a master id, or words that must all be in the name."""
    table = tables.golden
    leading = {"name": table.c.name_search, "records": table.c.records}.get(order)
    ordered = [table.c.master_id] if leading is None else [_direction(leading), table.c.master_id]
    columns = [table.c[name] for name in GOLDEN_PAGE]
    query: sa.Select[Any] = sa.select(*columns, table.c.name_search).where(
        seen.stands(table), *matches_search(asked.search, asked.ids), *_behind(leading, asked.after)
    )
    schema = {**GOLDEN_PAGE, "name_search": bulk.TEXT}
    found = bulk.read(connection, query.order_by(*ordered).limit(asked.limit + 1), schema)
    place = ["master_id"] if leading is None else [leading.name, "master_id"]
    return one_page(found, asked.limit, place, GOLDEN_PAGE)


def count_golden(connection: sa.Connection, seen: Snapshot, search: str, ids: tuple[str, ...]) -> int:
    query = sa.select(sa.func.count()).select_from(tables.golden)
    return int(connection.execute(query.where(seen.stands(tables.golden), *matches_search(search, ids))).scalar_one())


def _direction(leading: sa.Column[Any]) -> sa.ColumnElement[Any]:
    return leading.desc() if leading is tables.golden.c.records else leading


def _behind(leading: sa.Column[Any] | None, after: tuple[Any, ...] | None) -> list[sa.ColumnElement[bool]]:
    """Behind the line `after`, written so that an index on the order leads straight there."""
    if after is None:
        return []
    by_id = tables.golden.c.master_id > after[-1]
    if leading is None:
        return [by_id]
    if leading is tables.golden.c.records:
        return [leading <= after[0], sa.or_(leading < after[0], by_id)]
    return [leading >= after[0], sa.or_(leading > after[0], by_id)]


def matches_search(search: str, ids: tuple[str, ...] = ()) -> list[sa.ColumnElement[bool]]:
    """What is true of a golden row that fits a search as typed; nothing for an empty search."""
    if ids:
        return [tables.golden.c.master_id.in_(ids)]
    try:
        sequence = parse_master_id(search)
    except SettingsInvalid:
        return [_plainer(tables.golden.c.name_search).contains(word, autoescape=True) for word in _words(search)]
    master = tables.master
    return [
        tables.golden.c.master_id
        == sa.select(master.c.master_id).where(master.c.sequence == sequence).scalar_subquery()
    ]


def _words(search: str) -> list[str]:
    words = _folded(search)
    for written, plain in UMLAUTS:
        words = words.replace(written, plain)
    return words.split()


def _plainer(column: sa.Column[str]) -> sa.ColumnElement[str]:
    """A folded name with ae, oe and ue as a, o and u: what is typed is written so too, so that either finds both."""
    found: sa.ColumnElement[str] = column
    for written, plain in UMLAUTS:
        found = sa.func.replace(found, written, plain)
    return found


def _folded(text: str) -> str:
    return str(pl.select(search_text(pl.lit(text))).item())


def one_page(found: pl.DataFrame, limit: int, place: list[str], schema: Mapping[str, pl.DataType]) -> Page:
    """The first `limit` lines; one more was asked for to know whether there is a next page."""
    lines = found.head(limit)
    after = lines.select(place).row(-1) if found.height > limit else None
    return Page(lines.select(list(schema)), after)


def get_customers(connection: sa.Connection, seen: Snapshot, master_ids: Collection[str]) -> dict[str, Customer]:
    """The customers of active master ids, each by its id; an id that no golden record has is left out."""
    ids, table = sorted(master_ids), tables.golden
    query = sa.select(table.c.master_id, table.c.name, table.c.body, table.c.provenance, tables.master.c.rev)
    found = connection.execute(
        query.join(tables.master).where(table.c.master_id.in_(ids), seen.stands(table)).order_by(table.c.master_id)
    ).all()
    members, links = _members(connection, seen, ids), read_links_among(connection, seen, ids)
    lineage = lineage_of(connection, seen, ids)
    return {
        row.master_id: Customer(
            master_id=row.master_id,
            name=row.name,
            values=json.loads(row.body),
            provenance=provenance_of(row.provenance),
            members=tuple(members.get(row.master_id, ())),
            links=links.filter(*[pl.col(name) == row.master_id for name in OWNERS]).drop(OWNERS),
            lineage=lineage[row.master_id],
            created_in=row.rev,
        )
        for row in found
    }


def get_customer(connection: sa.Connection, seen: Snapshot, master_id: str) -> Customer | None:
    """The customer of an active master id; None when no golden record has that id (see `resolve`)."""
    return get_customers(connection, seen, [master_id]).get(master_id)


def _members(connection: sa.Connection, seen: Snapshot, ids: list[str]) -> dict[str, list[Member]]:
    crosswalk, record = tables.crosswalk, tables.source_record
    same = sa.and_(record.c.system == crosswalk.c.system, record.c.key == crosswalk.c.key)
    query = (
        sa.select(crosswalk.c.master_id, record.c.system, record.c.key, record.c.body)
        .select_from(crosswalk.join(record, same))
        .where(crosswalk.c.master_id.in_(ids), seen.stands(crosswalk), seen.stands(record))
        .order_by(record.c.system, record.c.key)
    )
    found: dict[str, list[Member]] = {}
    for master_id, system, key, body in connection.execute(query):
        found.setdefault(master_id, []).append(Member(system, key, json.loads(body)))
    return found


def read_links_among(connection: sa.Connection, seen: Snapshot, master_ids: Collection[str]) -> pl.DataFrame:
    """LINKS_AMONG of these customers, by the two record keys."""
    ids, link, left, right = sorted(master_ids), tables.link, tables.crosswalk.alias("cl"), tables.crosswalk.alias("cr")
    owners = [owner.c.master_id.label(name) for owner, name in zip((left, right), OWNERS, strict=True)]
    query: sa.Select[Any] = (
        sa.select(*[link.c[name] for name in STORED_LINKS], *owners)
        .select_from(
            left.join(link, sa.and_(link.c.system_l == left.c.system, link.c.key_l == left.c.key)).join(
                right, sa.and_(link.c.system_r == right.c.system, link.c.key_r == right.c.key)
            )
        )
        .where(left.c.master_id.in_(ids), right.c.master_id.in_(ids))
        .where(seen.stands(link), seen.stands(left), seen.stands(right))
        .order_by(*[link.c[name] for name in tables.LINK_ROWS.key])
    )
    return bulk.read(connection, query, LINKS_AMONG)


def find_owners(connection: sa.Connection, seen: Snapshot, key: str, systems: tuple[str, ...]) -> tuple[str, ...]:
    """The master ids of the records with exactly this key in one of the systems, in their order."""
    crosswalk = tables.crosswalk
    query = sa.select(crosswalk.c.master_id).where(
        crosswalk.c.system.in_(systems), crosswalk.c.key == key, seen.stands(crosswalk)
    )
    return tuple(connection.execute(query.distinct().order_by(crosswalk.c.master_id)).scalars())
