"""Rules of plans: made, looked at, applied just as they were shown, or refused because something has changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from mdm.app import Planned
from mdm.errors import GuardTripped, PlanOutdated, SettingsInvalid
from tests.machine.history import History
from tests.machine.judging import Seen, owners
from tests.machine.product import PowerCut, look
from tests.machine.world import SYSTEMS, Key, World, print_of

PULSES = st.sampled_from([-1, -1, -1, 1, 4, 9, 16, 25])
"""Mostly the power stays on."""


@dataclass(frozen=True)
class Shown:
    """A plan as it was shown: what it would change, the world and the store it was made of."""

    plan_id: str
    world: World
    state: int
    issued: int
    decisions: list[tuple[Any, ...]]
    number: int
    pins: list[tuple[Any, ...]]
    crosswalk: dict[Key, str]
    golden: set[str]


class Plans(History):
    shown: Shown | None = None

    @rule(turned=st.booleans(), accept=st.sampled_from([True, True, False]), pulse=PULSES)
    def plan_and_apply(self, *, turned: bool, accept: bool, pulse: int) -> None:
        self.plan(turned=turned, accept=accept)
        if self.shown:
            self.apply(pulse)

    @rule(turned=st.booleans(), accept=st.sampled_from([True, True, False]))
    def plan(self, *, turned: bool, accept: bool) -> None:
        """Readers see nothing of a plan."""
        self.world.turned = turned
        stops = self.stops(accept=accept)
        shrinks, now = self.model.shrinks(self.world), self.now()
        self.touched = True
        if stops:
            with pytest.raises(GuardTripped):
                self.product.plan(self.world, now)
            return
        made = self.product.plan(self.world, now, accept=frozenset(shrinks), full=self.stale)
        assert look(self.product.store) == self.model.seen
        self.shown = self._show(made)

    def _show(self, made: Planned) -> Shown | None:
        if made.plan is None:
            return None
        found, seen = made.plan.difference, self.model.seen
        gone = {(system, key) for system, key in found.crosswalk_gone.select("system", "key").iter_rows()}
        kept = {key: master_id for key, master_id in owners(seen).items() if key not in gone}
        new = {(system, key): master_id for system, key, master_id in found.crosswalk.iter_rows()}
        golden = {*found.golden["master_id"], *found.golden_gone["master_id"]}
        issued = self.product.store.last_issued()
        stood = (self.world.copy(), self.state, issued, seen["decisions"], self.model.number, seen["pins"])
        return Shown(made.plan.plan_id, *stood, kept | new, golden)

    @precondition(lambda self: self.shown)
    @rule(pulse=PULSES)
    def apply(self, pulse: int) -> None:
        """I12: what was shown, all of it, or a refusal that leaves everything as it was."""
        shown, now = self.shown, self.now()
        assert shown is not None
        outdated = self._outdated(shown)
        self.power.fuse = pulse
        try:
            self.product.apply(shown.plan_id, self.world, now)
        except (PlanOutdated, SettingsInvalid):
            assert outdated or self._later(shown), "refused without a reason"
        except PowerCut:
            self.product.reboot()
        else:
            assert not outdated
        self.power.fuse = -1
        self._adopt_applied(shown, now)

    def _outdated(self, shown: Shown) -> bool:
        """Whether it rests on what is no more."""
        changed = any(print_of(self.world, system) != print_of(shown.world, system) for system in SYSTEMS)
        stood = (self.state, self.product.store.last_issued(), self.model.seen["pins"])
        return changed or (shown.state, shown.issued, shown.pins) != stood

    def _later(self, shown: Shown) -> list[tuple[Any, ...]]:
        return [row for row in self.model.seen["decisions"] if row[0] > shown.number]

    def _adopt_applied(self, shown: Shown, now: str) -> None:
        before = self.model.seen
        self.model.obeys = shown.decisions
        applied = self.adopt(now, shown.world)
        self.model.obeys = None
        if not applied:
            return
        after = self.model.seen
        assert owners(after) == shown.crosswalk, "I12: another crosswalk than was shown"
        changed = golden_changes(before, after)
        assert changed == shown.golden, "I12: other golden records than were shown"
        part = owners(before) | owners(after)
        decided = {(row[n], row[n + 1]) for row in self._later(shown) for n in (2, 4)}
        assert not changed & {part[key] for key in decided & part.keys()}, "a later decision was about this"
        self.known_to_scan = shown.number
        self.stale, self.shown, self.settled = True, None, None


def golden_changes(before: Seen, after: Seen) -> set[str]:
    """The ids whose golden records differ."""
    then, now = ({row[0]: row for row in seen["golden"]} for seen in (before, after))
    return {master_id for master_id in then.keys() | now.keys() if then.get(master_id) != now.get(master_id)}
