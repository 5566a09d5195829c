"""What every rule of the machine stands on: the model, the product, the clock, and what must be true at each step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from mdm.records import RecordKey, SystemName
from tests.machine.model import Model
from tests.machine.product import Engine, Power, Product, look
from tests.machine.world import Key, World

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LABELS = st.lists(st.integers(0, 4), min_size=9, max_size=9)
"""A partition of the nine records; 0 for one that is not there, or that nothing is linked with."""


def record(key: Key) -> RecordKey:
    return RecordKey(SystemName(key[0]), key[1])


class History(RuleBasedStateMachine):
    """One history. `model` knows what must be seen; `product` is the real thing.

    `touched` asks for a look at the store, `stale` says that the next scan cannot take the short way, `state` counts
    what became of customers.
    """

    def __init__(self, engine: Engine, power: Power) -> None:
        super().__init__()
        self.power, self.world, self.ticks = power, World(), 0
        power.boot()
        self.product = Product(engine, power)
        self.model = Model(self.product.store.store_id)
        self.touched, self.stale = True, True
        self.taken, self.state = 0, 0
        self.decisions_scanned = [-1]

    def adopt(self, now: str, world: World | None = None) -> bool:
        """Judge what a scan of that world left, if it left anything, and that nothing else is to be seen."""
        store, model = self.product.store, self.model
        revision, seen = store.current_revision(), look(store)
        came = revision != model.revision
        if came:
            model.scanned(seen, world or self.world, revision, now)
            self.decisions_scanned = [row[0] for row in seen["decisions"]]
            self.state += 1
        else:
            assert seen == model.seen
        model.burnt = max(model.burnt, store.last_issued())
        self.touched = True
        return came

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
        assert store.read_crosswalk().rows() == model.seen["crosswalk"]
        assert store.read_masters().rows() == model.seen["masters"]
        assert store.decisions().rows() == model.seen["decisions"], "I8"
        audit = store.audit().rows()
        assert [row[3:5] for row in audit] == model.audit, "I22: one row for each deed"
        assert [row[0] for row in audit] == list(range(1, len(audit) + 1))
        assert all(later[6] == earlier[7] for earlier, later in pairwise(audit))
        self.verify()

    def verify(self) -> None:
        """I22 and I23 by the product's own judgement: the state, the chain, its anchor, the lineage."""
        told = [fault for check in self.product.store.verify().checks for fault in check.faults]
        assert told == []
