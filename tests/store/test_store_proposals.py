"""Proposals in the store, on both engines: one for each person and pair, ended once, bound by the audit."""

from __future__ import annotations

import pytest

from mdm.errors import DecisionRefused
from mdm.records import RecordKey, SystemName
from mdm.store import Saying, Store

NOW = "2026-01-01T00:00:00Z"
PAIR = (RecordKey(SystemName("a"), "1"), RecordKey(SystemName("a"), "2"))
OTHER = (RecordKey(SystemName("a"), "1"), RecordKey(SystemName("a"), "3"))


def says(who: str, kind: str = "match") -> Saying:
    return Saying(kind, who, NOW, "why")


def standing(store: Store) -> list[tuple[int, str, str]]:
    return [(row["id"], row["author"], row["kind"]) for row in store.proposals.standing().iter_rows(named=True)]


def test_a_person_has_one_proposal_for_a_pair(scanned: Store) -> None:
    first = scanned.proposals.add(PAIR, says("ann"), "print")
    with pytest.raises(DecisionRefused, match=f"You proposed this on {NOW} \\(proposal {first}\\)"):
        scanned.proposals.add(PAIR, says("ann"), "print")
    again = scanned.proposals.add(PAIR, says("ann"), "other values")
    bob = scanned.proposals.add(PAIR, says("bob", "do_not_match"), "print")
    assert standing(scanned) == [(again, "ann", "match"), (bob, "bob", "do_not_match")]
    assert scanned.proposals.standing(OTHER).is_empty()


def test_a_proposal_is_ended_once(scanned: Store) -> None:
    number = scanned.proposals.add(PAIR, says("ann"), "print")
    scanned.proposals.end(number, says("bob", "withdrawn"))
    assert standing(scanned) == []
    with pytest.raises(DecisionRefused, match="does not stand any more"):
        scanned.proposals.end(number, says("bob", "withdrawn"))


def test_settling_a_pair_ends_all_of_it_and_nothing_else(scanned: Store) -> None:
    scanned.proposals.add(PAIR, says("ann"), "print")
    scanned.proposals.add(PAIR, says("bob", "unsure"), "print")
    kept = scanned.proposals.add(OTHER, says("ann"), "print")
    assert scanned.proposals.settle(PAIR, says("bob", "settled")) == 2
    assert standing(scanned) == [(kept, "ann", "match")]


def test_numbers_are_shared_with_decisions_and_customers_stay_as_they_were(scanned: Store) -> None:
    state = scanned.state_revision()
    first = scanned.proposals.add(PAIR, says("ann"), "print")
    second = scanned.add_decision("match", *OTHER, author="ann", at=NOW, reason="")
    assert second == first + 1
    assert scanned.state_revision() == state
    statement = scanned.get_statement(first)
    assert statement is not None
    assert (statement.table, statement.stands) == ("proposal", True)
