"""Stewards' decisions on pairs: append-only, one standing decision a pair, a contradiction refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import polars as pl
import sqlalchemy as sa

from mdm.errors import DecisionRefused
from mdm.records import RecordKey
from mdm.store.audit import Action, Change, Deed, changing
from mdm.store.known import decisions_about, frame_of
from mdm.store.snapshot import locked_pointer, next_revision, snapshot
from mdm.store.tables import decision

if TYPE_CHECKING:
    from mdm.store.database import Database

DecisionKind = Literal["match", "do_not_match", "unsure", "withdrawn"]
"""`unsure` keeps the two from being linked by themselves; `withdrawn` takes a decision back, as if there
were none."""

WORDS: Final = {"match": "match", "do_not_match": "do not match", "unsure": "may match"}

Check = Callable[[pl.DataFrame], None]
"""Raises DecisionRefused where a decision contradicts the DECISIONS about its two records, also through matches."""


def no_check(_: pl.DataFrame) -> None:
    """Nothing is asked."""


@dataclass(frozen=True, slots=True)
class Saying:
    """What a steward says, by whom, when (ISO text) and why."""

    kind: DecisionKind
    author: str
    at: str
    reason: str


def add_decision(database: Database, left: RecordKey, right: RecordKey, said: Saying, check: Check = no_check) -> int:
    """Record a decision on two records, visible at once; returns its number, or that of the same one if it stands.

    The order of the two does not matter. An unsure one gives way to either answer. `check`
    sees what stands now: of two stewards at once the second sees what the first said. Raises DecisionRefused when the
    opposite stands, which has to be superseded, by its number, and whatever the check raises.
    """
    pair = _ordered(left, right)
    with changing(database) as change:
        locked_pointer(change.connection)
        standing = _standing(change.connection, *pair)
        if standing is not None and standing.kind == said.kind:
            return int(standing.id)
        if standing is None or standing.kind in ("withdrawn", "unsure"):
            check(decisions_about(change.connection, snapshot(change.connection), frame_of(pair)))
            return _insert(change, pair, said, None if standing is None else standing.id)
        raise DecisionRefused(
            f"{standing.author} decided on {standing.at} that {pair[0]} and {pair[1]} "
            f"{WORDS[standing.kind]} (decision {standing.id}).",
            "Supersede that decision if it is wrong.",
        )


def supersede(database: Database, decision_id: int, said: Saying) -> int:
    """Replace a standing decision by another on the same pair; returns the number of the new one.

    Raises DecisionRefused when there is no such decision or when it was itself replaced meanwhile.
    """
    with changing(database) as change:
        locked_pointer(change.connection)
        old = change.connection.execute(sa.select(decision).where(decision.c.id == decision_id)).first()
        if old is None:
            raise DecisionRefused(f"There is no decision {decision_id}.", "Look at the pair again.")
        pair = RecordKey(old.system_l, old.key_l), RecordKey(old.system_r, old.key_r)
        standing = _standing(change.connection, *pair)
        if standing is not None and standing.id != decision_id:
            raise DecisionRefused(
                f"Decision {decision_id} was replaced by decision {standing.id} of {standing.author} on {standing.at}.",
                "Look at the pair again.",
            )
        return _insert(change, pair, said, decision_id)


def _ordered(left: RecordKey, right: RecordKey) -> tuple[RecordKey, RecordKey]:
    if left == right:
        raise DecisionRefused(f"{left} was paired with itself.", "Choose two different records.")
    return min(left, right), max(left, right)


def _standing(connection: sa.Connection, left: RecordKey, right: RecordKey) -> sa.Row[Any] | None:
    """The last decision of the pair's chain."""
    query = sa.select(decision).where(
        decision.c.system_l == left.system,
        decision.c.key_l == left.key,
        decision.c.system_r == right.system,
        decision.c.key_r == right.key,
    )
    return connection.execute(query.order_by(decision.c.id.desc()).limit(1)).first()


def _insert(change: Change, pair: tuple[RecordKey, RecordKey], said: Saying, supersedes: int | None) -> int:
    connection = change.connection
    number = int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(decision.c.id), 0) + 1)).scalar_one())
    row: dict[str, Any] = {
        "id": number,
        "rev": next_revision(connection, "decision", said.at),
        "kind": said.kind,
        "system_l": pair[0].system,
        "key_l": pair[0].key,
        "system_r": pair[1].system,
        "key_r": pair[1].key,
        "author": said.author,
        "at": said.at,
        "reason": said.reason,
        "supersedes": supersedes,
    }
    connection.execute(sa.insert(decision).values(row))
    details = {
        "decision": number,
        "revision": row["rev"],
        "kind": said.kind,
        "supersedes": supersedes,
        "commitment": change.commitment(row),
    }
    action: Action = "withdraw" if said.kind == "withdrawn" else "decide"
    change.record(Deed(said.at, said.author, action, f"{pair[0]} + {pair[1]}", details))
    return number
