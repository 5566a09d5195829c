"""What a steward said stands until a steward says otherwise."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from mdm.errors import DecisionRefused
from mdm.records import RecordKey, SystemName
from mdm.steward import refuse_contradiction, standing
from mdm.store import Basis

if TYPE_CHECKING:
    from mdm.store import Store

X, Y, Z = (RecordKey(SystemName("a"), key) for key in "123")
SAID: dict[str, Any] = {"author": "ann", "at": "2026-01-01T00:00:00Z", "reason": "twins"}


def test_a_decision_is_kept_with_the_smaller_key_on_the_left(store: Store) -> None:
    number = store.add_decision("do_not_match", Y, X, **SAID)
    assert store.decisions().rows() == [
        (number, "do_not_match", "a", "1", "a", "2", "ann", "2026-01-01T00:00:00Z", "twins", None, None, True)
    ]


def test_the_same_decision_again_is_no_second_one(store: Store) -> None:
    first = store.add_decision("match", X, Y, **SAID)
    revision = store.current_revision()
    assert store.add_decision("match", Y, X, **SAID) == first
    assert store.decisions().height == 1
    assert store.current_revision() == revision


def test_the_opposite_of_a_standing_decision_is_refused_naming_it(store: Store) -> None:
    number = store.add_decision("match", X, Y, **SAID)
    with pytest.raises(DecisionRefused, match=rf"ann decided on 2026.*a:1 and a:2 match \(decision {number}\)"):
        store.add_decision("do_not_match", Y, X, **SAID)
    assert store.decisions()["kind"].to_list() == ["match"]


def test_a_decision_is_never_changed_only_superseded(store: Store) -> None:
    first = store.add_decision("match", X, Y, **SAID)
    before = store.decisions().drop("stands").row(0)
    second = store.supersede(first, "do_not_match", author="bob", at="later", reason="two shops")
    found = store.decisions()
    assert found.drop("stands").row(0) == before
    assert found.select("id", "supersedes", "stands").rows() == [(first, None, False), (second, first, True)]


def test_a_superseded_decision_cannot_be_superseded_again(store: Store) -> None:
    first = store.add_decision("match", X, Y, **SAID)
    second = store.supersede(first, "do_not_match", **SAID)
    with pytest.raises(DecisionRefused, match=f"replaced by decision {second}"):
        store.supersede(first, "withdrawn", **SAID)


def test_superseding_an_unknown_decision_is_refused(store: Store) -> None:
    with pytest.raises(DecisionRefused, match="no decision 7"):
        store.supersede(7, "match", **SAID)


def test_after_a_withdrawal_either_decision_may_follow(store: Store) -> None:
    first = store.add_decision("match", X, Y, **SAID)
    second = store.supersede(first, "withdrawn", **SAID)
    third = store.add_decision("do_not_match", X, Y, **SAID)
    assert store.decisions().select("id", "supersedes", "stands").rows() == [
        (first, None, False),
        (second, first, False),
        (third, second, True),
    ]


def test_a_record_cannot_be_decided_against_itself(store: Store) -> None:
    with pytest.raises(DecisionRefused, match="itself"):
        store.add_decision("match", X, X, **SAID)


def test_decisions_are_read_as_of_a_revision(store: Store) -> None:
    store.add_decision("match", X, Y, **SAID)
    at = store.current_revision()
    store.supersede(1, "do_not_match", **SAID)
    store.add_decision("match", Y, Z, **SAID)
    assert store.decisions(revision=at).select("id", "stands").rows() == [(1, True)]
    assert store.decisions()["stands"].to_list() == [False, True, True]


def test_of_two_stewards_who_contradict_each_other_at_once_one_is_refused(store: Store) -> None:
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def decide(kind: Any) -> None:
        together.wait()
        try:
            store.add_decision(kind, X, Y, **SAID)
            outcomes.append("kept")
        except DecisionRefused:
            outcomes.append("refused")

    threads = [threading.Thread(target=decide, args=(kind,)) for kind in ("match", "do_not_match")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["kept", "refused"]
    assert store.decisions().height == 1


def test_no_decision_is_lost_when_many_decide_at_once(store: Store) -> None:
    def decide(steward: int) -> None:
        for n in range(5):
            other = RecordKey(SystemName("b"), f"{steward}-{n}")
            store.add_decision("match", X, other, **SAID)

    threads = [threading.Thread(target=decide, args=(steward,)) for steward in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.decisions()["id"].to_list() == list(range(1, 21))


def test_an_unsure_decision_gives_way_to_an_answer(store: Store) -> None:
    first = store.add_decision("unsure", X, Y, **SAID)
    second = store.add_decision("match", X, Y, **SAID)
    assert store.decisions().select("id", "kind", "supersedes", "stands").rows() == [
        (first, "unsure", None, False),
        (second, "match", first, True),
    ]


def test_a_check_sees_what_stands_through_a_chain_of_matches(store: Store) -> None:
    far, seen = RecordKey(SystemName("b"), "9"), []
    store.add_decision("match", Y, Z, **SAID)
    store.add_decision("do_not_match", Z, far, **SAID)
    store.add_decision("match", far, RecordKey(SystemName("c"), "1"), **SAID)
    basis = Basis(check=lambda known, _: seen.append(known["id"].to_list()))
    store.add_decision("match", X, Y, basis=basis, **SAID)
    assert seen == [[1, 2]]


def test_of_two_stewards_who_close_a_contradiction_at_once_one_is_refused(store: Store) -> None:
    outcomes: list[str] = []
    together = threading.Barrier(2)
    store.add_decision("match", X, Y, **SAID)

    def decide(kind: Any, pair: tuple[RecordKey, RecordKey]) -> None:
        together.wait()
        try:
            check = lambda known, _: refuse_contradiction(kind, pair, standing(known), {})  # noqa: E731 - bound to this pair
            store.add_decision(kind, *pair, basis=Basis(check=check), **SAID)
            outcomes.append("kept")
        except DecisionRefused:
            outcomes.append("refused")

    said = (("match", (Y, Z)), ("do_not_match", (X, Z)))
    threads = [threading.Thread(target=decide, args=each) for each in said]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["kept", "refused"]
    assert store.decisions().height == 2


def test_the_same_decision_on_other_evidence_confirms_the_first(store: Store) -> None:
    first = store.add_decision("do_not_match", X, Y, **SAID, basis=Basis("old", '{"rows":[]}'))
    assert store.add_decision("do_not_match", X, Y, **SAID, basis=Basis("old", "{}")) == first
    second = store.add_decision("do_not_match", X, Y, **SAID, basis=Basis("new", "{}"))
    assert store.decisions().select("id", "supersedes", "stands").rows() == [
        (first, None, False),
        (second, first, True),
    ]
    assert store.read_evidence().select("id", "evidence", "seen").rows() == [(second, "new", "{}")]


def test_evidence_is_read_of_what_stands_and_is_no_match(store: Store) -> None:
    store.add_decision("match", X, Y, **SAID, basis=Basis("m", "{}"))
    unsure = store.add_decision("unsure", X, Z, **SAID, basis=Basis("u", "{}"))
    taken_back = store.add_decision("do_not_match", Y, Z, **SAID, basis=Basis("d", "{}"))
    store.supersede(taken_back, "withdrawn", **SAID)
    assert store.read_evidence()["id"].to_list() == [unsure]
    assert store.read_evidence(unsure).is_empty()
