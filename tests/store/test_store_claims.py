"""Claims: one of several gets a question, a lease ends by itself, an assignment stays."""

from __future__ import annotations

import threading
from typing import Any

import polars as pl
import pytest

from mdm.records import CROSSWALK, RecordKey, SystemName, format_master_id
from mdm.store import STORED_LINKS, STORED_QUESTIONS, Claim, Hold, Saying, Sought, Store, ask, open_store, since

NOW = "2026-01-01T10:00:00+00:00"
SOON = "2026-01-01T10:29:59+00:00"
THEN = "2026-01-01T10:30:00+00:00"
LATER = "2026-01-01T11:00:00+00:00"
SAID = Saying("assign", "ann", NOW, "")
KEYS = ["a", "b", "c", "d"]
PAIR = (RecordKey(SystemName("a"), "a"), RecordKey(SystemName("a"), "b"))
OTHER = (RecordKey(SystemName("a"), "c"), RecordKey(SystemName("a"), "d"))


@pytest.fixture
def queue(store: Store, small: Any) -> Store:
    """Two questions about four customers of one record each."""
    owners = [str(format_master_id(n + 1)) for n in range(len(KEYS))]
    rows = [("a", x, "a", y, w, 0.9, "review", False, [1]) for x, y, w in (("a", "b", 9), ("c", "d", 8))]
    links = pl.DataFrame(rows, schema=dict(STORED_LINKS), orient="row")
    crosswalk = pl.DataFrame({"system": "a", "key": KEYS, "master_id": owners}, schema=dict(CROSSWALK))
    golden = pl.DataFrame({"master_id": owners, "country": "DE", "records": 1})
    none = pl.DataFrame(schema=dict(STORED_QUESTIONS))

    def put(stage: Any) -> None:
        stage.put_records(small.records(*[("a", key, key) for key in KEYS]))
        stage.put_masters(small.masters(*[(m, "active", None) for m in owners]))
        stage.put_crosswalk(crosswalk)
        stage.put_links(links)
        stage.put_questions(since(ask(links, crosswalk, golden, none), none, NOW))

    small.scan(store, put)
    return store


def take(store: Store, pair: tuple[RecordKey, RecordKey], who: str, now: str, until: str) -> Claim:
    return store.claims.take([pair], Hold(who, now, until, until))[pair]


def waiting(store: Store, **sought: Any) -> list[str]:
    return store.page_questions(Sought(**sought)).rows["key_l"].to_list()


def test_a_second_steward_sees_who_has_it_and_until_when(queue: Store) -> None:
    assert take(queue, PAIR, "ann", NOW, THEN) == Claim("ann", THEN)
    assert take(queue, PAIR, "bob", SOON, LATER) == Claim("ann", THEN)
    assert queue.claims.of(PAIR) == Claim("ann", THEN)


def test_a_lease_ends_by_itself(queue: Store) -> None:
    take(queue, PAIR, "ann", NOW, THEN)
    assert take(queue, PAIR, "bob", THEN, LATER) == Claim("bob", LATER)


def test_whoever_has_it_prolongs_it_and_can_give_it_back(queue: Store) -> None:
    take(queue, PAIR, "ann", NOW, THEN)
    assert take(queue, PAIR, "ann", SOON, LATER) == Claim("ann", LATER)
    queue.claims.give_back([PAIR], "bob")
    assert queue.claims.of(PAIR) == Claim("ann", LATER)
    queue.claims.give_back([PAIR], "ann")
    assert take(queue, PAIR, "bob", SOON, LATER) == Claim("bob", LATER)


@pytest.mark.usefixtures("queue")
def test_of_many_at_once_exactly_one_gets_it(url: str) -> None:
    found: list[tuple[str, Claim]] = []
    ready = threading.Barrier(6)

    def ask_for_it(who: str) -> None:
        with open_store(url) as mine:
            ready.wait()
            found.append((who, take(mine, PAIR, who, NOW, THEN)))

    threads = [threading.Thread(target=ask_for_it, args=(f"steward{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    holders = {claim.holder for _, claim in found}
    assert len(found) == len(threads)
    assert len(holders) == 1
    assert [who for who, claim in found if claim.holder == who] == list(holders)


def test_an_assignment_stays_when_the_lease_ends_and_is_in_the_audit(queue: Store) -> None:
    take(queue, PAIR, "ann", NOW, THEN)
    assert queue.claims.assign(PAIR, "bob", SAID) == Claim("ann", THEN, "bob")
    assert take(queue, PAIR, "cy", LATER, LATER) == Claim("cy", LATER, "bob")
    assert queue.audit()["action"].to_list()[-1] == "assign"


def test_the_queue_shows_what_is_mine_and_what_nobody_has(queue: Store) -> None:
    take(queue, PAIR, "ann", NOW, THEN)
    assert waiting(queue, whose="mine", who=("ann", SOON)) == ["a"]
    assert waiting(queue, whose="mine", who=("bob", SOON)) == []
    assert waiting(queue, whose="free", who=("bob", SOON)) == ["c"]
    assert waiting(queue, whose="free", who=("bob", THEN)) == ["a", "c"]
    queue.claims.assign(OTHER, "bob", SAID)
    assert waiting(queue, whose="mine", who=("bob", LATER)) == ["c"]
    assert waiting(queue, whose="free", who=("ann", LATER)) == ["a"]


def test_what_is_open_to_me_is_what_nobody_else_has(queue: Store) -> None:
    take(queue, PAIR, "ann", NOW, THEN)
    queue.claims.assign(OTHER, "bob", SAID)
    assert waiting(queue, whose="open", who=("ann", SOON)) == ["a", "c"]
    assert waiting(queue, whose="open", who=("bob", SOON)) == ["c"]
    assert waiting(queue, whose="open", who=("bob", THEN)) == ["a", "c"]


def test_several_are_had_and_left_at_once_and_those_of_others_are_not_touched(queue: Store) -> None:
    take(queue, PAIR, "bob", NOW, THEN)
    third = (PAIR[0], OTHER[1])
    take(queue, third, "ann", NOW, THEN)
    found = queue.claims.take([PAIR, OTHER], Hold("ann", NOW, THEN, SOON), leave=[third, PAIR])
    assert found == {PAIR: Claim("bob", THEN), OTHER: Claim("ann", THEN)}
    assert queue.claims.of(third) == Claim()


def test_nothing_is_written_while_a_claim_lasts_long_enough(queue: Store) -> None:
    lease = Hold("ann", NOW, THEN, SOON)
    queue.claims.take([PAIR], lease)
    with queue._database.writing():  # a write would have to wait for this one, and fail
        assert queue.claims.take([PAIR], Hold("ann", NOW, LATER, SOON)) == {PAIR: Claim("ann", THEN)}
        assert queue.claims.take([PAIR], Hold("bob", NOW, LATER, SOON)) == {PAIR: Claim("ann", THEN)}
    assert take(queue, PAIR, "ann", NOW, LATER) == Claim("ann", LATER)


def test_what_has_lapsed_leaves_no_row_but_an_assignment(queue: Store) -> None:
    take(queue, PAIR, "ann", NOW, THEN)
    queue.claims.assign(OTHER, "bob", SAID)
    take(queue, OTHER, "ann", NOW, THEN)
    take(queue, (PAIR[0], OTHER[1]), "cy", LATER, "2026-01-01T12:00:00+00:00")
    assert queue.claims.of(PAIR) == Claim()
    assert queue.claims.of(OTHER) == Claim("ann", THEN, "bob")


def test_the_claims_of_a_page_are_read_at_once(queue: Store) -> None:
    take(queue, OTHER, "ann", NOW, THEN)
    queue.claims.assign(PAIR, "bob", SAID)
    found = queue.claims.among(queue.read_questions())
    assert sorted(found.select("key_l", "holder", "until", "assignee").rows()) == [
        ("a", "", "", "bob"),
        ("c", "ann", THEN, ""),
    ]
    assert queue.claims.among(queue.read_questions().clear()).is_empty()


@pytest.mark.parametrize("propose", [False, True])
def test_an_answer_gives_its_question_back(queue: Store, *, propose: bool) -> None:
    take(queue, PAIR, "ann", NOW, THEN)
    take(queue, OTHER, "ann", NOW, THEN)
    said = Saying("match", "ann", SOON, "")
    if propose:
        queue.proposals.add(PAIR, said, "")
    else:
        queue.add_decision("match", *PAIR, author="ann", at=SOON, reason="")
    assert queue.claims.of(PAIR) == Claim()
    assert queue.claims.of(OTHER) == Claim("ann", THEN)
