"""Cohorts as the rest of the tool sees them: drawn, listed, accepted or taken back piece by piece, closed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import sqlalchemy as sa

from mdm.errors import DecisionRefused
from mdm.store import bulk
from mdm.store.audit import Action, Deed, changing
from mdm.store.audit_digest import bind_cohort
from mdm.store.cohort_settling import Candidate, Judge, settle, withdraw
from mdm.store.cohort_states import HOLDING, NEXT_COHORT_STATE, CohortAct, CohortState
from mdm.store.snapshot import locked_pointer
from mdm.store.tables import cohort, cohort_pair

if TYPE_CHECKING:
    from mdm.records import TableSchema
    from mdm.store.database import Database
    from mdm.store.decisions import Saying

CHUNK: Final = 1_000
"""Pairs that one transaction writes when a cohort is drawn."""

KEY: Final = ("system_l", "key_l", "system_r", "key_r")
MEMBERS: Final[TableSchema] = {
    **dict.fromkeys(KEY, bulk.TEXT),
    "weight": bulk.NUMBER,
    "row_l": bulk.TEXT,
    "row_r": bulk.TEXT,
    "drawn": bulk.NUMBER,
}
"""The pairs of a cohort as they were when it was drawn; `drawn` is the place in the sample, null for the rest."""

COHORT_PAIRS: Final[TableSchema] = {**MEMBERS, "outcome": bulk.TEXT, "cause": bulk.TEXT, "decision": bulk.NUMBER}
"""MEMBERS and what became of them; `outcome` is empty for the sample and until the rest is accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortRow:
    """A cohort as it is kept; see the table."""

    id: int
    kind: str
    about: str
    seed: str
    size: int
    drawn: int
    most: int
    author: str
    at: str
    state: CohortState
    stated: str
    changed_by: str
    changed_at: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A cohort that is to be: which pairs in words, the seed of its sample, MEMBERS, and the share that may be wrong.

    `most` is in hundredths of a per cent.
    """

    about: str
    seed: str
    members: pl.DataFrame
    most: int


class Cohorts:
    """The cohorts of a store. `rest` waits between two writing transactions, so that others get their turn."""

    def __init__(self, database: Database, rest: Callable[[float], None] = time.sleep) -> None:
        self._database = database
        self._rest = rest

    def draw(self, drawing: Drawing, said: Saying) -> int:
        """Keep the pairs of a cohort as they are; returns its number.

        Raises DecisionRefused where one of them is in another cohort that is open. What a crash leaves unfinished
        nobody sees.
        """
        number = self._begin(drawing, said)
        for part in drawing.members.iter_slices(CHUNK):
            rows = part.with_columns(
                cohort=pl.lit(number, pl.Int64), outcome=pl.lit(""), cause=pl.lit(""), decision=pl.lit(None, pl.Int64)
            )
            with self._database.writing() as connection:
                bulk.insert(connection, cohort_pair, rows)
            self._rest(0.0)
        with changing(self._database) as change:
            locked_pointer(change.connection)
            _refuse_taken(change.connection, number)
            mine = sa.update(cohort).where(cohort.c.id == number)
            change.connection.execute(mine.values(state=CohortState.OPEN.value))
            details = {
                "drawn_cohort": number,
                "kind": said.kind,
                "seed": drawing.seed,
                "most": drawing.most,
                "pairs": bind_cohort(drawing.members),
            }
            change.record(Deed(said.at, said.author, "draw", f"cohort {number}", details))
        return number

    def _begin(self, drawing: Drawing, said: Saying) -> int:
        with self._database.writing() as connection:
            locked_pointer(connection)
            number = 1 + int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(cohort.c.id), 0))).scalar_one())
            row = {
                "id": number,
                "kind": said.kind,
                "about": drawing.about,
                "seed": drawing.seed,
                "size": drawing.members.height,
                "drawn": drawing.members["drawn"].drop_nulls().len(),
                "most": drawing.most,
                "author": said.author,
                "at": said.at,
                "state": CohortState.DRAWING.value,
                "stated": "",
                "changed_by": said.author,
                "changed_at": said.at,
            }
            connection.execute(sa.insert(cohort).values(row))
        return number

    def turn(self, number: int, act: CohortAct, said: Saying, stated: str = "") -> CohortRow:
        """Bring a cohort into its next state, with a row in the audit where that is another one; returns it.

        Raises DecisionRefused where it is in no state for that.
        """
        with changing(self._database) as change:
            locked_pointer(change.connection)
            found = _get(change.connection, number)
            after = NEXT_COHORT_STATE.get((found.state, act))
            if after is None:
                raise DecisionRefused(f"Cohort {number} is {told(found.state)}.", "Look at it as it is now.")
            if after is not found.state:
                values = {"state": after.value, "changed_by": said.author, "changed_at": said.at}
                values |= {"stated": stated} if act is CohortAct.ACCEPT else {}
                change.connection.execute(sa.update(cohort).where(cohort.c.id == number).values(values))
                action: Action = "close" if act is CohortAct.CLOSE else "accept"
                details = {"turned_cohort": number, "state": after.value, "stated": stated or found.stated}
                change.record(Deed(said.at, said.author, action, f"cohort {number}", details))
            return _get(change.connection, number)

    def accept(self, number: int, candidates: list[Candidate], said: Saying, judge: Judge) -> int:
        """Decide those of these pairs of a cohort of which nothing has become yet, in one short transaction.

        `judge` sees what stands about all customers concerned. Returns how many were decided:
        none where the cohort is not being accepted (any more).
        """
        return settle(self._database, number, candidates, said, judge)

    def take_back(self, number: int, said: Saying, most: int) -> int:
        """Withdraw some of the decisions a cohort made, as far as they stand; returns how many pairs are left to do."""
        left = withdraw(self._database, number, said, most)
        self._rest(0.0)
        return left

    def get(self, number: int) -> CohortRow | None:
        with self._database.reading() as connection:
            return _find(connection, number)

    def all(self) -> list[CohortRow]:
        """Every cohort, latest first."""
        query = sa.select(cohort).where(cohort.c.state != CohortState.DRAWING.value).order_by(cohort.c.id.desc())
        with self._database.reading() as connection:
            return [_row(found) for found in connection.execute(query)]

    def counts(self, number: int) -> dict[str, int]:
        """How many pairs outside of the sample have which outcome."""
        rest = sa.and_(cohort_pair.c.cohort == number, cohort_pair.c.drawn.is_(None))
        query = sa.select(cohort_pair.c.outcome, sa.func.count()).where(rest).group_by(cohort_pair.c.outcome)
        with self._database.reading() as connection:
            return dict(sorted((outcome, int(count)) for outcome, count in connection.execute(query)))

    def sample(self, number: int) -> pl.DataFrame:
        """The COHORT_PAIRS of the sample, in the order in which they were drawn."""
        return self._pairs(number, cohort_pair.c.drawn.is_not(None), order=[cohort_pair.c.drawn])

    def rest(self, number: int, outcome: str, *, skip: int = 0, most: int | None = None) -> pl.DataFrame:
        """The COHORT_PAIRS outside of the sample with this outcome, heaviest first, ties by their keys."""
        order = [cohort_pair.c.weight.desc(), *[cohort_pair.c[name] for name in KEY]]
        which = sa.and_(cohort_pair.c.drawn.is_(None), cohort_pair.c.outcome == outcome)
        return self._pairs(number, which, order=order, page=(skip, most))

    def _pairs(
        self,
        number: int,
        which: sa.ColumnElement[bool],
        *,
        order: list[Any],
        page: tuple[int, int | None] = (0, None),
    ) -> pl.DataFrame:
        query: sa.Select[Any] = sa.select(*[cohort_pair.c[name] for name in COHORT_PAIRS])
        query = query.where(cohort_pair.c.cohort == number, which).order_by(*order)
        skip, most = page
        query = query if most is None else query.limit(most).offset(skip)
        with self._database.reading() as connection:
            return bulk.read(connection, query, COHORT_PAIRS)


def told(state: CohortState) -> str:
    """A state in words."""
    return state.value.replace("_", " ")


def _refuse_taken(connection: sa.Connection, number: int) -> None:
    """Two stewards may draw at once: a pair is in one open cohort at most."""
    mine, theirs = cohort_pair.alias("mine"), cohort_pair.alias("theirs")
    same = sa.and_(*[mine.c[name] == theirs.c[name] for name in KEY])
    query = (
        sa.select(cohort.c.id, cohort.c.author, sa.func.count())
        .select_from(mine.join(theirs, same).join(cohort, cohort.c.id == theirs.c.cohort))
        .where(mine.c.cohort == number, theirs.c.cohort != number, cohort.c.state.in_(HOLDING))
        .group_by(cohort.c.id, cohort.c.author)
        .order_by(cohort.c.id)
    )
    found = connection.execute(query).first()
    if found is not None:
        raise DecisionRefused(
            f"{found[2]:,} of these pairs are in cohort {found[0]} of {found[1]}, which is open.",
            "Draw again: pairs of open cohorts are left out.",
        )


def _find(connection: sa.Connection, number: int) -> CohortRow | None:
    found = connection.execute(sa.select(cohort).where(cohort.c.id == number)).first()
    return None if found is None else _row(found)


def _get(connection: sa.Connection, number: int) -> CohortRow:
    found = _find(connection, number)
    if found is None:
        raise DecisionRefused(f"There is no cohort {number}.", "Choose one in the list of cohorts.")
    return found


def _row(found: sa.Row[Any]) -> CohortRow:
    values = found._asdict()
    return CohortRow(**{**values, "state": CohortState(values["state"])})
