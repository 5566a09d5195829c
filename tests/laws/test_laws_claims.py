"""Laws of claims: whoever takes, leaves, assigns and waits, a question is never had by two, nor taken from one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from mdm.records import RecordKey, SystemName
from mdm.store import Claim, Hold, Saying, open_store

START = datetime(2026, 1, 1, tzinfo=UTC)
LEASE = timedelta(minutes=10)
RECORDS = [RecordKey(SystemName("a"), key) for key in "bcd"]
PAIRS = [(RECORDS[0], RECORDS[1]), (RECORDS[0], RECORDS[2]), (RECORDS[1], RECORDS[2])]
WHO = st.sampled_from(["ann", "bob", "cy"])
SOME = st.lists(st.sampled_from(PAIRS), unique=True, max_size=3)
STEPS = st.lists(
    st.tuples(
        st.integers(0, 700),  # seconds that pass before
        WHO,
        st.one_of(
            st.tuples(st.just("take"), SOME, SOME),
            st.tuples(st.just("leave"), SOME, st.just([])),
            st.tuples(st.just("assign"), SOME, st.just([])),
        ),
    ),
    max_size=12,
)
Pair = tuple[RecordKey, RecordKey]


def at(moment: datetime) -> str:
    return moment.isoformat()


def let_go(claims: dict[Pair, Claim], pairs: list[Pair], who: str) -> None:
    for pair in pairs:
        if claims[pair].holder == who:
            claims[pair] = Claim(assignee=claims[pair].assignee)


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_claims_are_a_dictionary_of_who_came_first(
    steps: list[tuple[int, str, tuple[str, list[Pair], list[Pair]]]],
) -> None:
    expected, now = dict.fromkeys(PAIRS, Claim()), START
    with open_store("sqlite://") as store:
        for seconds, who, (what, pairs, left) in steps:
            now += timedelta(seconds=seconds)
            if what == "take":
                let_go(expected, left, who)
                for pair in pairs:
                    before = expected[pair]
                    free = before.holder in ("", who) or before.until <= at(now)
                    if free and (before.holder != who or before.until < at(now + LEASE / 2)):
                        expected[pair] = replace(before, holder=who, until=at(now + LEASE))
                hold = Hold(who, at(now), at(now + LEASE), at(now + LEASE / 2))
                found = store.claims.take(pairs, hold, left)
                assert found == {pair: expected[pair] for pair in pairs}
            elif what == "leave":
                let_go(expected, pairs, who)
                store.claims.give_back(pairs, who)
            else:
                for pair in pairs:
                    expected[pair] = replace(expected[pair], assignee=who)
                    store.claims.assign(pair, who, Saying("assign", "dee", at(now), ""))
            for pair in PAIRS:
                assert standing(store.claims.of(pair), now) == standing(expected[pair], now)


def standing(claim: Claim, now: datetime) -> tuple[str, str, str]:
    """What counts of a claim: one that is over is none, whether or not its row is still there."""
    has = (claim.holder, claim.until) if claim.until > at(now) else ("", "")
    return (*has, claim.assignee)
