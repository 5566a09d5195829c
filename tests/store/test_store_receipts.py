"""A message that arrives twice makes one statement."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from mdm.errors import DecisionRefused
from mdm.records import Receipt, RecordKey, SystemName

if TYPE_CHECKING:
    from mdm.store import Store

X, Y = (RecordKey(SystemName("a"), key) for key in "12")
SAID: dict[str, Any] = {"author": "ann", "at": "2026-01-01T00:00:00Z", "reason": "twins"}
FIRST, SECOND = Receipt("page", 1), Receipt("page", 2)


def test_a_receipt_leads_to_the_statement_that_its_message_made(store: Store) -> None:
    assert store.statement_of(FIRST) is None
    number = store.add_decision("match", X, Y, **SAID, receipt=FIRST)
    assert store.statement_of(FIRST) == number
    assert store.statement_of(Receipt("other page", 1)) is None


def test_a_message_that_was_taken_back_meanwhile_is_not_carried_out_a_second_time(store: Store) -> None:
    number = store.add_decision("match", X, Y, **SAID, receipt=FIRST)
    store.supersede(number, "withdrawn", **SAID, receipt=SECOND)
    with pytest.raises(DecisionRefused, match=f"carried out before, as number {number}"):
        store.add_decision("match", X, Y, **SAID, receipt=FIRST)
    assert store.decisions()["kind"].to_list() == ["match", "withdrawn"]


def test_the_same_answer_again_has_its_receipt_without_a_second_decision(store: Store) -> None:
    number = store.add_decision("match", X, Y, **SAID, receipt=FIRST)
    assert store.add_decision("match", X, Y, **SAID, receipt=SECOND) == number
    assert store.statement_of(SECOND) == number


def test_a_refused_statement_leaves_no_receipt(store: Store) -> None:
    store.add_decision("match", X, Y, **SAID)
    with pytest.raises(DecisionRefused, match="ann decided"):
        store.add_decision("do_not_match", X, Y, **SAID, receipt=FIRST)
    assert store.statement_of(FIRST) is None


def test_of_two_deliveries_at_once_one_is_carried_out(store: Store) -> None:
    outcomes: list[object] = []

    def deliver() -> None:
        try:
            outcomes.append(store.add_decision("match", X, Y, **SAID, receipt=FIRST))
        except DecisionRefused:
            outcomes.append("refused")

    threads = [threading.Thread(target=deliver) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.decisions().height == 1
    assert sorted(map(str, outcomes)) == ["1", "refused", "refused", "refused"]
