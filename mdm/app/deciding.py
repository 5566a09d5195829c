"""A steward's answer on two records, kept with what it was made on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, get_args

import polars as pl

from mdm.app.asked_again import Again, asked_again_now, evidence_now
from mdm.app.claiming import refuse_held
from mdm.app.hand import Hand, saying
from mdm.app.proposing import agree, why_two
from mdm.errors import SettingsInvalid
from mdm.records import RecordKey, SystemName
from mdm.steward import Answer, Evidence, ordered, refuse_contradiction, standing, standing_pins
from mdm.store import Basis, Saying

ANSWERS: Final[tuple[Answer, ...]] = get_args(Answer)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer on two records, smaller key first; `again` is the decision on them that asks to be made again.

    `evidence` is what they said when the steward looked; without it, what they say now counts.
    """

    answer: Answer
    left: RecordKey
    right: RecordKey
    again: Again | None = None
    evidence: Evidence | None = None


def decide(hand: Hand, answered: Answered) -> int:
    """Record the answer; in effect with the next scan. Returns the number of the decision.

    Where two people must agree, the first one proposes it: the number is then that of the proposal, until the second.

    Raises SettingsInvalid where one of the records is not there, DecisionRefused when a decision that stands says
    otherwise, of these two or by what follows from others, and while somebody else has the pair.
    """
    answer, pair = answered.answer, (answered.left, answered.right)
    refuse_held(hand.store, pair, hand.said)
    evidence = answered.evidence or evidence_now(hand.store, hand.project, pair)
    if evidence is None:
        raise SettingsInvalid(
            f"{pair[0]} or {pair[1]} is not there.",
            "A record is named SYSTEM:KEY; it may have gone with the last scan.",
        )

    def check(known: pl.DataFrame, pins: pl.DataFrame) -> None:
        refuse_contradiction(answer, pair, standing(known), standing_pins(pins))

    basis = Basis(evidence.fingerprint, evidence.seen, check)

    def record(said: Saying) -> int:
        by: dict[str, Any] = {"author": said.author, "at": said.at, "reason": said.reason}
        if answered.again is None:
            return hand.store.add_decision(answer, *pair, **by, basis=basis, receipt=said.receipt)
        return hand.store.supersede(answered.again.number, answer, **by, basis=basis, receipt=said.receipt)

    if why_two(hand.project.stewardship, hand.store, [pair]):
        return agree(hand.store, pair, (saying(hand.said, answer), evidence), record)
    return record(saying(hand.said, answer))


def decide_pair(hand: Hand, words: tuple[str, str, str]) -> int:
    """Record an answer as it is typed: two records as SYSTEM:KEY, and match, do-not-match or unsure.

    Raises SettingsInvalid for other words and what `decide` raises. Returns the number of the decision.
    """
    one, other, answer = words
    known = next((a for a in ANSWERS if a == answer.replace("-", "_")), None)
    if known is None:
        raise SettingsInvalid(f"No such answer: {answer}.", "Say match, do-not-match or unsure.")
    keys = parse_record(one), parse_record(other)
    if keys[0] == keys[1]:
        raise SettingsInvalid(f"Both are the record {one}.", "Name two different records.")
    left, right = ordered(*keys)
    again = {(a.left, a.right): a for a in asked_again_now(hand.store, hand.project)}
    return decide(hand, Answered(known, left, right, again.get((left, right))))


def parse_record(text: str) -> RecordKey:
    """The record that SYSTEM:KEY names. Raises SettingsInvalid for text without a system or a key."""
    system, colon, key = text.partition(":")
    if not (system and colon and key):
        raise SettingsInvalid(f"{text!r} is no record.", "A record is named SYSTEM:KEY, as in the crosswalk.")
    return RecordKey(SystemName(system), key)
