"""The states of a cohort, as a table: what is not in it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class CohortState(StrEnum):
    """drawing: its pairs are being written. open: its sample is decided. accepting, taking_back: under way."""

    DRAWING = "drawing"
    OPEN = "open"
    ACCEPTING = "accepting"
    ACCEPTED = "accepted"
    TAKING_BACK = "taking_back"
    TAKEN_BACK = "taken_back"
    CLOSED = "closed"


class CohortAct(StrEnum):
    """What is done to a cohort; the two that end something, when no pair is left."""

    ACCEPT = "accept"
    TAKE_BACK = "take_back"
    END_ACCEPTING = "end_accepting"
    END_TAKING_BACK = "end_taking_back"
    CLOSE = "close"


NEXT_COHORT_STATE: Final[Mapping[tuple[CohortState, CohortAct], CohortState]] = {
    (CohortState.OPEN, CohortAct.ACCEPT): CohortState.ACCEPTING,
    (CohortState.OPEN, CohortAct.CLOSE): CohortState.CLOSED,
    (CohortState.ACCEPTING, CohortAct.ACCEPT): CohortState.ACCEPTING,
    (CohortState.ACCEPTING, CohortAct.END_ACCEPTING): CohortState.ACCEPTED,
    (CohortState.ACCEPTING, CohortAct.TAKE_BACK): CohortState.TAKING_BACK,
    (CohortState.ACCEPTED, CohortAct.ACCEPT): CohortState.ACCEPTED,
    (CohortState.ACCEPTED, CohortAct.END_ACCEPTING): CohortState.ACCEPTED,
    (CohortState.ACCEPTED, CohortAct.TAKE_BACK): CohortState.TAKING_BACK,
    (CohortState.TAKING_BACK, CohortAct.TAKE_BACK): CohortState.TAKING_BACK,
    (CohortState.TAKING_BACK, CohortAct.END_TAKING_BACK): CohortState.TAKEN_BACK,
    (CohortState.TAKEN_BACK, CohortAct.TAKE_BACK): CohortState.TAKEN_BACK,
    (CohortState.TAKEN_BACK, CohortAct.END_TAKING_BACK): CohortState.TAKEN_BACK,
}
"""Accepting and taking back may be said again: both then go on, or change nothing."""

HOLDING: Final = (CohortState.OPEN.value, CohortState.ACCEPTING.value)
"""States in which the pairs of a cohort are in no other one."""
