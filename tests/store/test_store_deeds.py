"""What stewards do to customers is written at once, as a whole, on the state they saw, or refused."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from mdm.errors import DecisionRefused, StoreRefused
from mdm.records import CROSSWALK, LINEAGE, MASTERS, RecordKey, SystemName, format_master_id
from mdm.store import NO_BASIS, Doing, Effects, Overriding, Pinning, Saying

if TYPE_CHECKING:
    from mdm.store import Store

NOW = "2026-01-01T00:00:00Z"
A, B, C = (format_master_id(n) for n in (1, 2, 3))
ONE, TWO, THREE = (RecordKey(SystemName("a"), str(n)) for n in (1, 2, 3))


def table(schema: Any, *rows: tuple[Any, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(schema), orient="row")


@pytest.fixture
def stood(store: Store, small: Any) -> Store:
    """A store with customer A of two records and B of one."""
    small.scan(store, small.put_first_scan)
    return store


def merging(store: Store, small: Any, **other: Any) -> Doing:
    """The merge of B into A, as computed from the state of now."""
    given: dict[str, Any] = {
        "kind": "merge",
        "master_id": A,
        "other_id": B,
        "concerns": (A, B),
        "as_of": store.current_revision(),
        "effects": Effects(
            masters=table(MASTERS, (B, 2, "merged", A)),
            crosswalk=table(CROSSWALK, ("a", "3", A)),
            golden=small.golden((A, "One", 3)),
            golden_gone=pl.DataFrame({"master_id": [B]}),
            lineage=table(LINEAGE, ("merge", B, A, None, None), ("move", B, A, "a", "3")),
        ),
        "leave": lambda _decisions, _pins: [("match", ONE, THREE)],
        "basis": lambda _one, _other: NO_BASIS,
        "pins": {},
    }
    return Doing(**{**given, **other})


def says(kind: str, author: str = "ann") -> Saying:
    return Saying(kind, author, NOW, "seen")


def test_a_deed_is_seen_at_once_with_all_that_it_changes(stood: Store, small: Any) -> None:
    done = stood.do_deed(merging(stood, small), says("merge"))
    assert stood.current_revision() == done.revision
    assert set(stood.read_crosswalk()["master_id"]) == {A}
    assert stood.read_masters()["state"].to_list() == ["active", "merged"]
    assert stood.read_golden()["records"].to_list() == [3]
    assert stood.decisions().select("kind", "deed").rows() == [("match", done.number)]
    assert stood.verify().holds


def test_the_past_shows_the_customers_before_the_deed(stood: Store, small: Any, see: Any) -> None:
    before, revision = see(stood), stood.current_revision()
    stood.do_deed(merging(stood, small), says("merge"))
    assert see(stood, revision) == before


def test_of_two_stewards_at_once_one_does_it_and_the_other_is_told_what_was_done(stood: Store, small: Any) -> None:
    together, outcomes = threading.Barrier(2), []
    doings = {who: merging(stood, small) for who in ("ann", "bob")}

    def act(who: str) -> None:
        together.wait()
        try:
            stood.do_deed(doings[who], says("merge", who))
            outcomes.append("done")
        except DecisionRefused as refused:
            outcomes.append(str(refused))

    threads = [threading.Thread(target=act, args=(who,)) for who in doings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = next(outcome for outcome in outcomes if outcome != "done")
    winner = stood.read_deeds()["author"].to_list()
    assert len(winner) == 1
    assert f"{winner[0]} merged {B} into {A}" in told
    assert f"{A} has 3 records" in told


def test_a_deed_on_customers_that_a_scan_changed_since_is_refused(stood: Store, small: Any, see: Any) -> None:
    doing = merging(stood, small)
    small.scan(stood, small.put_second_scan)
    before = see(stood)
    with pytest.raises(DecisionRefused, match="A scan or another steward was there before"):
        stood.do_deed(doing, says("merge"))
    assert see(stood) == before


def test_a_deed_goes_on_when_only_other_customers_changed(stood: Store, small: Any) -> None:
    doing = merging(stood, small)
    stood.add_decision("unsure", TWO, RecordKey(SystemName("z"), "9"), author="bob", at=NOW, reason="")
    stood.do_deed(doing, says("merge"))
    assert set(stood.read_crosswalk()["master_id"]) == {A}


def test_a_deed_is_refused_while_a_scan_is_at_work(stood: Store, small: Any) -> None:
    doing = merging(stood, small)
    with stood.begin_scan("night shift", NOW), pytest.raises(StoreRefused, match="night shift is at work since"):
        stood.do_deed(doing, says("merge"))
    assert set(stood.read_crosswalk()["master_id"]) == {A, B}


def test_what_contradicts_a_deed_refuses_it_as_a_whole(stood: Store, small: Any, see: Any) -> None:
    def never(_decisions: pl.DataFrame, _pins: pl.DataFrame) -> list[Any]:
        raise DecisionRefused("No.", "Never.")

    before = see(stood)
    with pytest.raises(DecisionRefused, match="No"):
        stood.do_deed(merging(stood, small, leave=never), says("merge"))
    assert see(stood) == before


def test_numbers_of_decisions_deeds_pins_and_overrides_never_meet(stood: Store, small: Any) -> None:
    first = stood.add_decision("unsure", ONE, TWO, author="bob", at=NOW, reason="")
    done = stood.do_deed(merging(stood, small), says("merge"))
    pin = stood.add_pin(ONE, A, says("pin"), lambda _: None)
    assert first < done.number < pin
    assert [found.table for n in (first, done.number, pin) if (found := stood.get_statement(n))] == [
        "decision",
        "deed",
        "pin",
    ]


def test_a_pin_stands_until_it_is_taken_back(stood: Store) -> None:
    seen: list[Pinning] = []
    number = stood.add_pin(THREE, A, says("pin"), seen.append)
    assert (seen[0].owner, seen[0].state) == (B, "active")
    assert stood.read_pins().select("key", "master_id").rows() == [("3", A)]
    stood.withdraw_pin(number, says("withdrawn"))
    assert stood.read_pins().is_empty()
    assert stood.verify().holds


def test_a_record_is_pinned_to_one_id_only(stood: Store) -> None:
    number = stood.add_pin(THREE, A, says("pin"), lambda _: None)
    assert stood.add_pin(THREE, A, says("pin"), lambda _: None) == number
    with pytest.raises(DecisionRefused, match=f"pinned a:3 to {A}"):
        stood.add_pin(THREE, B, says("pin"), lambda _: None)


def test_a_golden_value_that_is_overridden_is_seen_at_once_and_can_be_taken_back(stood: Store, small: Any) -> None:
    def setting(value: str | None, name: str) -> Overriding:
        golden = small.golden((B, name, 1))
        if value is not None:
            golden = golden.with_columns(provenance=pl.lit('[["","","decision 1 of ann",["name"]]]'))
        effects = Effects(golden=golden)
        return Overriding(
            master_id=B,
            attribute="name",
            value=value,
            was="Three",
            as_of=stood.current_revision(),
            effects=lambda _number: effects,
        )

    stood.override_value(setting("Drei", "Drei"), says("override"))
    assert stood.read_overrides().select("master_id", "value").rows() == [(B, "Drei")]
    assert "Drei" in stood.read_golden()["name"].to_list()
    stood.override_value(setting(None, "Three"), says("withdrawn"))
    assert stood.read_overrides().is_empty()
    assert stood.verify().holds
