"""What every rule of the machine stands on: the model, the product, the clock, and what must be true at each step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from mdm.records import RecordKey, SystemName
from mdm.store.tables import pointer
from tests.machine.judging import Seen
from tests.machine.model import Model
from tests.machine.product import Engine, Power, Product, look
from tests.machine.systems import System
from tests.machine.world import Key, Pair, Place, World

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LABELS = st.lists(st.integers(0, 4), min_size=9, max_size=9)
"""A partition of the nine records; 0 for one that is not there, or that nothing is linked with."""


def record(key: Key) -> RecordKey:
    return RecordKey(SystemName(key[0]), key[1])


Ground = tuple[dict[Key, int], set[Key], dict[Pair, int]]


class History(RuleBasedStateMachine):
    """One history. `model` knows what must be seen; `product` is the real thing.

    `touched` asks for a look at the store, `stale` says that the next scan cannot take the short way, `state` counts
    what became of customers. `settled` is what the last scan stood on, as long as nothing was said since that the next
    one has to bring about. A `thorough` history is verified by the product too after each step, else at its end.
    """

    def __init__(self, engine: Engine, power: Power, *, thorough: bool = False) -> None:
        super().__init__()
        self.thorough = thorough
        self.power, self.world, self.ticks = power, World(), 0
        power.boot()
        self.product = Product(engine, power)
        self.model = Model(self.product.store.store_id)
        self.touched, self.stale = True, True
        self.taken, self.state = 0, 0
        self.looked_at: Seen | None = None  # what a rule has itself compared with the store in this step
        self.systems: dict[str, System] = {}
        self.effects: dict[Place, list[str]] = {}
        self.known_to_scan = -1
        self.settled: Ground | None = None

    def adopt(self, now: str, world: World | None = None) -> bool:
        """Judge what a scan of that world left, if it left anything, and that nothing else is to be seen."""
        store, model = self.product.store, self.model
        revision, seen = store.current_revision(), look(store)
        came = revision != model.revision
        if came:
            run = store.last_run()
            assert run is not None
            model.scanned(seen, world or self.world, (revision, now), run.counts["ids"])
            self.known_to_scan = model.number
            self.state += 1
        else:
            assert seen == model.seen
        self.looked_at = model.seen
        model.burnt = max(model.burnt, store.last_issued())
        self.touched = True
        return came

    @property
    def broken(self) -> bool:
        """Whether a scan that was stopped left something unfinished."""
        with self.product.store._database.reading() as connection:
            return connection.execute(sa.select(pointer.c.building)).scalar_one() is not None

    def stops(self, *, accept: bool) -> bool:
        """I20, I21: whether a scan stops at what the systems have lost or turned back; `accept` lets both pass."""
        older = self.model.older(self.world)
        self.world.trusted = frozenset(older) if accept else frozenset()
        return not accept and bool(older or self.model.shrinks(self.world))

    def ground(self) -> Ground:
        """What the customers that a scan finds follow from, apart from what was before and what stewards say."""
        return dict(self.world.extract), set(self.world.aside), dict(self.world.weights)

    def now(self) -> str:
        """A clock that stands still for two ticks: two things may happen in one second."""
        self.ticks += 1
        return (NOON + timedelta(seconds=self.ticks // 2)).isoformat()

    def aside_seen(self) -> set[Key]:
        return {(row[0], row[3]) for row in self.model.seen["quarantine"]}

    @invariant()
    def readers_see_what_the_model_says(self) -> None:
        if not self.touched:
            return
        self.touched = False
        store, model = self.product.store, self.model
        assert store.current_revision() == model.revision
        if self.looked_at is not model.seen:
            assert store.read_crosswalk().rows() == model.seen["crosswalk"]
            assert store.read_masters().rows() == model.seen["masters"]
            assert store.decisions().rows() == model.seen["decisions"], "I8"
            assert store.read_deeds().rows() == model.seen["deeds"]
            assert store.read_pins().rows() == model.seen["pins"]
            assert store.read_overrides().rows() == model.seen["overrides"]
        self.looked_at = None
        audit = store.audit().rows()
        assert [row[3:5] for row in audit] == model.audit, "I22: one row for each deed"
        assert [row[0] for row in audit] == list(range(1, len(audit) + 1))
        assert all(later[6] == earlier[7] for earlier, later in pairwise(audit))
        if self.thorough:
            self.verify()

    def verify(self) -> None:
        """I22 and I23 by the product's own judgement: the state, the chain, its anchor, the lineage."""
        told = [fault for check in self.product.store.verify().checks for fault in check.faults]
        assert told == []
