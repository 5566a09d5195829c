"""Stewards' decisions on pairs: append-only, one standing decision a pair, a contradiction refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import polars as pl
import sqlalchemy as sa

from mdm.errors import DecisionRefused
from mdm.records import Receipt, RecordKey
from mdm.store.audit import Action, Change, Deed, changing
from mdm.store.audit_digest import bound
from mdm.store.claims import let_go
from mdm.store.known import decisions_about, frame_of, pins_of, records_of
from mdm.store.receipts import keep_receipt
from mdm.store.snapshot import Snapshot, locked_pointer, next_revision, snapshot
from mdm.store.tables import decision, deed, override, pin, proposal

if TYPE_CHECKING:
    from mdm.store.database import Database

DecisionKind = Literal["match", "do_not_match", "unsure", "withdrawn"]
"""`unsure` keeps the two from being linked by themselves; `withdrawn` takes back: as if nobody had decided."""

WORDS: Final = {"match": "match", "do_not_match": "do not match", "unsure": "may match"}

NUMBERED: Final = (decision, deed, override, pin, proposal)
"""Tables that share one row of numbers, so that a number names one statement of a steward."""

Check = Callable[[pl.DataFrame, pl.DataFrame], None]
"""Raises DecisionRefused where a statement contradicts what stands: DECISIONS and PINS about the records concerned."""


@dataclass(frozen=True, slots=True)
class Saying:
    """What a steward says, by whom, when (ISO text) and why; `receipt` is the message that brought it."""

    kind: str
    author: str
    at: str
    reason: str
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """What a decision rests on: a fingerprint of the compared values, these values as JSON, and the check it passes."""

    evidence: str | None = None
    seen: str | None = None
    check: Check | None = None


NO_BASIS: Final = Basis()


def add_decision(database: Database, left: RecordKey, right: RecordKey, said: Saying, basis: Basis = NO_BASIS) -> int:
    """Record a decision on two records, visible at once; returns its number, or that of the same one if it stands.

    The order of the two does not matter. The same decision on other evidence confirms the one that stands. Raises
    DecisionRefused when the opposite stands, which has to be superseded, by its number, and whatever the check does.
    """
    pair = _ordered(left, right)
    with changing(database) as change:
        locked_pointer(change.connection)
        last = _last(change.connection, *pair)
        if last is not None and last.kind == said.kind and basis.evidence in (None, last.evidence):
            keep_receipt(change.connection, said.receipt, last.id, said.at)
            return int(last.id)
        if last is None or last.kind in ("withdrawn", "unsure", said.kind):
            _checked(change.connection, pair, basis)
            return _decide(change, pair, said, basis, None if last is None else last.id)
        raise DecisionRefused(
            f"{last.author} decided on {last.at} that {pair[0]} and {pair[1]} {WORDS[last.kind]} (decision {last.id}).",
            "Supersede that decision if it is wrong.",
        )


def supersede(database: Database, decision_id: int, said: Saying, basis: Basis = NO_BASIS) -> int:
    """Replace a standing decision by another on the same pair; returns the number of the new one.

    Raises DecisionRefused when there is no such decision or when it was itself replaced meanwhile.
    """
    with changing(database) as change:
        locked_pointer(change.connection)
        old = change.connection.execute(sa.select(decision).where(decision.c.id == decision_id)).first()
        if old is None:
            raise DecisionRefused(f"There is no decision {decision_id}.", "Look at the pair again.")
        pair = RecordKey(old.system_l, old.key_l), RecordKey(old.system_r, old.key_r)
        last = _last(change.connection, *pair)
        if last is not None and last.id != decision_id:
            raise DecisionRefused(
                f"Decision {decision_id} was replaced by decision {last.id} of {last.author} on {last.at}.",
                "Look at the pair again.",
            )
        _checked(change.connection, pair, basis)
        return _decide(change, pair, said, basis, decision_id)


def _ordered(left: RecordKey, right: RecordKey) -> tuple[RecordKey, RecordKey]:
    if left == right:
        raise DecisionRefused(f"{left} was paired with itself.", "Choose two different records.")
    return min(left, right), max(left, right)


def _last(connection: sa.Connection, left: RecordKey, right: RecordKey) -> sa.Row[Any] | None:
    """The last decision of the pair's chain."""
    query = sa.select(decision).where(
        decision.c.system_l == left.system,
        decision.c.key_l == left.key,
        decision.c.system_r == right.system,
        decision.c.key_r == right.key,
    )
    return connection.execute(query.order_by(decision.c.id.desc()).limit(1)).first()


def _checked(connection: sa.Connection, pair: tuple[RecordKey, RecordKey], basis: Basis) -> None:
    """Let the check look at what stands now: of two stewards at once the second sees what the first said."""
    if basis.check is None:
        return
    seen = snapshot(connection)
    about = decisions_about(connection, seen, frame_of(pair))
    ends = pl.concat([frame_of(pair), records_of(about)]).unique().sort("system", "key")
    basis.check(about, pins_of(connection, seen, ends))


def _decide(
    change: Change, pair: tuple[RecordKey, RecordKey], said: Saying, basis: Basis, supersedes: int | None
) -> int:
    rev = next_revision(change.connection, "decision", said.at)
    row = insert_decision(change.connection, pair, said, basis, {"rev": rev, "supersedes": supersedes})
    keep_receipt(change.connection, said.receipt, row["id"], said.at)
    let_go(change.connection, [pair], said.author)
    details = {
        "decision": row["id"],
        "revision": rev,
        "kind": said.kind,
        "supersedes": supersedes,
        "commitment": change.commitment(bound(row)),
    }
    action: Action = "withdraw" if said.kind == "withdrawn" else "decide"
    change.record(Deed(said.at, said.author, action, f"{pair[0]} + {pair[1]}", details))
    return int(row["id"])


def insert_decision(
    connection: sa.Connection,
    pair: tuple[RecordKey, RecordKey],
    said: Saying,
    basis: Basis,
    of: Mapping[str, int | None],
) -> dict[str, Any]:
    """Insert a decision; `of` has its revision, and what it supersedes or the deed that leaves it. Returns the row."""
    row = decision_row(pair, said, basis, {"id": next_number(connection), **of})
    connection.execute(sa.insert(decision).values(row))
    return row


def decision_row(
    pair: tuple[RecordKey, RecordKey], said: Saying, basis: Basis, of: Mapping[str, int | None]
) -> dict[str, Any]:
    """A decision as it is kept; `of` has its number and revision, and what it supersedes or the deed that leaves it."""
    return {
        "kind": said.kind,
        "system_l": pair[0].system,
        "key_l": pair[0].key,
        "system_r": pair[1].system,
        "key_r": pair[1].key,
        "author": said.author,
        "at": said.at,
        "reason": said.reason,
        "supersedes": None,
        "deed": None,
        "evidence": basis.evidence,
        "seen": basis.seen,
        **of,
    }


def leave_decision(
    connection: sa.Connection,
    pair: tuple[RecordKey, RecordKey],
    said: Saying,
    basis: Basis,
    of: Mapping[str, int | None],
) -> dict[str, Any] | None:
    """Insert what a deed says of a pair behind what was said of it before; None where the same stands."""
    ordered = _ordered(*pair)
    last = _last(connection, *ordered)
    if last is not None and last.kind == said.kind:
        return None
    behind = {"supersedes": None if last is None else int(last.id)}
    return insert_decision(connection, ordered, said, basis, {**of, **behind})


@dataclass(frozen=True, slots=True)
class Statement:
    """What a number names: which table has it, the kind of statement, and whether a later one took its place."""

    number: int
    table: str
    kind: str
    author: str
    at: str
    stands: bool
    rev: int


def get_statement(connection: sa.Connection, seen: Snapshot, number: int) -> Statement | None:
    """The statement of that number; None when nobody made it."""
    for table in NUMBERED:
        later = table.alias("later")
        follows = later.c.undoes if table is deed else later.c.supersedes
        replaced = sa.exists().where(follows == table.c.id, seen.includes(later.c.rev))
        query = sa.select(table.c.kind, table.c.author, table.c.at, replaced, table.c.rev)
        query = query.where(table.c.id == number)
        if (row := connection.execute(query.where(seen.includes(table.c.rev))).first()) is not None:
            return Statement(number, table.name, row[0], row[1], row[2], stands=not row[3], rev=int(row[4]))
    return None


def next_number(connection: sa.Connection) -> int:
    """The number of the next statement, whichever kind it is."""
    highest = [sa.select(sa.func.max(table.c.id)).scalar_subquery() for table in NUMBERED]
    return 1 + max(number or 0 for number in connection.execute(sa.select(*highest)).one())
