"""Letters of the outbox: what one record of a system shall say, read out of its row, and how they are listed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from mdm.store import bulk
from mdm.store.outbox_states import State
from mdm.store.tables import outbox

if TYPE_CHECKING:
    from mdm.records import TableSchema

COUNTS: Final[TableSchema] = {"target": bulk.TEXT, "state": bulk.TEXT, "rows": bulk.NUMBER, "next_at": bulk.TEXT}
"""How many rows of each target are in each state, and when the first of those that wait is due."""

LISTED: Final[TableSchema] = {
    "target": bulk.TEXT,
    "record": bulk.TEXT,
    "version": bulk.NUMBER,
    "master_id": bulk.TEXT,
    "state": bulk.TEXT,
    "fields": bulk.TEXT,
    "expects": bulk.TEXT,
    "attempts": bulk.NUMBER,
    "changed_at": bulk.TEXT,
    "cause": bulk.TEXT,
}
"""Rows of the outbox as they are shown; `fields` and `expects` are JSON."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One row of the outbox: what a record of a system shall say (`fields`: name -> old by the scan, new).

    `expects` is what the system said when it was read for the plan, None before; `accepts` are further values that are
    no surprise there: what we told it last or are telling it, and what a person settled a conflict about.
    """

    id: int
    target: str
    record: str
    version: int
    master_id: str
    fields: Mapping[str, tuple[str | None, str]]
    accepts: Mapping[str, frozenset[str | None]]
    expects: Mapping[str, str | None] | None
    token: str
    attempts: int


def read_letters(connection: sa.Connection, query: sa.Select[Any]) -> list[Letter]:
    """The letters that a query of whole rows finds, each with what its record was last told."""
    rows = connection.execute(query).all()
    ours = _our_words(connection, [row.id for row in rows])
    return [_letter(row, ours.get(row.id, [])) for row in rows]


def _our_words(connection: sa.Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    """For each of the letters the fields of earlier ones of its record: the last confirmed, and what is on its way."""
    former, between = outbox.alias("former"), outbox.alias("between")
    same = sa.and_(former.c.target == outbox.c.target, former.c.record == outbox.c.record)
    said = former.c.state.in_((State.CONFIRMED.value, State.SENT.value))
    later = sa.exists().where(
        between.c.target == former.c.target,
        between.c.record == former.c.record,
        between.c.state == State.CONFIRMED.value,
        between.c.version > former.c.version,
        between.c.version < outbox.c.version,
    )
    joined = sa.select(outbox.c.id, former.c.fields).join(
        former, sa.and_(same, said, former.c.version < outbox.c.version)
    )
    found: dict[int, list[str]] = {}
    for number, fields in connection.execute(joined.where(outbox.c.id.in_(ids), ~later)):
        found.setdefault(number, []).append(fields)
    return found


def _letter(row: sa.Row[Any], ours: Sequence[str]) -> Letter:
    fields = {said["field"]: (said["old"], said["new"]) for said in json.loads(row.fields)}
    words = [{said["field"]: said["new"] for said in json.loads(told)} for told in ours]
    words += [json.loads(row.accepts)] if row.accepts else []
    return Letter(
        id=row.id,
        target=row.target,
        record=row.record,
        version=row.version,
        master_id=row.master_id,
        fields=fields,
        accepts={name: frozenset(said[name] for said in words if name in said) for name in fields},
        expects=None if row.expects is None else json.loads(row.expects),
        token=row.token,
        attempts=row.attempts,
    )
