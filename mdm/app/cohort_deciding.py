"""One person going through the sample of a cohort in a terminal; each answer is a decision at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from mdm.app.cohort_view import CohortView
from mdm.app.desk_cases import Desk
from mdm.app.desk_pair import Pair
from mdm.steward import Answer, Said
from mdm.steward import Pair as Keys


@dataclass(slots=True)
class SampleWalk:
    """The way through the pairs of a sample that wait, in the order in which they were drawn.

    `clock` gives the moment as ISO text in UTC. What follows from an answer is not asked any more.
    """

    desk: Desk
    number: int
    clock: Callable[[], str]
    made: list[int] = field(default_factory=list)
    skipped: set[Keys] = field(default_factory=set)

    @property
    def cohort(self) -> CohortView:
        """The cohort as it is now."""
        return self.desk.bulk.view(self.number)

    @property
    def current(self) -> Pair | None:
        """The pair that waits, in full; None where none is left but those that were skipped."""
        waiting = [(line.left, line.right) for line in self.cohort.sample if not line.answered]
        ahead = [pair for pair in waiting if pair not in self.skipped]
        return self.desk.pair(*ahead[0]) if ahead else None

    def answer(self, asked: Pair, answer: Answer) -> None:
        """Decide a pair as it was shown; raises what `Desk.decide` raises, and the pair goes on waiting."""
        said = self._said(f"sample of cohort {self.number}")
        self.made.append(self.desk.decide(answer, asked.left, asked.right, said, seen=asked.evidence))

    def skip(self, asked: Pair) -> None:
        """Go on without an answer; the pair waits for another time."""
        self.skipped.add((asked.left, asked.right))

    def back(self) -> bool:
        """Take the last answer back, so that its pair is asked again; False when there is none."""
        if not self.made:
            return False
        self.desk.undo(self.made[-1], self._said("answered anew"))
        self.made.pop()
        return True

    def _said(self, reason: str) -> Said:
        return Said(self.desk.actor.name, self.clock(), reason)
