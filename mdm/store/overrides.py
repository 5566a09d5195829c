"""Overrides: golden values that a steward set; append-only, one standing value for an attribute of a customer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from mdm.errors import DecisionRefused
from mdm.store.audit import Action, Deed, changing
from mdm.store.audit_digest import bound
from mdm.store.decisions import Saying, next_number
from mdm.store.deeds import unchanged
from mdm.store.effects import Effects, write_effects
from mdm.store.lock import is_scanning
from mdm.store.receipts import keep_receipt
from mdm.store.snapshot import locked_pointer, next_revision
from mdm.store.tables import override, pointer

if TYPE_CHECKING:
    from mdm.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Overriding:
    """A golden value that a steward sets (`value`), or takes back (None), computed from the state at `as_of`.

    `was` is the golden value until now. `effects` gives what follows from a statement of that number, quickly: it is
    asked in the transaction that writes.
    """

    master_id: str
    attribute: str
    value: str | None
    was: str | None
    as_of: int
    effects: Callable[[int], Effects]


@dataclass(frozen=True, slots=True)
class Overrode:
    """The number of a statement on a golden value; `at_once` is false where a scan is at work: the next one obeys."""

    number: int
    at_once: bool


def override_value(database: Database, doing: Overriding, said: Saying) -> Overrode:
    """Record the statement, and change the golden record at once.

    Stewards never wait for a scan: while one is at work only the statement is recorded, for the next one to obey.
    Raises DecisionRefused where the customer has changed since, or there is nothing to take back.
    """
    with changing(database) as change:
        connection = change.connection
        locked_pointer(connection)
        unchanged(connection, (doing.master_id,), doing.as_of)
        number, last = next_number(connection), _last(connection, doing.master_id, doing.attribute)
        if doing.value is None and (last is None or last.kind == "withdrawn"):
            raise DecisionRefused(f"The {doing.attribute} of {doing.master_id} is not overridden.", "Look at it again.")
        supersedes = None if last is None else int(last.id)
        rev = next_revision(connection, "override", said.at)
        row: dict[str, Any] = {
            "id": number,
            "rev": rev,
            "kind": said.kind,
            "author": said.author,
            "at": said.at,
            "reason": said.reason,
            "master_id": doing.master_id,
            "attribute": doing.attribute,
            "value": doing.value,
            "was": doing.was,
            "supersedes": supersedes,
        }
        connection.execute(sa.insert(override).values(row))
        keep_receipt(connection, said.receipt, number, said.at)
        building = connection.execute(sa.select(pointer.c.building)).scalar_one()
        at_once = building is None and not is_scanning(connection)
        if at_once:
            write_effects(connection, doing.effects(number), rev)
        details = {
            "override": number,
            "revision": rev,
            "attribute": doing.attribute,
            "supersedes": supersedes,
            "commitment": change.commitment(bound(row)),
        }
        action: Action = "override" if said.kind == "override" else "withdraw"
        change.record(Deed(said.at, said.author, action, f"{doing.master_id} + {doing.attribute}", details))
    return Overrode(number, at_once)


def _last(connection: sa.Connection, master_id: str, attribute: str) -> sa.Row[Any] | None:
    query = sa.select(override).where(override.c.master_id == master_id, override.c.attribute == attribute)
    return connection.execute(query.order_by(override.c.id.desc()).limit(1)).first()
