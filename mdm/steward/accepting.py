"""Which of many alike pairs may be given the same answer at once, and why the others are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from mdm.errors import DecisionRefused
from mdm.records import RecordKey
from mdm.steward.contradiction import Pin, refuse_contradiction
from mdm.steward.decisions import Answer, Decision, Pair

Outcome = Literal["accepted", "answered", "contradicted", "changed", "gone", "two_people"]
"""What became of a pair: decided with the others; left to the answer that it had; left out because that answer would
contradict a decision or pin, because a record has changed since or is gone, or because two people must agree."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a pair, and why where it is left out."""

    outcome: Outcome
    cause: str = ""


ACCEPTED = Verdict("accepted")


def judge(
    answer: Answer,
    pairs: Sequence[Pair],
    owners: Mapping[RecordKey, str],
    known: Mapping[Pair, Decision],
    pins: Mapping[RecordKey, Pin],
) -> list[Verdict]:
    """What becomes of each pair if the answer is given to all of them, one after the other.

    `owners` has whose the records of all customers concerned are, `known` and `pins` what stands about these records.
    A pair whose two customers anybody has answered about is left alone; what is accepted counts for those behind it.
    """
    stands = dict(known)
    between = {_sides(d.left, d.right, owners): d for d in sorted(known.values(), key=lambda d: -d.number)}
    verdicts = []
    for left, right in pairs:
        verdict = _answered(left, right, owners, between) or _contradicted(answer, (left, right), stands, pins)
        if verdict is None:
            verdict = ACCEPTED
            made = Decision(0, answer, left, right, "", "", "")
            stands[left, right] = made
            between[_sides(left, right, owners)] = made
        verdicts.append(verdict)
    return verdicts


def _sides(left: RecordKey, right: RecordKey, owners: Mapping[RecordKey, str]) -> frozenset[str]:
    """The two customers; records without one stand for themselves."""
    return frozenset(owners.get(record, str(record)) for record in (left, right))


def _answered(
    left: RecordKey, right: RecordKey, owners: Mapping[RecordKey, str], between: Mapping[frozenset[str], Decision]
) -> Verdict | None:
    sides = _sides(left, right, owners)
    if len(sides) == 1:
        return Verdict("answered", "Both records belong to one customer by now.")
    if sides not in between:
        return None
    made = between[sides]
    if not made.number:
        return Verdict("answered", "Another pair of the same two customers was accepted.")
    return Verdict("answered", f"Answered by {made.author} on {made.at} (decision {made.number}).")


def _contradicted(
    answer: Answer, pair: Pair, stands: Mapping[Pair, Decision], pins: Mapping[RecordKey, Pin]
) -> Verdict | None:
    try:
        refuse_contradiction(answer, pair, stands, pins)
    except DecisionRefused as error:
        return Verdict("contradicted", error.what)
    return None
