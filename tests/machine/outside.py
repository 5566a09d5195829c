"""Rules of the world outside: records come, change and go, pairs weigh differently, systems take what we publish."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.machine.history import LABELS, History
from tests.machine.judging import spell
from tests.machine.world import ASKS, BODIES, DIFFERS, ID_FIELD, JOINS, KEYS, PAIRS, Key, Pair


class Outside(History):
    @rule(change=st.dictionaries(st.sampled_from(KEYS), st.sampled_from(BODIES), min_size=1, max_size=4))
    def load(self, change: dict[Key, int]) -> None:
        """Records come or change."""
        self.world.extract |= change
        self.world.aside -= change.keys()
        self.stale = True

    @rule(gone=st.sets(st.sampled_from(KEYS), min_size=1, max_size=3))
    def delete(self, gone: set[Key]) -> None:
        """Records go."""
        self.world.extract = {key: body for key, body in self.world.extract.items() if key not in gone}
        self.world.aside -= gone

    @rule(key=st.sampled_from(KEYS))
    def spoil(self, key: Key) -> None:
        """A row can no longer be read."""
        if key in self.world.extract:
            self.world.aside.add(key)

    @rule(
        labels=LABELS,
        stray=st.lists(st.tuples(st.sampled_from(PAIRS), st.sampled_from([JOINS, ASKS, DIFFERS])), max_size=4),
    )
    def link(self, labels: list[int], stray: list[tuple[Pair, int]]) -> None:
        """Other pairs weigh as if they were one customer: records of one label, and some on top."""
        label = dict(zip(KEYS, labels, strict=True))
        weights = {(a, b): JOINS for a, b in PAIRS if label[a] == label[b] != 0}
        self.world.weights = weights | dict(stray)
        self.stale = True

    @rule(key=st.sampled_from(KEYS), ahead=st.integers(-3, 3))
    def meddle(self, key: Key, ahead: int) -> None:
        """Somebody writes an id into a system: an old one, or one of a store that is gone."""
        self.world.told[*key, ID_FIELD] = spell(max(self.model.burnt + ahead, 1))
        self.stale = True
