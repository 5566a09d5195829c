"""Bulk acceptance with a stated error, as the desk and the command line ask for it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mdm.app.cohort_accepting import Progress, accept, close, take_back
from mdm.app.cohort_drawing import ALLOWED, Fitting, Wish, draw_cohort, fitting
from mdm.app.cohort_view import LISTED, CohortView, RestLine, SampleLine, list_rest, names_in, view_cohort
from mdm.app.cohort_words import ANSWERS, STATES, per_cent
from mdm.app.desk_part import DeskPart
from mdm.app.hand import Hand
from mdm.app.rights import Right, every_use_case_guarded, needs
from mdm.records import RecordKey
from mdm.steward import Said
from mdm.store import CohortRow, CohortState

__all__ = [
    "ALLOWED",
    "ANSWERS",
    "LISTED",
    "STATES",
    "Bulk",
    "CohortRow",
    "CohortState",
    "CohortView",
    "Fitting",
    "RestLine",
    "SampleLine",
    "Wish",
    "per_cent",
]


@every_use_case_guarded()
@dataclass(frozen=True, slots=True)
class Bulk(DeskPart):
    """The cohorts of a project."""

    @needs(Right.DECIDE)
    def fitting(self, wish: Wish) -> Fitting:
        """How many pairs fit, and how large a sample of them would be."""
        return fitting(self.store, wish, [str(source.system) for source in self.project.rulebook.sources])

    @needs(Right.DECIDE)
    def draw(self, wish: Wish, said: Said, seed: str = "") -> int:
        """Open a cohort; without a seed a new one is made. Returns its number."""
        return draw_cohort(self._hand(said), wish, seed or secrets.token_hex(16))

    @needs(Right.DECIDE)
    def all(self) -> Sequence[CohortRow]:
        """Every cohort, latest first."""
        return self.store.cohorts.all()

    @needs(Right.DECIDE)
    def view(self, number: int) -> CohortView:
        """A cohort in full. Raises SettingsInvalid where there is none of that number."""
        return view_cohort(self.store, number)

    @needs(Right.DECIDE)
    def rest(self, number: int, outcome: str, skip: int = 0) -> tuple[RestLine, ...]:
        """A page of the pairs outside of the sample of which that became."""
        return list_rest(self.store, number, outcome, skip)

    @needs(Right.DECIDE)
    def names(self, lines: Iterable[SampleLine | RestLine]) -> dict[RecordKey, str]:
        """What the records of some pairs are called."""
        return names_in(self.store, lines)

    @needs(Right.DECIDE)
    def accept(self, number: int, said: Said, progress: Progress = lambda _done, _of: None) -> CohortView:
        """Accept the rest, or go on with that; raises what `cohort_accepting.accept` raises."""
        return accept(self._hand(said), number, progress)

    @needs(Right.DECIDE)
    def take_back(self, number: int, said: Said) -> CohortView:
        """Withdraw what accepting the cohort decided."""
        return take_back(self._hand(said), number)

    @needs(Right.DECIDE)
    def close(self, number: int, said: Said) -> None:
        """Give an open cohort up."""
        close(self._hand(said), number)

    def _hand(self, said: Said) -> Hand:
        return Hand(self.project, self.store, self.actor, said)
