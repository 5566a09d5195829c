"""What stewards do to customers, at once: a journal row, its effects and what it leaves said, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import polars as pl
import sqlalchemy as sa

from mdm.errors import DecisionRefused
from mdm.records import CROSSWALK, LINEAGE, RecordKey, SystemName, conform
from mdm.store import bulk, tables
from mdm.store.asking import ask_anew
from mdm.store.audit import Change, Deed, changing
from mdm.store.audit_digest import bind_lineage, bind_members, bound
from mdm.store.decisions import Basis, Saying, leave_decision, next_number
from mdm.store.effects import Effects, write_effects
from mdm.store.footing import Footing, footing
from mdm.store.frames import DEEDS
from mdm.store.known import RECORD, decisions_about, pins_of, records_of
from mdm.store.ledger import issue, last_issued
from mdm.store.lock import refuse_while_scanning
from mdm.store.pins import insert_pin
from mdm.store.receipts import keep_receipt
from mdm.store.snapshot import Snapshot, locked_pointer, next_revision, snapshot

if TYPE_CHECKING:
    from mdm.store.database import Database

DeedKind = Literal["merge", "unmerge", "split", "move"]
Leave = Callable[[pl.DataFrame, pl.DataFrame], Sequence[tuple[str, RecordKey, RecordKey]]]
"""From the standing DECISIONS and PINS about all records concerned to what the deed says of pairs: kind and records.
Raises DecisionRefused where the deed contradicts them."""

TOLD: Final = {"merge": "merged {1} into {0}", "unmerge": "took {1} out of {0} again", "split": "split {1} off {0}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """A deed, computed from the state at revision `as_of`, of which nothing may have changed since.

    `concerns` are all ids it is about that were there. `pins` turns pinned records to another id. `basis` gives what
    a decision that it leaves rests on.
    """

    kind: DeedKind
    master_id: str
    other_id: str
    concerns: tuple[str, ...]
    as_of: int
    effects: Effects
    leave: Leave
    basis: Callable[[RecordKey, RecordKey], Basis]
    pins: Mapping[RecordKey, str]
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """The number of a deed in the journal, and the revision it made."""

    number: int
    revision: int


@dataclass(frozen=True, slots=True)
class Journaled:
    """A row of the journal; `moved` are the records that it gave to another customer.

    `before` is the image of both customers before it, empty where it was erased.
    """

    number: int
    rev: int
    kind: DeedKind
    author: str
    at: str
    master_id: str
    other_id: str
    undone_by: int | None
    before: Mapping[str, Any]
    moved: tuple[RecordKey, ...]


def do_deed(database: Database, doing: Doing, said: Saying) -> Done:
    """Write a deed and make it visible at once, or refuse it as a whole.

    Raises StoreRefused while a scan is at work, and DecisionRefused where what it was computed from has changed or
    where decisions that stand contradict it.
    """
    with changing(database) as change:
        connection = change.connection
        locked_pointer(connection)
        refuse_while_scanning(connection)
        here = unchanged(connection, doing.concerns, doing.as_of)
        seen, mine = snapshot(connection), here.members.select(RECORD)
        about = decisions_about(connection, seen, mine)
        concerned = pl.concat([mine, records_of(about)]).unique().sort(RECORD)
        statements = doing.leave(about, pins_of(connection, seen, concerned))
        number, rev = next_number(connection), next_revision(connection, doing.kind, said.at)
        row = _journal(connection, doing, said, here, (number, rev))
        keep_receipt(connection, said.receipt, number, said.at)
        write_effects(connection, doing.effects, rev)
        ask_anew(connection, {*doing.concerns, doing.master_id, doing.other_id}, (rev, said.at))
        made = {"rev": rev, "deed": number}
        left = [
            leave_decision(connection, (one, other), replace(said, kind=kind), doing.basis(one, other), made)
            for kind, one, other in statements
        ]
        turn = replace(said, kind="pin")
        turned = [insert_pin(connection, record, to, turn, made) for record, to in sorted(doing.pins.items())]
        _audit(change, doing, said, row, ([d for d in left if d], turned))
    return Done(number, rev)


def unchanged(connection: sa.Connection, master_ids: Sequence[str], as_of: int) -> Footing:
    """The customers as they are now; raises DecisionRefused, telling of the newer state, when that is another one."""
    now = snapshot(connection)
    here = footing(connection, now, master_ids)
    if now.at == as_of or here.is_that_of(footing(connection, snapshot(connection, as_of), master_ids)):
        return here
    raise DecisionRefused(
        f"{' and '.join(master_ids)} changed while you decided. {_what_happened(connection, now, master_ids, as_of)}",
        "Nothing was done. Look at what they are now, and decide again.",
    )


def _what_happened(connection: sa.Connection, now: Snapshot, master_ids: Sequence[str], as_of: int) -> str:
    """The latest deed since, else that a scan was; and how many records each has now."""
    found = read_deeds(connection, now, master_ids).filter(pl.col("rev") > as_of)
    what = "A scan or another steward was there before."
    if found.height:
        last = found.row(-1, named=True)
        told = TOLD.get(last["kind"], "moved a record from {0} to {1}").format(last["master_id"], last["other_id"])
        what = f"{last['author']} {told} on {last['at']}."
    crosswalk = tables.crosswalk
    counts = [
        sa.select(sa.func.count()).where(crosswalk.c.master_id == m, now.stands(crosswalk)).scalar_subquery()
        for m in master_ids
    ]
    has = connection.execute(sa.select(*counts)).one()
    return f"{what} Now {', '.join(f'{m} has {n:,} records' for m, n in zip(master_ids, has, strict=True))}."


def _journal(
    connection: sa.Connection, doing: Doing, said: Saying, here: Footing, made: tuple[int, int]
) -> dict[str, Any]:
    number, rev = made
    new = doing.other_id not in here.masters["master_id"]
    if new:  # its first row, so that the journal may refer to it
        only = doing.effects.masters.filter(pl.col("master_id") == doing.other_id).select("master_id", "sequence")
        bulk.insert(connection, tables.master, only.with_columns(rev=pl.lit(rev, pl.Int64)))
    row = {
        "id": number,
        "rev": rev,
        "kind": doing.kind,
        "author": said.author,
        "at": said.at,
        "reason": said.reason,
        "master_id": doing.master_id,
        "other_id": doing.other_id,
        "undoes": doing.undoes,
        "before": here.as_image(),
    }
    connection.execute(sa.insert(tables.deed).values(row))
    return row


def _audit(
    change: Change,
    doing: Doing,
    said: Saying,
    row: Mapping[str, Any],
    left: tuple[Sequence[Mapping[str, Any]], Sequence[Mapping[str, Any]]],
) -> None:
    """One row for the whole deed, which binds the journal, the lineage, and each decision and pin that it left."""
    decisions, pins = left
    details = {
        "deed": row["id"],
        "revision": row["rev"],
        "undoes": doing.undoes,
        "commitment": change.commitment(bound(row)),
        "lineage": bind_lineage(conform(doing.effects.lineage, LINEAGE, "lineage")),
        "crosswalk": bind_members(conform(doing.effects.crosswalk, CROSSWALK, "crosswalk")),
        "decisions": {str(d["id"]): change.commitment(bound(d)) for d in decisions},
        "pins": {str(p["id"]): change.commitment(bound(p)) for p in pins},
    }
    change.record(Deed(said.at, said.author, doing.kind, f"{doing.master_id} + {doing.other_id}", details))


def take_numbers(database: Database, count: int) -> int:
    """Use up so many numbers of master ids for a split; returns the first. A deed that is then refused burns them."""
    with database.writing() as connection:
        locked_pointer(connection)
        refuse_while_scanning(connection)
        first = last_issued(connection) + 1
        issue(connection, first, first + count - 1)
    return first


def read_deeds(connection: sa.Connection, seen: Snapshot, master_ids: Sequence[str] | None = None) -> pl.DataFrame:
    """DEEDS, oldest first: all, or those that are about one of these ids."""
    deed, later = tables.deed, tables.deed.alias("later")
    undone = sa.select(later.c.id).where(later.c.undoes == deed.c.id, seen.includes(later.c.rev)).scalar_subquery()
    columns = [undone.label(name) if name == "undone_by" else deed.c[name] for name in DEEDS]
    query: sa.Select[Any] = sa.select(*columns).where(seen.includes(deed.c.rev)).order_by(deed.c.id)
    if master_ids is not None:
        ids = sorted(master_ids)
        query = query.where(sa.or_(deed.c.master_id.in_(ids), deed.c.other_id.in_(ids)))
    return bulk.read(connection, query, DEEDS)


def get_deed(connection: sa.Connection, seen: Snapshot, number: int) -> Journaled | None:
    """A row of the journal with its image; None when there is none of that number."""
    deed, later = tables.deed, tables.deed.alias("later")
    undone = sa.select(later.c.id).where(later.c.undoes == deed.c.id, seen.includes(later.c.rev)).scalar_subquery()
    names = ("id", "rev", "kind", "author", "at", "master_id", "other_id")
    query = sa.select(*[deed.c[name] for name in names], undone.label("undone_by"), deed.c.before)
    row = connection.execute(query.where(deed.c.id == number, seen.includes(deed.c.rev))).first()
    if row is None:
        return None
    said = (row.id, row.rev, row.kind, row.author, row.at, row.master_id, row.other_id, row.undone_by)
    return Journaled(*said, json.loads(row.before) if row.before else {}, _moved(connection, int(row.rev)))


def _moved(connection: sa.Connection, rev: int) -> tuple[RecordKey, ...]:
    lineage = tables.lineage
    query = sa.select(lineage.c.system, lineage.c.key).where(lineage.c.rev == rev, lineage.c.kind == "move")
    rows = connection.execute(query.order_by(lineage.c.system, lineage.c.key))
    return tuple(RecordKey(SystemName(system), key) for system, key in rows)
