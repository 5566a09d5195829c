"""Whether every golden value is one that a record of its customer was delivered with, or that a steward set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import duckdb
import polars as pl
import sqlalchemy as sa

from mdm.records import GOLDEN_ATTRIBUTES, MULTI_ROLES
from mdm.store import bulk, tables
from mdm.store.known import read_overrides
from mdm.store.verify_state import Check, tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mdm.records import TableSchema
    from mdm.store.snapshot import Snapshot

STANDS_IN: Final = {"name": "legal_name", "street": "full_address"}
"""What survivorship takes of a record that has no value of its own for the attribute."""

CUSTOMERS_A_PART: Final = 50_000

GIVEN: Final[TableSchema] = dict.fromkeys(("master_id", "body", "provenance"), bulk.TEXT)
DELIVERED: Final[TableSchema] = dict.fromkeys(("master_id", "system", "key", "body"), bulk.TEXT)

TOLD: Final = {
    "unreadable": "The golden record of {1} cannot be read.",
    "no origin": "The {} of {} has no origin.",
    "no value": "The {} of {} has an origin, but no value.",
    "not set": "The {} of {} is said to be set by a steward, but nobody set it to that.",
    "not shown": "The {} of {} is set by {} (decision {}), but another value is shown.",
    "stranger": "The {} of {} is said to come from {}:{}, which is not one of its records.",
    "not delivered": "The {} of {} is not what {}:{} was delivered with.",
}
"""Faults and how each is told. Never the values themselves: a fault may be read by whoever looks after the store."""


def check_values(connection: sa.Connection, seen: Snapshot, known: pl.DataFrame) -> Check:
    """Every golden value, some customers at a time; `known` are the OVERRIDES that the last scan obeyed."""
    count, faults = 0, list[pl.DataFrame]()
    with duckdb.connect() as scratch:
        scratch.execute("set enable_progress_bar = false")
        scratch.register("overrides", read_overrides(connection, seen))
        scratch.register("known", known)
        for given, delivered in _some_customers(connection, seen):
            scratch.register("given", given)
            scratch.register("delivered", delivered)
            scratch.execute(_shown())
            counted, some = (scratch.sql(query).pl() for query in (COUNT, FAULTS))
            count += int(counted.item())
            faults.append(some)
    promise = "Every golden value is one that a record of the customer brought, or that a steward set."
    return Check("values", promise, count, _told(pl.concat(faults)) if faults else ())


def _some_customers(connection: sa.Connection, seen: Snapshot) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Golden records as kept and the source records of these customers, in the order of the ids."""
    golden = tables.golden
    query: sa.Select[Any] = sa.select(*[golden.c[name] for name in GIVEN]).where(seen.stands(golden))
    query, above = query.order_by(golden.c.master_id).limit(CUSTOMERS_A_PART), ""
    while not (given := bulk.read(connection, query.where(golden.c.master_id > above), GIVEN)).is_empty():
        last = given["master_id"][-1]
        yield given, _delivered(connection, seen, (above, last))
        above = last


def _delivered(connection: sa.Connection, seen: Snapshot, between: tuple[str, str]) -> pl.DataFrame:
    """The source records of all customers above the first id, up to the second."""
    crosswalk, record, (above, last) = tables.crosswalk, tables.source_record, between
    columns = [crosswalk.c.master_id, record.c.system, record.c.key, record.c.body]
    same = sa.and_(record.c.system == crosswalk.c.system, record.c.key == crosswalk.c.key)
    query: sa.Select[Any] = sa.select(*columns).select_from(crosswalk.join(record, same))
    query = query.where(crosswalk.c.master_id > above, crosswalk.c.master_id <= last)
    return bulk.read(connection, query.where(seen.stands(crosswalk), seen.stands(record)), DELIVERED)


def _told(faults: pl.DataFrame) -> tuple[str, ...]:
    """Each kind of fault by itself, the values in the order of ids and attributes."""
    rows = faults.with_columns(pl.col("attribute").str.replace_all("_", " "))
    told: list[str] = []
    for fault, sentence in TOLD.items():
        mine = rows.filter(pl.col("fault") == fault).sort("master_id", "attribute", "one", "other")
        told += tell(mine.select("attribute", "master_id", "one", "other"), sentence)
    return tuple(told)


def _shown() -> str:
    """SQL for the table `shown`: each attribute with a value or an origin, and whether that record brought it."""
    values = ", ".join(f"b->>'$.{a}'" for a in GOLDEN_ATTRIBUTES)
    names = ", ".join(f"'{a}'" for a in GOLDEN_ATTRIBUTES)
    brought = " ".join(f"when '{a}' then {_brought(a)}" for a in GOLDEN_ATTRIBUTES)
    return SHOWN.format(values=values, names=names, brought=brought)


def _brought(attribute: str) -> str:
    """SQL for the list of values of a record that its customer may have for the attribute."""
    if attribute in MULTI_ROLES:
        return f"d->>'$.{attribute}[*]'"
    own = f"d->>'$.{attribute}'"
    other = STANDS_IN.get(attribute)
    return f"[{own}]" if other is None else f"[coalesce({own}, d->>'$.{other}')]"


SHOWN: Final = """
create or replace temp table shown as
with readable as (
    select master_id, body::json as b, provenance::json as p from given
    where json_valid(body) and json_valid(provenance)
), golden_values as (
    select master_id, unnest([{names}]) as attribute, unnest([{values}]) as value from readable
), entries as (
    select master_id, unnest(p->'$[*]') as e from readable
), origins as (
    select master_id, e->>'$[0]' as system, e->>'$[1]' as key, unnest(e->>'$[3][*]') as attribute from entries
), records as (
    select master_id, system, key, if(json_valid(body), body, '{{}}')::json as d from delivered
)
select
    coalesce(v.master_id, o.master_id) as master_id,
    coalesce(v.attribute, o.attribute) as attribute,
    v.value, o.system, o.key, d is not null as is_mine,
    list_contains(case coalesce(v.attribute, o.attribute) {brought} end, v.value) as is_brought
from (from golden_values where value is not null) as v
full join origins as o on v.master_id = o.master_id and v.attribute = o.attribute
left join records as r on r.master_id = o.master_id and r.system = o.system and r.key = o.key
"""

COUNT: Final = "select count(*) from shown where value is not null"

FAULTS: Final = """
with judged as (
    select shown.*, case
        when shown.value is null then 'no value'
        when system is null then 'no origin'
        when system = '' and key = '' then if(o.id is null, 'not set', null)
        when not is_mine then 'stranger'
        when not coalesce(is_brought, false) then 'not delivered'
    end as fault
    from shown
    left join overrides as o
    on o.master_id = shown.master_id and o.attribute = shown.attribute and o.value = shown.value
), not_shown as (
    select known.* from known
    semi join given on given.master_id = known.master_id
    anti join shown
    on shown.master_id = known.master_id and shown.attribute = known.attribute and shown.value = known.value
    and shown.system = ''
)
select fault, master_id, attribute, system as one, key as other from judged where fault is not null
union all
select 'not shown', master_id, attribute, author, id::varchar from not_shown
union all
select 'unreadable', master_id, '', '', '' from given where not json_valid(body) or not json_valid(provenance)
"""
