"""Accepting many pairs at once: what is accepted contradicts nothing, and what is left out would."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from mdm.errors import DecisionRefused
from mdm.records import RecordKey, SystemName
from mdm.steward import Answer, Decision, Pair, judge
from mdm.steward.contradiction import refuse_contradiction

RECORDS = [RecordKey(SystemName("a"), str(n)) for n in range(7)]
PAIRS = [(one, other) for one, other in combinations(RECORDS, 2)]
OWN = {record: f"M{record.key}" for record in RECORDS}
answers = st.sampled_from(["match", "do_not_match"])


Known = dict[Pair, Decision]


def why_not(answer: Answer, pair: Pair, known: Known) -> str:
    try:
        refuse_contradiction(answer, pair, known, {})
    except DecisionRefused as error:
        return error.what
    return ""


@st.composite
def histories(draw: st.DrawFn) -> Known:
    """Decisions that contradict nothing, one after the other."""
    known: Known = {}
    for number, pair in enumerate(draw(st.lists(st.sampled_from(PAIRS), max_size=8, unique=True)), start=1):
        answer = draw(st.sampled_from(["match", "do_not_match", "unsure"]))
        if not why_not(answer, pair, known):
            known[pair] = Decision(number, answer, *pair, "ann", "2026-01-01", "")
    return known


@settings(deadline=None)
@given(histories(), st.lists(st.sampled_from(PAIRS), max_size=12, unique=True), answers)
def test_what_is_accepted_is_what_a_steward_could_have_said_one_by_one(
    known: Known, pairs: list[Pair], answer: Answer
) -> None:
    stands = dict(known)
    for pair, verdict in zip(pairs, judge(answer, pairs, OWN, known, {}), strict=True):
        if pair in known:
            assert verdict.outcome == "answered"
            continue
        against = why_not(answer, pair, stands)
        assert (verdict.outcome, verdict.cause) == (("contradicted", against) if against else ("accepted", ""))
        if not against:
            stands[pair] = Decision(99, answer, *pair, "", "", "")


@settings(deadline=None)
@given(histories(), st.lists(st.sampled_from(PAIRS), max_size=12, unique=True), answers)
def test_a_pair_whose_customers_somebody_answered_about_is_not_touched(
    known: Known, pairs: list[Pair], answer: Answer
) -> None:
    owners = {record: f"M{int(record.key) // 2}" for record in RECORDS}
    said = {frozenset((owners[a], owners[b])) for a, b in known}
    for (one, other), verdict in zip(pairs, judge(answer, pairs, owners, known, {}), strict=True):
        sides = frozenset((owners[one], owners[other]))
        if len(sides) == 1 or sides in said:
            assert verdict.outcome == "answered"
