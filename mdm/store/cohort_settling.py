"""Deciding the rest of a cohort, and taking that back: a few pairs in one short transaction, each with its decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import sqlalchemy as sa

from mdm.records import CROSSWALK, RecordKey, SystemName
from mdm.store import bulk
from mdm.store.asked import join_asked
from mdm.store.audit import Action, Change, Deed, changing
from mdm.store.audit_digest import bound
from mdm.store.cohort_states import CohortState
from mdm.store.decisions import Basis, Saying, decision_row, next_number
from mdm.store.known import decisions_about, frame_of, pins_of
from mdm.store.reading import read_crosswalk_of
from mdm.store.snapshot import Snapshot, locked_pointer, next_revision, snapshot
from mdm.store.tables import cohort, cohort_pair, crosswalk, decision

if TYPE_CHECKING:
    from mdm.store.database import Database

KEY: Final = ("system_l", "key_l", "system_r", "key_r")
KEYS: Final = dict.fromkeys(KEY, bulk.TEXT)
Pair = tuple[RecordKey, RecordKey]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair of a cohort, what a decision on it would rest on, and the outcome where that is clear beforehand."""

    pair: Pair
    basis: Basis
    outcome: str = ""
    cause: str = ""


Judge = Callable[[Sequence[Pair], pl.DataFrame, pl.DataFrame, pl.DataFrame], Sequence[tuple[str, str]]]
"""From pairs, the CROSSWALK of all records of their customers, the DECISIONS and the PINS about these to the outcome of
each pair, and its cause; `accepted` is decided."""


def settle(database: Database, number: int, candidates: Sequence[Candidate], said: Saying, judge: Judge) -> int:
    """See `Cohorts.accept`."""
    with changing(database) as change:
        connection = change.connection
        locked_pointer(connection)
        if not _is_in(connection, number, CohortState.ACCEPTING):
            return 0
        waiting = _waiting(connection, number, [c.pair for c in candidates])
        todo = [c for c in candidates if c.pair in waiting]
        if not todo:
            return 0
        outcomes = _outcomes(connection, todo, judge)
        decided = [c for c, (outcome, _) in zip(todo, outcomes, strict=True) if outcome == "accepted"]
        last = _last_ids(connection, [c.pair for c in decided])
        made = _decide(change, [(c.pair, c.basis, last.get(c.pair)) for c in decided], said)
        results = [_Result(c.pair, *outcome, made.ids.get(c.pair)) for c, outcome in zip(todo, outcomes, strict=True)]
        _finish(change, number, results, (made, said))
        return len(decided)


def withdraw(database: Database, number: int, said: Saying, most: int) -> int:
    """See `Cohorts.take_back`. A pair about which somebody has spoken since keeps what was said then."""
    with changing(database) as change:
        connection = change.connection
        locked_pointer(connection)
        if not _is_in(connection, number, CohortState.TAKING_BACK):
            return 0
        accepted = sa.and_(cohort_pair.c.cohort == number, cohort_pair.c.outcome == "accepted")
        later = decision.alias("later")
        follows = sa.select(later.c.id).where(later.c.supersedes == cohort_pair.c.decision).scalar_subquery()
        columns = [*[cohort_pair.c[name] for name in (*KEY, "decision")], follows.label("later")]
        found = connection.execute(sa.select(*columns).where(accepted).limit(most)).all()
        made = _decide(change, [(_pair(row), Basis(), row.decision) for row in found if row.later is None], said)
        results = [
            _Result(_pair(row), "taken_back", "", made.ids[_pair(row)])
            if row.later is None
            else _Result(_pair(row), "kept", f"Decision {row.later} came after it.", row.decision)
            for row in found
        ]
        if results:
            _finish(change, number, results, (made, said))
        return int(connection.execute(sa.select(sa.func.count()).where(accepted)).scalar_one())


@dataclass(frozen=True, slots=True)
class _Result:
    """What became of a pair, why, and the decision about it."""

    pair: Pair
    outcome: str
    cause: str
    decision: int | None


@dataclass(frozen=True, slots=True)
class _Made:
    """The decisions of one transaction: their revision, the number of each pair's, and what binds each."""

    rev: int | None
    ids: Mapping[Pair, int]
    commitments: Mapping[str, str]


def _decide(change: Change, these: Sequence[tuple[Pair, Basis, int | None]], said: Saying) -> _Made:
    """Insert a decision on each pair, behind the one that is given, all under one revision."""
    if not these:
        return _Made(None, {}, {})
    connection = change.connection
    rev, first = next_revision(connection, "decision", said.at), next_number(connection)
    rows = [
        decision_row(pair, said, basis, {"id": first + n, "rev": rev, "supersedes": behind})
        for n, (pair, basis, behind) in enumerate(these)
    ]
    connection.execute(sa.insert(decision), rows)
    commitments = {str(row["id"]): change.commitment(bound(row)) for row in rows}
    return _Made(rev, {pair: first + n for n, (pair, _, _) in enumerate(these)}, commitments)


def _finish(change: Change, number: int, results: Sequence[_Result], done: tuple[_Made, Saying]) -> None:
    """Keep what became of each pair, and one row of audit for all of them."""
    made, said = done
    mine = [cohort_pair.c.cohort == number, *[cohort_pair.c[name] == sa.bindparam(f"its_{name}") for name in KEY]]
    names = ("outcome", "cause", "decision")
    statement = sa.update(cohort_pair).where(*mine).values({name: sa.bindparam(f"new_{name}") for name in names})
    rows: list[dict[str, Any]] = [
        {
            **{f"its_{name}": value for name, value in zip(KEY, _key(r.pair), strict=True)},
            "new_outcome": r.outcome,
            "new_cause": r.cause,
            "new_decision": r.decision,
        }
        for r in results
    ]
    change.connection.execute(statement, rows)
    others = [r.outcome for r in results if r.pair not in made.ids]
    details: dict[str, Any] = {
        "cohort": number,
        "revision": made.rev,
        "kind": said.kind,
        "decisions": made.commitments,
        "left_out": {outcome: others.count(outcome) for outcome in sorted(set(others))},
    }
    action: Action = "withdraw" if said.kind == "withdrawn" else "decide"
    change.record(Deed(said.at, said.author, action, f"cohort {number}", details))


def _outcomes(connection: sa.Connection, todo: Sequence[Candidate], judge: Judge) -> list[tuple[str, str]]:
    asked = [c.pair for c in todo if not c.outcome]
    seen = snapshot(connection)
    members = _members(connection, seen, frame_of(record for pair in asked for record in pair))
    about = decisions_about(connection, seen, members.select("system", "key"))
    ends = [about.select(system=f"system_{side}", key=f"key_{side}") for side in "lr"]
    records = pl.concat([members.select("system", "key"), *ends]).unique()
    judged = dict(zip(asked, judge(asked, members, about, pins_of(connection, seen, records)), strict=True))
    return [(c.outcome, c.cause) if c.outcome else judged[c.pair] for c in todo]


def _members(connection: sa.Connection, seen: Snapshot, records: pl.DataFrame) -> pl.DataFrame:
    """The CROSSWALK of all records of the customers that these records belong to."""
    owners = sorted(set(read_crosswalk_of(connection, seen, records)["master_id"]))
    query: sa.Select[Any] = sa.select(*[crosswalk.c[name] for name in CROSSWALK])
    return bulk.read(connection, query.where(crosswalk.c.master_id.in_(owners), seen.stands(crosswalk)), CROSSWALK)


def _is_in(connection: sa.Connection, number: int, state: CohortState) -> bool:
    return bool(connection.execute(sa.select(cohort.c.state).where(cohort.c.id == number)).scalar() == state)


def _waiting(connection: sa.Connection, number: int, pairs: Sequence[Pair]) -> set[Pair]:
    """Those of the pairs that are in the cohort, not in its sample, and of which nothing has become yet."""
    if not pairs:
        return set()
    columns = [cohort_pair.c[name] for name in KEY]
    query = sa.select(*columns).select_from(join_asked(connection, [_key(pair) for pair in pairs], columns))
    open_ = sa.and_(cohort_pair.c.cohort == number, cohort_pair.c.outcome == "", cohort_pair.c.drawn.is_(None))
    return {_pair(row) for row in connection.execute(query.where(open_))}


def _last_ids(connection: sa.Connection, pairs: Sequence[Pair]) -> dict[Pair, int]:
    """The last decision of each pair's chain, behind which the next one stands."""
    if not pairs:
        return {}
    columns = [decision.c[name] for name in KEY]
    query = sa.select(*columns, sa.func.max(decision.c.id).label("last"))
    query = query.select_from(join_asked(connection, [_key(pair) for pair in pairs], columns))
    return {_pair(row): row.last for row in connection.execute(query.group_by(*columns))}


def _key(pair: Pair) -> tuple[str, str, str, str]:
    return pair[0].system, pair[0].key, pair[1].system, pair[1].key


def _pair(row: Sequence[Any]) -> Pair:
    return RecordKey(SystemName(row[0]), row[1]), RecordKey(SystemName(row[2]), row[3])
