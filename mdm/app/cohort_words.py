"""Cohorts in words: which pairs they are, and what their samples say."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import Final

from mdm.report.visible import visible
from mdm.steward import CONFIDENCE, Answer, Bound
from mdm.store import CohortState, Doubt, Sought

MICRO: Final = 1_000_000
ANSWERS: Final[dict[Answer, str]] = {"match": "match", "do_not_match": "no match", "unsure": "unsure"}
STATES: Final = {
    CohortState.DRAWING: "being drawn",
    CohortState.OPEN: "its sample waits",
    CohortState.ACCEPTING: "being accepted",
    CohortState.ACCEPTED: "accepted",
    CohortState.TAKING_BACK: "being taken back",
    CohortState.TAKEN_BACK: "taken back",
    CohortState.CLOSED: "closed",
}
DOUBTS: Final[dict[Doubt, str]] = {
    "doubtful": "doubtful evidence",
    "contradicted": "strong, but contradicted",
    "cut": "strong, but others speak against it",
}


def per_cent(share: Fraction) -> str:
    """A share with one decimal, rounded up, so that it never says less than it is."""
    tenths = ceil(share * 1000)
    return f"{tenths / 10:.1f} %"


def tell_bound(bound: Bound) -> str:
    """What a whole sample says: `0 of 60 wrong: at most 4.9 % of all 412 are wrong (95 % sure)`."""
    return (
        f"{bound.wrong:,} of {bound.drawn:,} wrong: at most {per_cent(bound.share)} of all {bound.among:,} "
        f"{'is' if bound.among == 1 else 'are'} wrong ({CONFIDENCE} % sure)"
    )


def tell_progress(bound: Bound, left: int) -> str:
    """The same while some of the sample wait: what it will say at best, if none of these is wrong."""
    if not left:
        return f"{tell_bound(bound)}."
    decided = bound.drawn - left
    so_far = f"{bound.wrong:,} of {decided:,} wrong so far, " if decided else ""
    return (
        f"{so_far}{left:,} to decide. If none of these is wrong: "
        f"at most {per_cent(bound.share)} of all {bound.among:,} are wrong ({CONFIDENCE} % sure)."
    )


def tell_sought(sought: Sought) -> str:
    """Which pairs are asked for, in one line that is safe to show."""
    parts = []
    if sought.systems is not None:
        one, other = sought.systems
        parts.append(f"inside {one}" if one == other else f"{one} and {other}")
    if sought.doubt is not None:
        parts.append(DOUBTS[sought.doubt])
    if sought.country is not None:
        parts.append(f"country {sought.country}")
    if sought.weights is not None:
        low, high = (weight / MICRO for weight in sought.weights)
        parts.append(f"weight {low:+.1f} to {high:+.1f}")
    if sought.search:
        parts.append(f"customers called {sought.search}")
    if sought.asked_before is not None:
        parts.append(f"asked before {sought.asked_before[:10]}")
    return visible(" · ".join(parts) or "all that waits")
