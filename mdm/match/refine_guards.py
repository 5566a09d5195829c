"""What must hold before a refined model is used, and how each of these guards is told to a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

LEAST_PAIRS: Final = 5_000
"""Below that, chance coincidences of a handful of records would set the weights."""

SHARE: Final = (0.001, 0.6)
"""The share of matches among candidate pairs that can be believed: of the labelled sets it is .04 to .33."""

MOST_AT_BOUND: Final = 0.9
"""Of the levels that moved, how many may want to go further than they may; on labelled sets up to four fifths do."""


@dataclass(frozen=True, slots=True)
class RefineGuard:
    """One guard for one population: passed, or stopped with the model's own weights left standing."""

    population: Literal["organisation", "person"]
    name: str
    passed: bool
    found: str


@dataclass(frozen=True, slots=True)
class Course:
    """How an estimate went: pairs, rounds, the share of matches, the levels that moved, the fit in bits a pair."""

    pairs: int
    rounds: int
    settled: bool
    share: float
    at_bound: int
    levels: int
    fit_before: float
    fit_after: float


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
    return [RefineGuard(population, name, passed, found) for name, passed, found in told]


def stands(course: Course) -> bool:
    """Whether every guard passed."""
    return all(g.passed for g in guard("organisation", course))
