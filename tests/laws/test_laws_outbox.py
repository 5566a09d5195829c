"""Whatever fails, and wherever the publisher dies: nothing is lost, nothing told twice, nothing goes backwards."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdm.app import Project, Publisher, Step, operator, publish
from mdm.records import PUBLISH_CHANGES, format_master_id, parse_master_id
from mdm.rulebook import ProjectRules, TargetRules
from mdm.rulebook.load import load_shipped
from mdm.store import NEXT_STATE, Act, Run, State, Store, difference, open_store
from tests.laws.faulty_target import FAULTS, Crash, Faulty

RECORDS = ("1", "2", "3")
NUMBERS = itertools.count()
RULES = load_shipped()
STEPS = [(), ("approve",), ("hold",), ("send",), ("approve", "send"), ("hold", "send"), ("retry",)]
ACTS = st.one_of(
    st.tuples(st.just("wish"), st.sampled_from(RECORDS)),
    st.tuples(st.just("publish"), st.sampled_from(STEPS)),
    st.tuples(st.just("wait"), st.sampled_from([1, 40, 3_600])),
    st.tuples(st.just("arrive"), st.none()),
)
HISTORIES = st.lists(ACTS, min_size=1, max_size=12)


@dataclass
class World:
    """A store, a faulty system, a clock, and the id that each record shall have.

    Each example is another system of one store: to make a store takes longer than to play an example.
    """

    store: Store
    faulty: Faulty
    system: str = field(default_factory=lambda: f"crm{next(NUMBERS)}")
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    wishes: dict[str, str] = field(default_factory=dict)
    issued: int = 0
    held: set[tuple[str, str]] = field(default_factory=set)

    def clock(self) -> str:
        return self.now.isoformat()

    def wish(self, record: str) -> None:
        """A scan that gives a record a new id; what the scan saw in the system is what it says now."""
        self.issued += 1
        self.wishes[record] = format_master_id(self.issued)
        says = self.faulty.says
        rows = [(self.system, r, new, "MDM_ID", says[r], new) for r, new in self.wishes.items() if says[r] != new]
        wanted = pl.DataFrame(rows, schema=dict(PUBLISH_CHANGES), orient="row")
        with self.store.begin_scan("law", self.clock()) as lease:
            stage = self.store.stage_scan(lease)
            known = self.store.read_publish_changes().filter(pl.col("target") == self.system)
            stage.put_publish_changes(*difference(wanted, known, key=["target", "key", "field"]))
            stage.apply(Run(self.clock(), self.clock()))

    def publish(self, *steps: Step) -> None:
        if "hold" in steps:
            self.held |= set(self.letters(State.APPROVED))
        project = Project(Path(), ProjectRules(), RULES, None, "", None)  # type: ignore[arg-type]  # no model is asked
        publisher = Publisher(project, self.store, {}, operator({}, "ann"), self.clock, lambda *_: self.faulty)
        with suppress(Crash):
            publish(publisher, [self.rules], frozenset(steps))

    def letters(self, state: State) -> list[tuple[str, str]]:
        """Record and fields of the letters in a state."""
        listed = self.store.outbox.list_letters(self.system, [state], 1_000)
        return listed.select("record", "fields").rows()

    @property
    def rules(self) -> TargetRules:
        connector = {"type": "sql", "url": "sqlite://", "table": "t", "key": "k"}
        return TargetRules.model_validate({"system": self.system, "connector": connector})

    def settle(self) -> None:
        """People and machines go on, through what faults are left, until nothing is left to do."""
        for _ in range(30):
            self.publish()
            self.faulty.arrive()
            self.now += timedelta(hours=2)
            self.publish("retry", "approve", "send")
            if self.is_quiet() and not self.faulty.on_its_way:
                return

    def states(self) -> set[str]:
        counts = self.store.outbox.counts()
        return set(counts.filter(pl.col("target") == self.system)["state"])

    def is_quiet(self) -> bool:
        return self.states() <= {"confirmed", "superseded"}


@pytest.fixture(scope="module")
def on_sqlite() -> Iterator[Store]:
    with open_store("sqlite://", rest=lambda _: None) as opened:
        yield opened


@pytest.fixture(scope="module")
def on_postgresql(postgres_server: Any) -> Iterator[Store]:
    with open_store(postgres_server.new_database(), rest=lambda _: None) as opened:
        yield opened


def play(store: Store, history: list[tuple[str, Any]], faults: list[str]) -> World:
    world = World(store, Faulty(dict.fromkeys(RECORDS), list(faults)))
    for act, given_value in history:
        if act == "wish":
            world.wish(given_value)
        elif act == "publish":
            world.publish(*given_value)
        elif act == "wait":
            world.now += timedelta(seconds=given_value)
        else:
            world.faulty.arrive()
    return world


def check(world: World) -> None:
    approved_only(world)
    world.settle()
    assert {record: world.faulty.says[record] for record in world.wishes} == world.wishes  # none is lost
    assert world.is_quiet()
    for record in RECORDS:
        told = [parse_master_id(new) for r, new in world.faulty.log if r == record]
        assert told == sorted(told)  # none goes backwards
        if not world.faulty.strangers:
            assert len(told) == len(set(told))  # none is told twice
    written = len(world.faulty.log)
    world.publish("approve", "send")
    assert len(world.faulty.log) == written


def approved_only(world: World) -> None:
    """Whatever took effect belongs to a letter that was approved: it is planned no more, unless it was held since."""
    planned = [letter for letter in world.letters(State.PLANNED) if letter not in world.held]
    assert not [
        1 for record, new in world.faulty.log for r, fields in planned if r == record and f'"new":"{new}"' in fields
    ]


HARM = {"history": HISTORIES, "faults": st.lists(st.sampled_from(FAULTS), max_size=8)}


@settings(max_examples=40, deadline=None)
@given(**HARM)
def test_nothing_is_lost_doubled_or_told_backwards_on_sqlite(on_sqlite: Store, history: Any, faults: list[str]) -> None:
    check(play(on_sqlite, history, faults))


@settings(max_examples=12, deadline=None)
@given(**HARM)
def test_nothing_is_lost_doubled_or_told_backwards_on_postgresql(
    on_postgresql: Store, history: Any, faults: list[str]
) -> None:
    check(play(on_postgresql, history, faults))


@pytest.mark.deep
@settings(max_examples=1_500, deadline=None)
@given(**HARM)
def test_nothing_is_lost_doubled_or_told_backwards_in_many_histories(
    on_sqlite: Store, history: Any, faults: list[str]
) -> None:
    check(play(on_sqlite, history, faults))


@given(act=st.sampled_from(list(Act)))
def test_an_ended_letter_only_moves_by_a_person_or_a_newer_version(act: Act) -> None:
    ended = (State.CONFIRMED, State.SUPERSEDED)
    assert not [state for state in ended if (state, act) in NEXT_STATE]
