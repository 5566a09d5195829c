"""Cohorts in the store: fixed when drawn, accepted in short pieces, resumable, taken back, and bound to the audit."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl
import pytest

from mdm.errors import DecisionRefused
from mdm.records import CROSSWALK, RecordKey, SystemName, format_master_id
from mdm.steward import judge, standing, standing_pins
from mdm.store import (
    STORED_LINKS,
    STORED_QUESTIONS,
    Basis,
    Candidate,
    CohortAct,
    CohortState,
    Drawing,
    Keeper,
    Saying,
    Sought,
    Store,
    ask,
    open_store,
    since,
)

NOW = "2026-01-01T00:00:00Z"
PAIRS = 12
SAMPLE = 3
AUDITED = ("chain", "anchor", "deeds")
ANN = Saying("match", "ann", NOW, "looked at a sample")
BACK = Saying("withdrawn", "ann", NOW, "was wrong")


def left(n: int) -> RecordKey:
    return RecordKey(SystemName("a"), f"l{n:02d}")


def right(n: int) -> RecordKey:
    return RecordKey(SystemName("a"), f"r{n:02d}")


@pytest.fixture
def queue(url: str, keeper: Keeper, small: Any) -> Any:
    """Twelve pairs of customers of one record each, all of which wait."""
    keys = [k.key for n in range(PAIRS) for k in (left(n), right(n))]
    owners = [str(format_master_id(n + 1)) for n in range(len(keys))]
    rows = [("a", left(n).key, "a", right(n).key, 100 - n, 0.9, "review", False, [1]) for n in range(PAIRS)]
    links = pl.DataFrame(rows, schema=dict(STORED_LINKS), orient="row")
    crosswalk = pl.DataFrame({"system": "a", "key": keys, "master_id": owners}, schema=dict(CROSSWALK))
    golden = pl.DataFrame({"master_id": owners, "country": "DE", "records": 1})
    none = pl.DataFrame(schema=dict(STORED_QUESTIONS))

    def put(stage: Any) -> None:
        stage.put_records(small.records(*[("a", key, key) for key in keys]))
        stage.put_masters(small.masters(*[(m, "active", None) for m in owners]))
        stage.put_crosswalk(crosswalk)
        stage.put_lineage(small.lineage(*[("create", None, m) for m in owners]))
        stage.put_golden(small.golden(*[(m, "One", 1) for m in owners]))
        stage.put_links(links)
        stage.put_questions(since(ask(links, crosswalk, golden, none), none, NOW))

    with open_store(url, rest=lambda _: None, keeper=keeper) as opened:
        small.scan(opened, put)
        yield opened


def members(first: int = 0, last: int = PAIRS, drawn: Sequence[int] = range(SAMPLE)) -> pl.DataFrame:
    rows = [
        ("a", left(n).key, "a", right(n).key, 100 - n, "h", "h", drawn.index(n) + 1 if n in drawn else None)
        for n in range(first, last)
    ]
    names = ["system_l", "key_l", "system_r", "key_r", "weight", "row_l", "row_r", "drawn"]
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(pl.col("drawn", "weight").cast(pl.Int64))


def drawn(store: Store, frame: pl.DataFrame | None = None, said: Saying = ANN) -> int:
    return store.cohorts.draw(Drawing("all", "seed", members() if frame is None else frame, 500), said)


def judged(answer: Any) -> Callable[..., list[tuple[str, str]]]:
    def outcomes(pairs: Any, owned: Any, decisions: Any, pins: Any) -> list[tuple[str, str]]:
        owners = {RecordKey(system, key): master_id for system, key, master_id in owned.iter_rows()}
        found = judge(answer, pairs, owners, standing(decisions), standing_pins(pins))
        return [(v.outcome, v.cause) for v in found]

    return outcomes


def candidates(*numbers: int) -> list[Candidate]:
    return [Candidate((left(n), right(n)), Basis(f"print{n}", f'{{"n":{n}}}')) for n in numbers]


def accepted(store: Store, number: int, *numbers: int, said: Saying = ANN) -> int:
    return store.cohorts.accept(number, candidates(*numbers), said, judged(said.kind))


def accept_all(store: Store, number: int) -> None:
    store.cohorts.turn(number, CohortAct.ACCEPT, ANN, "0 of 3 wrong")
    for n in range(SAMPLE, PAIRS, 4):
        accepted(store, number, *range(n, min(n + 4, PAIRS)))
    store.cohorts.turn(number, CohortAct.END_ACCEPTING, ANN)


def waiting(store: Store, **sought: Any) -> list[str]:
    return store.page_questions(Sought(**sought)).rows["key_l"].to_list()


def test_a_cohort_keeps_its_pairs_and_its_sample(queue: Store) -> None:
    number = drawn(queue)
    row = queue.cohorts.get(number)
    assert row is not None
    assert (row.state, row.size, row.drawn, row.seed, row.author) == (CohortState.OPEN, PAIRS, SAMPLE, "seed", "ann")
    assert queue.cohorts.sample(number)["key_l"].to_list() == ["l00", "l01", "l02"]
    assert queue.cohorts.rest(number, "").height == PAIRS - SAMPLE
    assert queue.cohorts.rest(number, "", skip=1, most=2)["key_l"].to_list() == ["l04", "l05"]


def test_the_sample_is_a_part_of_the_queue(queue: Store) -> None:
    number = drawn(queue)
    assert waiting(queue, cohort=number) == ["l00", "l01", "l02"]
    queue.add_decision("match", left(1), right(1), author="ann", at=NOW, reason="")
    assert waiting(queue, cohort=number) == ["l00", "l02"]


def test_pairs_of_an_open_cohort_are_not_free_until_it_is_closed(queue: Store) -> None:
    number = drawn(queue, members(0, 5))
    assert waiting(queue, free=True) == [left(n).key for n in range(5, PAIRS)]
    queue.cohorts.turn(number, CohortAct.CLOSE, ANN)
    assert len(waiting(queue, free=True)) == PAIRS


def test_the_queue_is_narrowed_by_weight(queue: Store) -> None:
    assert waiting(queue, weights=(97, 99)) == ["l01", "l02", "l03"]


def test_of_two_cohorts_drawn_at_once_with_a_pair_in_common_the_second_is_refused(queue: Store) -> None:
    drawn(queue, members(0, 5))
    with pytest.raises(DecisionRefused, match=r"1 of these pairs are in cohort 1 of ann"):
        drawn(queue, members(4, 8, drawn=[5]))
    assert [row.id for row in queue.cohorts.all()] == [1]


def test_each_pair_of_the_rest_gets_a_decision_of_its_own_with_its_evidence(queue: Store) -> None:
    number = drawn(queue)
    accept_all(queue, number)
    made = queue.decisions()
    assert made["key_l"].to_list() == [left(n).key for n in range(SAMPLE, PAIRS)]
    assert set(made["reason"]) == {"looked at a sample"}
    assert set(made["author"]) == {"ann"}
    with queue._database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT evidence FROM decision ORDER BY id").scalars().all()
    assert rows == [f"print{n}" for n in range(SAMPLE, PAIRS)]
    assert queue.cohorts.counts(number) == {"accepted": PAIRS - SAMPLE}
    assert waiting(queue) == ["l00", "l01", "l02"]


def test_accepting_twice_changes_nothing(queue: Store) -> None:
    number = drawn(queue)
    accept_all(queue, number)
    before = queue.decisions(), queue.current_revision(), queue.audit().height
    accept_all(queue, number)
    assert (queue.decisions().rows(), queue.current_revision(), queue.audit().height) == (before[0].rows(), *before[1:])


def test_accepting_goes_on_where_it_was_stopped(queue: Store) -> None:
    number = drawn(queue)
    queue.cohorts.turn(number, CohortAct.ACCEPT, ANN, "0 of 3 wrong")
    assert accepted(queue, number, 3, 4) == 2
    assert queue.cohorts.rest(number, "")["key_l"].to_list() == [left(n).key for n in range(5, PAIRS)]
    accept_all(queue, number)
    assert queue.decisions().height == PAIRS - SAMPLE
    assert queue.cohorts.get(number).stated == "0 of 3 wrong"  # type: ignore[union-attr]


def test_a_pair_of_the_sample_or_outside_of_the_cohort_is_never_decided(queue: Store) -> None:
    number = drawn(queue, members(0, 6))
    queue.cohorts.turn(number, CohortAct.ACCEPT, ANN, "")
    assert accepted(queue, number, 0, 1, 2, 6, 7) == 0
    assert queue.decisions().is_empty()


def test_nothing_is_decided_of_a_cohort_that_is_not_being_accepted(queue: Store) -> None:
    number = drawn(queue)
    assert accepted(queue, number, 3) == 0
    accept_all(queue, number)
    queue.cohorts.turn(number, CohortAct.TAKE_BACK, BACK)
    assert accepted(queue, number, 3) == 0


def test_what_others_answered_meanwhile_is_not_touched(queue: Store) -> None:
    number = drawn(queue)
    theirs = queue.add_decision("do_not_match", left(4), right(4), author="bob", at=NOW, reason="seen")
    accept_all(queue, number)
    cause = queue.cohorts.rest(number, "answered")["cause"].to_list()
    assert cause == [f"Answered by bob on {NOW} (decision {theirs})."]
    of_pair = queue.decisions().filter(pl.col("key_l") == left(4).key)
    assert of_pair.select("id", "kind", "author", "stands").rows() == [(theirs, "do_not_match", "bob", True)]


def test_what_would_contradict_is_left_out_and_listed(queue: Store) -> None:
    number = drawn(queue)
    queue.add_decision("match", left(5), left(6), author="bob", at=NOW, reason="")
    queue.add_decision("do_not_match", left(6), right(5), author="bob", at=NOW, reason="")
    accept_all(queue, number)
    found = queue.cohorts.rest(number, "contradicted")
    assert found["key_l"].to_list() == [left(5).key]
    assert "cannot be one customer: decision 2 of bob" in found["cause"][0]
    assert queue.cohorts.counts(number) == {"accepted": PAIRS - SAMPLE - 1, "contradicted": 1}


def test_a_decision_taken_back_meanwhile_leaves_the_pair_to_the_cohort(queue: Store) -> None:
    number = drawn(queue)
    theirs = queue.add_decision("do_not_match", left(4), right(4), author="bob", at=NOW, reason="")
    queue.supersede(theirs, "withdrawn", author="bob", at=NOW, reason="")
    accept_all(queue, number)
    assert queue.cohorts.counts(number) == {"accepted": PAIRS - SAMPLE}
    assert standing(queue.decisions())[left(4), right(4)].answer == "match"


def test_one_decision_of_a_cohort_is_taken_back_on_its_own(queue: Store) -> None:
    number = drawn(queue)
    accept_all(queue, number)
    mine = queue.cohorts.rest(number, "accepted")["decision"][0]
    queue.supersede(mine, "withdrawn", author="bob", at=NOW, reason="no")
    assert len(standing(queue.decisions())) == PAIRS - SAMPLE - 1
    assert len(waiting(queue)) == SAMPLE + 1


def test_a_cohort_is_taken_back_at_once_but_for_what_was_said_since(queue: Store) -> None:
    number = drawn(queue)
    sampled = queue.add_decision("match", left(0), right(0), author="ann", at=NOW, reason="")
    accept_all(queue, number)
    mine = queue.cohorts.rest(number, "accepted")["decision"][0]
    later = queue.supersede(mine, "do_not_match", author="bob", at=NOW, reason="no")
    queue.cohorts.turn(number, CohortAct.TAKE_BACK, BACK)
    while queue.cohorts.take_back(number, BACK, 2):
        pass
    queue.cohorts.turn(number, CohortAct.END_TAKING_BACK, BACK)
    assert sorted(d.number for d in standing(queue.decisions()).values()) == [sampled, later]
    assert queue.cohorts.counts(number) == {"kept": 1, "taken_back": PAIRS - SAMPLE - 1}
    assert queue.cohorts.get(number).state is CohortState.TAKEN_BACK  # type: ignore[union-attr]


def test_what_is_no_step_from_a_state_is_refused(queue: Store) -> None:
    number = drawn(queue)
    with pytest.raises(DecisionRefused, match="Cohort 1 is open"):
        queue.cohorts.turn(number, CohortAct.TAKE_BACK, BACK)
    queue.cohorts.turn(number, CohortAct.CLOSE, ANN)
    with pytest.raises(DecisionRefused, match="Cohort 1 is closed"):
        queue.cohorts.turn(number, CohortAct.ACCEPT, ANN)
    with pytest.raises(DecisionRefused, match="There is no cohort 9"):
        queue.cohorts.turn(9, CohortAct.ACCEPT, ANN)


def test_the_audit_binds_the_drawing_and_every_decision(queue: Store) -> None:
    number = drawn(queue)
    accept_all(queue, number)
    queue.cohorts.turn(number, CohortAct.TAKE_BACK, BACK)
    while queue.cohorts.take_back(number, BACK, 4):
        pass
    found = queue.verify()
    assert {check.name: check.faults for check in found.checks if check.name in AUDITED} == dict.fromkeys(AUDITED, ())
    rows = queue.audit().filter(pl.col("subject") == f"cohort {number}")
    assert rows["action"].to_list() == ["draw", "accept", *["decide"] * 3, "accept", "accept", *["withdraw"] * 3]
    assert json.loads(rows["details"][0])["seed"] == "seed"


def test_a_decision_of_a_cohort_that_somebody_changed_is_found(queue: Store) -> None:
    number = drawn(queue)
    accept_all(queue, number)
    with queue._database.writing() as connection:
        connection.exec_driver_sql("UPDATE decision SET kind = 'do_not_match' WHERE id = 2")
    found = queue.verify()
    assert not found.holds
    assert "Decision 2 was changed" in " ".join(f for check in found.checks for f in check.faults)


def test_a_drawing_that_was_stopped_is_no_cohort(queue: Store) -> None:
    queue.cohorts._begin(Drawing("all", "seed", members(), 500), ANN)
    assert queue.cohorts.all() == []
    assert len(waiting(queue, free=True)) == PAIRS
    assert drawn(queue) == 2
