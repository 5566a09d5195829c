"""The states of a row of the outbox, and what may become of each: whatever is not in the table is refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a row stands. `sent`: a publisher took it up, so that it may have taken effect, whatever else is known."""

    PLANNED = "planned"
    APPROVED = "approved"
    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    CONFLICT = "conflict"
    SUPERSEDED = "superseded"


class Act(StrEnum):
    """What happens to a row.

    `hold`: a person takes an approval back, and it is planned anew.
    `pause`: the system asked to come back later, and nothing took effect. `wait`: it gave no answer, so nobody knows.
    `supersede`: a newer version was planned, or the change is no longer wanted. `overtake`: the same for a row that was
    sent, once it is known that nothing of it took effect.
    """

    APPROVE = "approve"
    HOLD = "hold"
    CLAIM = "claim"
    CONFIRM = "confirm"
    FAIL = "fail"
    CONFLICT = "conflict"
    PAUSE = "pause"
    WAIT = "wait"
    RETRY = "retry"
    SUPERSEDE = "supersede"
    OVERTAKE = "overtake"


NEXT_STATE: Final[Mapping[tuple[State, Act], State]] = {
    (State.PLANNED, Act.APPROVE): State.APPROVED,
    (State.PLANNED, Act.CONFIRM): State.CONFIRMED,
    (State.PLANNED, Act.FAIL): State.FAILED,
    (State.PLANNED, Act.CONFLICT): State.CONFLICT,
    (State.PLANNED, Act.SUPERSEDE): State.SUPERSEDED,
    (State.APPROVED, Act.HOLD): State.PLANNED,
    (State.APPROVED, Act.CLAIM): State.SENT,
    (State.APPROVED, Act.SUPERSEDE): State.SUPERSEDED,
    (State.SENT, Act.CLAIM): State.SENT,
    (State.SENT, Act.CONFIRM): State.CONFIRMED,
    (State.SENT, Act.FAIL): State.FAILED,
    (State.SENT, Act.CONFLICT): State.CONFLICT,
    (State.SENT, Act.PAUSE): State.APPROVED,
    (State.SENT, Act.WAIT): State.SENT,
    (State.SENT, Act.OVERTAKE): State.SUPERSEDED,
    (State.FAILED, Act.RETRY): State.APPROVED,
    (State.FAILED, Act.SUPERSEDE): State.SUPERSEDED,
    (State.CONFLICT, Act.RETRY): State.PLANNED,
    (State.CONFLICT, Act.SUPERSEDE): State.SUPERSEDED,
}


def states_before(act: Act) -> tuple[State, ...]:
    """The states in which that may happen."""
    return tuple(state for state, known in NEXT_STATE if known is act)
