"""Pins: records that keep a master id, whatever the next scan finds; append-only, one standing pin a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
import sqlalchemy as sa

from mdm.errors import DecisionRefused
from mdm.records import RecordKey
from mdm.store import bulk, tables
from mdm.store.audit import Deed, changing
from mdm.store.audit_digest import bound
from mdm.store.decisions import Saying, next_number
from mdm.store.known import RECORD, decisions_about, frame_of, pins_of, read_pins, records_of
from mdm.store.ledger import resolve
from mdm.store.receipts import keep_receipt
from mdm.store.snapshot import locked_pointer, next_revision, snapshot

if TYPE_CHECKING:
    from mdm.store.database import Database


@dataclass(frozen=True, slots=True)
class Pinning:
    """What is known of a record that is to be pinned: whose it is, that customer's records, what the wanted id is.

    `owner` is None for a record that is not there, `state` for an id that was never given out. `pins` are the PINS
    that stand on those records, on those that decisions tie to it, and those to the wanted id. `decisions` are the
    standing DECISIONS about the record and about those pinned to that id.
    """

    owner: str | None
    members: pl.DataFrame
    state: str | None
    pins: pl.DataFrame
    decisions: pl.DataFrame


def add_pin(
    database: Database, record: RecordKey, master_id: str, said: Saying, check: Callable[[Pinning], None]
) -> int:
    """Pin a record to a master id; returns the number, or that of the same pin if it stands.

    Raises DecisionRefused where another pin of the record stands, and whatever the check does.
    """
    with changing(database) as change:
        connection = change.connection
        locked_pointer(connection)
        case = _pinning(connection, record, master_id)
        check(case)
        last = _last(connection, record)
        if last is not None and last.kind == "pin":
            if last.master_id == master_id:
                return int(last.id)
            raise DecisionRefused(
                f"{last.author} pinned {record} to {last.master_id} on {last.at} (decision {last.id}).",
                f"Take that back first: mdm undo {last.id}",
            )
        row = insert_pin(connection, record, master_id, said, {"rev": next_revision(connection, "pin", said.at)})
        details = {"pin": row["id"], "revision": row["rev"], "commitment": change.commitment(bound(row))}
        change.record(Deed(said.at, said.author, "pin", f"{record} + {master_id}", details))
    return int(row["id"])


def withdraw_pin(database: Database, number: int, said: Saying) -> int:
    """Take a pin back; returns the number of the statement that does. Raises DecisionRefused when it does not stand."""
    with changing(database) as change:
        connection = change.connection
        locked_pointer(connection)
        old = connection.execute(sa.select(tables.pin).where(tables.pin.c.id == number)).first()
        record = None if old is None else RecordKey(old.system, old.key)
        last = None if record is None else _last(connection, record)
        if old is None or record is None or last is None or last.id != number or last.kind != "pin":
            raise DecisionRefused(f"Pin {number} does not stand (any more).", "Look at the record again.")
        row = insert_pin(connection, record, old.master_id, said, {"rev": next_revision(connection, "pin", said.at)})
        keep_receipt(connection, said.receipt, row["id"], said.at)
        details = {
            "pin": row["id"],
            "revision": row["rev"],
            "supersedes": number,
            "commitment": change.commitment(bound(row)),
        }
        change.record(Deed(said.at, said.author, "withdraw", f"{record} + {old.master_id}", details))
    return int(row["id"])


def insert_pin(
    connection: sa.Connection, record: RecordKey, master_id: str, said: Saying, of: Mapping[str, int]
) -> dict[str, Any]:
    """Insert a statement on a record behind the one before it; `of` has its revision and maybe its deed."""
    last = _last(connection, record)
    row: dict[str, Any] = {
        "id": next_number(connection),
        "kind": said.kind,
        "author": said.author,
        "at": said.at,
        "reason": said.reason,
        "system": record.system,
        "key": record.key,
        "master_id": master_id,
        "supersedes": None if last is None else int(last.id),
        "deed": None,
        **of,
    }
    connection.execute(sa.insert(tables.pin).values(row))
    return row


def _last(connection: sa.Connection, record: RecordKey) -> sa.Row[Any] | None:
    pin = tables.pin
    query = sa.select(pin).where(pin.c.system == record.system, pin.c.key == record.key)
    return connection.execute(query.order_by(pin.c.id.desc()).limit(1)).first()


def _pinning(connection: sa.Connection, record: RecordKey, master_id: str) -> Pinning:
    seen, crosswalk = snapshot(connection), tables.crosswalk
    mine = sa.select(crosswalk.c.master_id).where(
        crosswalk.c.system == record.system, crosswalk.c.key == record.key, seen.stands(crosswalk)
    )
    owner = connection.execute(mine).scalar_one_or_none()
    theirs: sa.Select[Any] = sa.select(crosswalk.c.system, crosswalk.c.key).where(
        crosswalk.c.master_id == (owner or ""), seen.stands(crosswalk)
    )
    by_key = theirs.order_by(crosswalk.c.system, crosswalk.c.key)
    members = bulk.read(connection, by_key, dict.fromkeys(RECORD, bulk.TEXT))
    there = read_pins(connection, seen, [master_id])
    decisions = decisions_about(connection, seen, pl.concat([frame_of([record]), there.select(RECORD)]).unique())
    concerned = pl.concat([members, records_of(decisions)]).unique().sort(RECORD)
    pins = pl.concat([pins_of(connection, seen, concerned), there]).unique().sort("id")
    found = resolve(connection, seen, master_id)
    return Pinning(owner, members, found.state if found else None, pins, decisions)
