"""The desk's queue: what is asked, what answers it, in which order it comes, and what a deed makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from mdm.records import LINEAGE, RecordKey, SystemName, format_master_id
from mdm.store import STORED_LINKS, STORED_QUESTIONS, Doing, Effects, Saying, Sought, Store, ask, since
from mdm.store.decisions import NO_BASIS

if TYPE_CHECKING:
    from mdm.store import Place, QuestionOrder

NOW = "2026-01-01T00:00:00Z"
LATER = "2026-01-09T00:00:00Z"
SAID = {"author": "ann", "at": NOW, "reason": "twins"}
A, B, C = (str(format_master_id(n)) for n in (1, 2, 3))
OWNERS = {"a": A, "b": A, "c": B, "d": B, "e": C}
CROSSWALK = pl.DataFrame({"system": "a", "key": list(OWNERS), "master_id": list(OWNERS.values())})
GOLDEN = pl.DataFrame({"master_id": [A, B, C], "country": ["DE", "FR", None], "records": [2, 2, 1]})
NO_PAIRS = pl.DataFrame(schema=dict(STORED_QUESTIONS))


def stored(*rows: tuple[str, str, int, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [("a", x, "a", y, weight, 0.9, band, False, [1]) for x, y, weight, band in rows],
        schema=dict(STORED_LINKS),
        orient="row",
    )


LINKS = stored(("a", "b", 9, "auto"), ("a", "c", 5, "review"), ("b", "d", 7, "auto"), ("c", "e", 5, "review"))


def pairs(frame: pl.DataFrame) -> list[tuple[str, str]]:
    return list(frame.select("key_l", "key_r").iter_rows())


def record(key: str) -> RecordKey:
    return RecordKey(SystemName("a"), key)


def questions(links: pl.DataFrame = LINKS, first: pl.DataFrame = NO_PAIRS, at: str = NOW) -> pl.DataFrame:
    return since(ask(links, CROSSWALK, GOLDEN, first), NO_PAIRS, at)


@pytest.fixture
def queue(store: Store, small: Any) -> Store:
    """Five records of three customers; between A and B the heavier of two links is asked."""

    def put(stage: Any) -> None:
        stage.put_records(small.records(*[("a", key, key) for key in OWNERS]))
        stage.put_masters(small.masters(*[(m, "active", None) for m in (A, B, C)]))
        stage.put_crosswalk(CROSSWALK)
        stage.put_golden(small.golden((A, "Ae-Werk", 2), (B, "Two", 2), (C, "Three", 1)))
        stage.put_links(LINKS)
        stage.put_questions(questions())

    small.scan(store, put)
    return store


def waiting(store: Store, **sought: Any) -> list[tuple[str, str]]:
    found, after = [], None
    while True:
        page = store.page_questions(Sought(**sought), after, 1)
        found += pairs(page.rows)
        if page.after is None:
            assert store.count_questions(Sought(**sought)) == len(found)
            return found
        after = page.after


def test_of_all_links_between_two_customers_the_strongest_is_the_question() -> None:
    assert pairs(questions()) == [("b", "d"), ("c", "e")]


def test_a_pair_that_comes_first_stands_for_its_two_customers() -> None:
    assert pairs(questions(first=LINKS.filter(pl.col("key_l") == "a"))) == [("a", "c"), ("c", "e")]


def test_the_order_of_links_makes_no_difference() -> None:
    turned = ask(LINKS.reverse(), CROSSWALK.reverse(), GOLDEN.reverse(), NO_PAIRS)
    assert turned.equals(ask(LINKS, CROSSWALK, GOLDEN, NO_PAIRS))


def test_what_was_asked_before_keeps_its_time() -> None:
    asked = ask(LINKS, CROSSWALK, GOLDEN, NO_PAIRS)
    later = since(asked, questions().head(1), LATER)
    assert later["asked_at"].to_list() == [NOW, LATER]


def test_the_queue_shows_the_heaviest_first_and_each_once(queue: Store) -> None:
    assert waiting(queue) == [("b", "d"), ("c", "e")]
    line = queue.page_questions(Sought()).rows.row(0, named=True)
    assert (line["master_id_l"], line["master_id_r"], line["records"], line["levels"]) == (A, B, 4, [1])


@pytest.mark.parametrize("kind", ["match", "do_not_match", "unsure"])
@pytest.mark.parametrize("pair", ["ac", "bd", "ad"])
def test_a_decision_on_any_records_answers_for_the_two_customers(queue: Store, pair: str, kind: Any) -> None:
    number = queue.add_decision(kind, record(pair[0]), record(pair[1]), **SAID)
    assert waiting(queue) == [("c", "e")]
    assert waiting(queue, state="unsure") == ([("b", "d")] if kind == "unsure" else [])
    queue.supersede(number, "withdrawn", **SAID)
    assert waiting(queue) == [("b", "d"), ("c", "e")]
    assert waiting(queue, state="unsure") == []


def test_a_decided_pair_that_is_asked_again_waits(queue: Store) -> None:
    number = queue.add_decision("do_not_match", record("b"), record("d"), **SAID)
    assert waiting(queue, again=(number,)) == [("b", "d"), ("c", "e")]


@pytest.mark.parametrize(
    ("sought", "expected"),
    [
        ({"search": "WERK"}, [("b", "d")]),
        ({"search": "ä werk"}, [("b", "d")]),
        ({"search": "nobody"}, []),
        ({"ids": (C,)}, [("c", "e")]),
        ({"country": "DE"}, [("b", "d")]),
        ({"systems": ("a", "a")}, [("b", "d"), ("c", "e")]),
        ({"systems": ("a", "b")}, []),
        ({"doubt": "doubtful"}, [("c", "e")]),
        ({"doubt": "cut"}, [("b", "d")]),
        ({"doubt": "contradicted"}, []),
        ({"asked_before": NOW}, []),
        ({"asked_before": LATER}, [("b", "d"), ("c", "e")]),
        ({"order": "records"}, [("b", "d"), ("c", "e")]),
        ({"order": "age"}, [("b", "d"), ("c", "e")]),
    ],
)
def test_the_queue_is_narrowed_and_ordered(queue: Store, sought: Any, expected: Any) -> None:
    assert waiting(queue, **sought) == expected


@pytest.mark.parametrize("order", ["weight", "records", "age"])
def test_around_each_place_stand_its_neighbours(queue: Store, order: QuestionOrder) -> None:
    leading = {"weight": "weight", "records": "records", "age": "asked_at"}[order]
    rows = queue.page_questions(Sought(order=order)).rows
    places: list[Place] = rows.select(leading, "system_l", "key_l", "system_r", "key_r").rows()
    first, second = (queue.look_around(Sought(order=order), place) for place in places)
    assert (first.before, first.here, pairs(first.previous), pairs(first.following)) == (0, 1, [], [("c", "e")])
    assert (second.before, second.here, pairs(second.previous), pairs(second.following)) == (1, 1, [("b", "d")], [])


def test_around_a_decided_pair_the_queue_is_as_without_it(queue: Store) -> None:
    place = queue.read_question(record("b"), record("d")).select("weight", "system_l", "key_l", "system_r", "key_r")
    queue.add_decision("match", record("b"), record("d"), **SAID)
    found = queue.look_around(Sought(), place.row(0))
    assert (found.before, found.here, pairs(found.following)) == (0, 0, [("c", "e")])


def test_the_queue_can_be_narrowed_to_what_is_in_it(queue: Store) -> None:
    found = queue.question_choices()
    assert (found.systems, found.countries) == ((("a", "a"),), ("DE", "FR"))


def test_the_past_keeps_its_questions(queue: Store, small: Any) -> None:
    small.scan(queue, lambda stage: stage.put_questions(NO_PAIRS, questions().select(list(NO_PAIRS.columns[:4]))))
    assert waiting(queue) == []
    assert pairs(queue.read_questions(revision=1)) == [("b", "d"), ("c", "e")]


def merged(store: Store, small: Any) -> None:
    """A steward merges B into A: c and d are records of A now."""
    effects = Effects(
        masters=small.masters((B, "merged", A)),
        crosswalk=small.crosswalk(("a", "c", A), ("a", "d", A)),
        golden=small.golden((A, "One", 4)),
        golden_gone=pl.DataFrame({"master_id": [B]}),
        lineage=pl.DataFrame([("merge", B, A, None, None)], schema=dict(LINEAGE), orient="row"),
    )
    doing = Doing(
        kind="merge",
        master_id=A,
        other_id=B,
        concerns=(A, B),
        as_of=store.current_revision(),
        effects=effects,
        leave=lambda _decisions, _pins: [],
        basis=lambda _one, _other: NO_BASIS,
        pins={},
    )
    store.do_deed(doing, Saying("merge", "ann", LATER, "one company"))


def test_a_merge_answers_what_was_asked_of_the_two_and_turns_the_rest_to_the_one_left(queue: Store, small: Any) -> None:
    merged(queue, small)
    assert waiting(queue) == [("c", "e")]
    line = queue.page_questions(Sought()).rows.row(0, named=True)
    assert (line["master_id_l"], line["master_id_r"], line["records"], line["asked_at"]) == (A, C, 5, NOW)


def test_the_value_of_a_question_is_that_of_both_customers_and_orders_the_queue(store: Store, small: Any) -> None:
    values = pl.DataFrame({"master_id": [A, C], "value": [700, 5_000_000_000]})
    asked = since(ask(LINKS, CROSSWALK, GOLDEN, NO_PAIRS, values), NO_PAIRS, NOW)
    assert dict(zip(pairs(asked), asked["value"].to_list(), strict=True)) == {
        ("b", "d"): 700,
        ("c", "e"): 5_000_000_000,
    }

    def put(stage: Any) -> None:
        stage.put_records(small.records(*[("a", key, key) for key in OWNERS]))
        stage.put_masters(small.masters(*[(m, "active", None) for m in (A, B, C)]))
        stage.put_crosswalk(CROSSWALK)
        stage.put_links(LINKS)
        stage.put_questions(asked)

    small.scan(store, put)
    assert pairs(store.page_questions(Sought(order="value")).rows) == [("c", "e"), ("b", "d")]
    assert store.value_of_questions() == 5_000_000_700
    assert store.count_questions(Sought(least_value=701)) == 1
    assert store.question_choices().most_value == 5_000_000_000
