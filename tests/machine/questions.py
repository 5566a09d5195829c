"""Rules of those who ask: what was at some revision or moment, and where an id leads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from mdm.app.resolve_id import resolve_master_id
from tests.machine.judging import owners
from tests.machine.product import look
from tests.machine.publishing import Publishing
from tests.machine.scans import Scans


class Questions(Publishing, Scans):
    @precondition(lambda self: self.model.history)
    @rule(data=st.data())
    def look_back(self, data: st.DataObject) -> None:
        """Every past revision, and every past moment, is as it was."""
        revision = data.draw(st.sampled_from(sorted(self.model.history)))
        at, seen = self.model.history[revision]
        store = self.product.store
        assert look(store, revision) == seen
        latest = max(rev for rev, (then, _) in self.model.history.items() if then <= at)
        assert store.revision_at(datetime.fromisoformat(at)) == latest

    @precondition(lambda self: self.model.seen["masters"])
    @rule(data=st.data())
    def ask(self, data: st.DataObject) -> None:
        """I3: where an id leads."""
        self.lead(data.draw(st.sampled_from(self.model.seen["masters"])))

    def lead(self, row: tuple[Any, ...]) -> None:
        master_id, _, state, _ = row
        found = resolve_master_id(self.product.store, master_id.lower()).resolved
        part = owners(self.model.seen)
        assert found.state == state
        if state == "retired":
            assert (found.active, found.successors) == (None, ())
            return
        assert found.active in part.values()
        assert {s.master_id for s in found.successors} <= set(part.values())
        if state == "active":
            assert found.active == master_id
            has = sum(owner == master_id for owner in part.values())
            assert (master_id, has) in [(s.master_id, s.records) for s in found.successors]

    def ends_well(self) -> None:
        """All is published, every id resolves, and nothing is left to do."""
        if not self.model.scans:
            return
        if self.systems:
            self.ticks += 4
            self.scan(accept=True, turned=False, full=False)  # only then is known what the systems say now
            self.drain()
        rows = self.model.seen["masters"]
        for row in rows if self.thorough else [row for row in rows if row[2] != "active"]:
            self.lead(row)
        self.verify()
