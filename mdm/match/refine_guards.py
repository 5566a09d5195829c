"""What must hold before a refined model is used, and how each of these guards is told to a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from mdm.match.unconfirmed import Unconfirmed

LEAST_PAIRS: Final = 5_000
"""Below that, chance coincidences of a handful of records would set the weights."""

SHARE: Final = (0.001, 0.6)
"""The share of matches among candidate pairs that can be believed: of the labelled sets it is .04 to .33."""

MOST_AT_BOUND: Final = 0.9
"""Of the levels that moved, how many may want to go further than they may; on labelled sets up to four fifths do."""


MOST_UNSURE: Final = 0.01
"""By so much may the share of joins that are likely wrong and that nothing can confirm grow (docs/decisions/0257)."""


WAY: Final = {1.0: "the whole way gone", 0.5: "half of the way gone", 0.25: "a quarter of the way gone"}


@dataclass(frozen=True, slots=True)
class RefineGuard:
    """One guard for one population: passed, or stopped with the model's own weights left standing."""

    population: Literal["organisation", "person"]
    name: str
    passed: bool
    found: str


@dataclass(frozen=True, slots=True)
class Course:
    """How an estimate went: pairs, rounds, the share of matches, the levels that moved, the fit in bits a pair; which
    part of the way was gone, and what of the joins was unconfirmed before and after.
    """

    pairs: int
    rounds: int
    settled: bool
    share: float
    at_bound: int
    levels: int
    fit_before: float
    fit_after: float
    part: float
    unsure: tuple[Unconfirmed, Unconfirmed]


def guard(population: Literal["organisation", "person"], c: Course) -> list[RefineGuard]:
    """Each guard in the order in which it is asked. Without enough pairs nothing else was worth asking."""
    enough = c.pairs >= LEAST_PAIRS
    told = [("Enough pairs to learn from", enough, f"{c.pairs:,} candidate pairs, {LEAST_PAIRS:,} needed")]
    if enough:
        low, high = SHARE
        told += [
            ("The estimate settled", c.settled, f"after {c.rounds} rounds"),
            (
                "The share of matches can be believed",
                low <= c.share <= high,
                f"{c.share:.1%} of the candidate pairs, {low:.1%} to {high:.0%} allowed",
            ),
            (
                "The data do not contradict the model",
                c.at_bound <= MOST_AT_BOUND * c.levels,
                f"{c.at_bound} of {c.levels} levels would go further than they may, {MOST_AT_BOUND:.0%} allowed",
            ),
            (
                "The data are foretold better",
                c.fit_after > c.fit_before,
                f"log likelihood {c.fit_before:.3f} before, {c.fit_after:.3f} after, in bits a pair",
            ),
        ]
        before, after = c.unsure
        if before.told or after.told:
            told.append(("Joins that no birth date confirms are as sure as before", as_sure(before, after), _unsure(c)))
    return [RefineGuard(population, name, passed, found) for name, passed, found in told]


def as_sure(before: Unconfirmed, after: Unconfirmed) -> bool:
    """Whether joins without a birth date are not much more often wrong than before, as far as dates can tell."""
    return not after.told or after.share <= before.share + MOST_UNSURE


def _unsure(c: Course) -> str:
    before, after = c.unsure
    gone = WAY[c.part] if as_sure(before, after) else "even a quarter of the way is too far"
    return (
        f"of {after.dated:,} pairs that would join without their birth dates {after.wrong:.1%} have others "
        f"(before: {before.wrong:.1%}), so {after.share:.1%} of all joins are likely wrong and unconfirmed (before: "
        f"{before.share:.1%}); {gone}"
    )


def stands(course: Course) -> bool:
    """Whether every guard passed."""
    return all(g.passed for g in guard("organisation", course))
