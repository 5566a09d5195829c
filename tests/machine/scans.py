"""Rules of scans: whole, repeated, and stopped anywhere."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from mdm.errors import GuardTripped
from tests.machine.history import History
from tests.machine.judging import owners
from tests.machine.product import PowerCut
from tests.machine.world import SYSTEMS


class Scans(History):
    @rule(accept=st.sampled_from([True, True, False]), turned=st.booleans(), full=st.booleans())
    def scan(self, *, accept: bool, turned: bool, full: bool) -> None:
        self.world.turned = turned
        stops = self.stops(accept=accept)
        shrinks, now = self.model.shrinks(self.world), self.now()
        if stops:
            with pytest.raises(GuardTripped):
                self.product.scan(self.world, now)
            self.touched = True
            return
        before, stood = self.model.revision, self.model.seen
        same = self.settled == self.ground()
        found = self.product.scan(self.world, now, accept=frozenset(shrinks), full=full or self.stale)
        self.stale = False
        self.adopt(now)
        self.settled = self.ground()
        if same:
            assert owners(self.model.seen) == owners(stood), "I8: a scan undid what a steward had done"
        assert found.revision == self.model.revision
        assert bool(found.writes) >= (found.revision > before)

    @precondition(lambda self: not self.stale)
    @rule(full=st.booleans(), turned=st.booleans())
    def scan_the_same_again(self, *, full: bool, turned: bool) -> None:
        """I10: nothing is written, by the short way and by the long one."""
        self.world.trusted = frozenset()
        if self.model.expected(self.world) != self.model.loaded or self.world.aside != self.aside_seen():
            return
        if self.model.number != self.known_to_scan:
            return
        self.world.turned = turned
        found = self.product.scan(self.world, self.now(), full=full)
        assert (found.writes, found.revision) == (0, self.model.revision)
        self.touched = True

    @rule(pulse=st.integers(1, 45))
    def crash_in_a_scan(self, pulse: int) -> None:
        """I13: stopped anywhere, readers see the state before or the one after."""
        self.stops(accept=True)
        self.power.fuse, now = pulse, self.now()
        try:
            self.product.scan(self.world, now, accept=frozenset(SYSTEMS), full=True)
            self.power.fuse, self.stale = -1, False
            self.settled = self.ground()
        except PowerCut:
            self.product.reboot()
        if self.adopt(now):
            self.settled = self.ground()
