"""The outbox as the rest of the tool sees it: taken from what is visible, approved, sent, and what became of it all."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import sqlalchemy as sa

from mdm.store import bulk
from mdm.store.audit import Action, Change, Deed, changing
from mdm.store.audit_digest import bind_outbox
from mdm.store.outbox_letters import COUNTS, LISTED, Letter, read_letters
from mdm.store.outbox_states import NEXT_STATE, Act, State, states_before
from mdm.store.outbox_taking import CHUNK, NEWER, Taken, take
from mdm.store.snapshot import locked_pointer
from mdm.store.tables import outbox

if TYPE_CHECKING:
    from mdm.store.database import Database
    from mdm.store.decisions import Saying


MINE: Final = outbox.c.id == sa.bindparam("number")
MOVED: Final[Mapping[str, Any]] = {
    "state": sa.bindparam("to"),
    "cause": sa.bindparam("why"),
    "changed_at": sa.bindparam("at"),
}

NOTE: Final = (
    sa.update(outbox)
    .where(MINE, outbox.c.state == State.PLANNED.value, outbox.c.expects.is_(None))
    .values({**MOVED, "expects": sa.bindparam("says"), "token": sa.bindparam("stamp")})
)
"""What a system said of one planned letter that nobody had read before."""

COMPLETE: Final = (
    sa.update(outbox)
    .where(MINE)
    .values(
        dict(MOVED)
        | {"expects": sa.func.coalesce(sa.bindparam("says", type_=outbox.c.expects.type), outbox.c.expects)}
        | {"attempts": outbox.c.attempts - sa.bindparam("uncounted", type_=outbox.c.attempts.type)}
        | {"next_at": sa.bindparam("due"), "lease_by": "", "lease_until": ""}
    )
)
"""What became of one letter that was sent; what the system says is kept where it is another than before."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a letter. `expects` and `token` are what the system says; `next_at` is ISO text."""

    id: int
    act: Act
    cause: str = ""
    expects: Mapping[str, str | None] | None = None
    token: str = ""
    next_at: str = ""
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to send some letters until that moment: who, and from when (ISO text in UTC, to the second)."""

    by: str
    now: str
    until: str


class Outbox:
    """What systems are to be told. Any number of publishers may send at once: each letter is leased to one of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, targets: Sequence[str], at: str) -> Taken:
        """Bring it up to what readers see now; see `outbox_taking.take`."""
        return take(self._database, targets, at)

    def unread(self, target: str, most: int, *, after: int = 0) -> list[Letter]:
        """Planned letters above that number for which nobody has read yet what the system says, oldest first."""
        mine = _mine(target, (State.PLANNED,)), outbox.c.expects.is_(None), outbox.c.id > after
        with self._database.reading() as connection:
            return read_letters(connection, sa.select(outbox).where(*mine).order_by(outbox.c.id).limit(most))

    def note(self, fates: Sequence[Fate], at: str) -> None:
        """Keep what the system said of planned letters: they stay planned where the act is `approve`, else they end."""
        rows = [
            {
                "number": fate.id,
                "to": State.PLANNED if fate.act is Act.APPROVE else NEXT_STATE[State.PLANNED, fate.act],
                "why": fate.cause,
                "says": _json(fate.expects or {}),
                "stamp": fate.token,
                "at": at,
            }
            for fate in fates
        ]
        with self._database.writing() as connection:
            locked_pointer(connection)
            if rows:
                connection.execute(NOTE, rows)

    def approve(self, target: str, said: Saying) -> int:
        """Approve the planned letters of a target for which what the system says was read; returns how many."""
        mine = [_mine(target, states_before(Act.APPROVE)), outbox.c.expects.is_not(None)]
        return self._turn(mine, {"state": State.APPROVED.value, "cause": "", "next_at": ""}, said, ("approve", target))

    def hold(self, target: str, said: Saying) -> int:
        """Take back the approval of letters that were never on their way; each is read anew; returns how many."""
        anew = {"state": State.PLANNED.value, "expects": sa.null(), "token": "", "next_at": "", "cause": ""}
        mine = [_mine(target, states_before(Act.HOLD)), outbox.c.attempts == 0]
        return self._turn(mine, anew, said, ("hold", target))

    def retry(self, target: str, said: Saying) -> int:
        """Let failed letters be sent again, and conflicts be planned anew on what the system says; returns how many."""
        failed, conflict = ([_mine(target, (state,))] for state in (State.FAILED, State.CONFLICT))
        again = {"attempts": 0, "next_at": "", "cause": ""}
        resent = self._turn(failed, {"state": State.APPROVED.value, **again}, said, ("retry", target))
        anew = {"state": State.PLANNED.value, "accepts": outbox.c.expects, "expects": sa.null(), "token": ""}
        return resent + self._turn(conflict, {**anew, **again}, said, ("retry", target))

    def claim(self, target: str, most: int, lease: Lease) -> list[Letter]:
        """Take up letters that are due, oldest first: nobody else sends them before the lease ends.

        Of each record one at a time: a letter waits until no earlier one of its record is on its way.
        """
        older = outbox.alias("older")
        earlier = sa.exists().where(
            older.c.target == outbox.c.target,
            older.c.record == outbox.c.record,
            older.c.version < outbox.c.version,
            older.c.state == State.SENT.value,
        )
        due = [
            _mine(target, states_before(Act.CLAIM)),
            outbox.c.next_at <= lease.now,
            outbox.c.lease_until <= lease.now,
            ~earlier,
        ]
        query = sa.select(outbox.c.id).where(*due).order_by(outbox.c.id).limit(most).with_for_update(skip_locked=True)
        taken = {"state": State.SENT.value, "lease_by": lease.by, "lease_until": lease.until}
        with self._database.writing() as connection:
            ids = list(connection.execute(query).scalars())
            said = {**taken, "attempts": outbox.c.attempts + 1, "changed_at": lease.now}
            connection.execute(sa.update(outbox).where(outbox.c.id.in_(ids)).values(said))
            return read_letters(connection, sa.select(outbox).where(outbox.c.id.in_(ids)).order_by(outbox.c.id))

    def complete(self, target: str, fates: Sequence[Fate], lease: Lease, said: Saying) -> int:
        """Keep what became of claimed letters and give their leases back; returns how many were still ours.

        One that did not take effect gives way where a newer version waits.
        """
        with changing(self._database) as change:
            connection = change.connection
            locked_pointer(connection)
            ids = [fate.id for fate in fates]
            query = sa.select(outbox.c.id, _is_overtaken()).where(
                outbox.c.id.in_(ids), outbox.c.lease_by == lease.by, outbox.c.state == State.SENT.value
            )
            ours = {row[0]: bool(row[1]) for row in connection.execute(query.with_for_update(of=outbox))}
            kept = [_overtaken(fate, newer=ours[fate.id]) for fate in fates if fate.id in ours]
            if kept:
                connection.execute(COMPLETE, [_row(fate, said.at) for fate in kept])
            ended = [fate.id for fate in kept if fate.act not in (Act.PAUSE, Act.WAIT)]
            if ended:
                _record(change, ended, said, ("publish", target))
        return len(kept)

    def counts(self) -> pl.DataFrame:
        """COUNTS by target and state."""
        waits = sa.case((outbox.c.state.in_((State.APPROVED.value, State.SENT.value)), outbox.c.next_at))
        columns = [outbox.c.target, outbox.c.state, sa.func.count(), sa.func.min(waits)]
        query: sa.Select[Any] = sa.select(*columns).group_by(outbox.c.target, outbox.c.state)
        with self._database.reading() as connection:
            return bulk.read(connection, query.order_by(outbox.c.target, outbox.c.state), COUNTS)

    def list_letters(self, target: str, states: Sequence[State], most: int) -> pl.DataFrame:
        """LISTED letters of a target in these states, oldest first."""
        query: sa.Select[Any] = sa.select(*[outbox.c[name] for name in LISTED]).where(_mine(target, states))
        with self._database.reading() as connection:
            return bulk.read(connection, query.order_by(outbox.c.id).limit(most), LISTED)

    def told(self, master_ids: Collection[str], since: int) -> pl.DataFrame:
        """LISTED letters about these customers that left with that revision or later, or may have, oldest first."""
        left = outbox.c.state.in_((State.SENT.value, State.CONFIRMED.value))
        query: sa.Select[Any] = sa.select(*[outbox.c[name] for name in LISTED]).where(left, outbox.c.rev >= since)
        with self._database.reading() as connection:
            return bulk.read(
                connection, query.where(outbox.c.master_id.in_(sorted(master_ids))).order_by(outbox.c.id), LISTED
            )

    def _turn(
        self,
        which: Sequence[sa.ColumnElement[bool]],
        values: Mapping[str, Any],
        said: Saying,
        deed: tuple[Action, str],
    ) -> int:
        """Give all these letters other values, in short transactions, each with its row in the audit."""
        turned, last = 0, 0
        while True:
            with changing(self._database) as change:
                locked_pointer(change.connection)
                query = sa.select(outbox.c.id).where(*which, outbox.c.id > last).order_by(outbox.c.id).limit(CHUNK)
                ids = list(change.connection.execute(query).scalars())
                if not ids:
                    return turned
                mine = sa.update(outbox).where(outbox.c.id.in_(ids))
                change.connection.execute(mine.values({**values, "changed_at": said.at}))
                _record(change, ids, said, deed)
            turned, last = turned + len(ids), ids[-1]


def _mine(target: str, states: Sequence[State]) -> sa.ColumnElement[bool]:
    return sa.and_(outbox.c.target == target, outbox.c.state.in_([state.value for state in states]))


def _is_overtaken() -> sa.ColumnElement[bool]:
    newer = outbox.alias("newer")
    same = sa.and_(newer.c.target == outbox.c.target, newer.c.record == outbox.c.record)
    return sa.exists().where(same, newer.c.version > outbox.c.version)


def _overtaken(fate: Fate, *, newer: bool) -> Fate:
    if newer and fate.act in (Act.PAUSE, Act.FAIL, Act.CONFLICT):
        return Fate(fate.id, Act.OVERTAKE, NEWER)
    return fate


def _row(fate: Fate, at: str) -> dict[str, Any]:
    says = _json(fate.expects) if fate.act is Act.CONFLICT and fate.expects is not None else None
    return {
        "number": fate.id,
        "to": NEXT_STATE[State.SENT, fate.act],
        "why": fate.cause,
        "says": says,
        "due": fate.next_at,
        "uncounted": 1 - fate.tries,
        "at": at,
    }


def _record(change: Change, ids: Sequence[int], said: Saying, deed: tuple[Action, str]) -> None:
    """One row of audit for these letters as they are now: how many in which state, and a digest of all of them."""
    action, target = deed
    names = ("id", "record", "version", "master_id", "state")
    schema = {name: bulk.NUMBER if name in ("id", "version") else bulk.TEXT for name in names}
    query: sa.Select[Any] = sa.select(*[outbox.c[name] for name in names]).where(outbox.c.id.in_(ids))
    rows = bulk.read(change.connection, query.order_by(outbox.c.id), schema)
    states = dict(rows.group_by("state").len().sort("state").iter_rows())
    details = {"target": target, "states": states, "letters": bind_outbox(rows)}
    change.record(Deed(said.at, said.author, action, f"target {target}", details))


def _json(values: Mapping[str, str | None]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
