"""Rules of deeds: merge, split, move, and taking any of them back, at once or long after."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from mdm.errors import DecisionRefused, StoreRefused
from mdm.steward import Said
from tests.machine.deeds_planned import Deed, judge_left, merge_of, move_of, split_of, undo_of
from tests.machine.history import History, record
from tests.machine.judging import (
    Seen,
    judge_changes,
    judge_golden,
    judge_lineage,
    judge_locality,
    members,
    owners,
    pins,
    spell,
    states,
)
from tests.machine.model import Journal
from tests.machine.product import AUTHOR, PowerCut, look
from tests.machine.world import KEYS, Key

PULSES = st.sampled_from([-1, -1, -1, -1, 1, 2])
"""Mostly the power stays on; else it fails before the deed, or after it with the anchor not yet written."""

SAME = ("records", "links", "quarantine", "overrides")


class Deeds(History):
    @precondition(lambda self: self.model.seen["masters"])
    @rule(data=st.data(), pulse=PULSES)
    def merge(self, data: st.DataObject, pulse: int) -> None:
        win, lose = (self.an_id(data, "active") for _ in range(2))
        self.do(merge_of(self.model, win, lose), lambda said: self.product.merge(win, lose, said), pulse)

    @precondition(lambda self: self.model.seen["crosswalk"])
    @rule(data=st.data())
    def split(self, data: st.DataObject) -> None:
        master_id = self.an_id(data, "active")
        mine = sorted(members(self.model.seen).get(master_id, {("crm", "1")}))
        some = frozenset(data.draw(st.sets(st.sampled_from(mine), min_size=1, max_size=len(mine))))
        new = spell(max(self.model.burnt, self.product.store.last_issued()) + 1)
        deed = split_of(self.model, master_id, some, new)
        self.do(deed, lambda said: self.product.split(master_id, [record(key) for key in sorted(some)], said))

    @precondition(lambda self: self.model.seen["masters"])
    @rule(data=st.data(), key=st.sampled_from(KEYS), pulse=PULSES)
    def move(self, data: st.DataObject, key: Key, pulse: int) -> None:
        target = self.an_id(data, "active")
        self.do(move_of(self.model, key, target), lambda said: self.product.move(record(key), target, said), pulse)

    @precondition(lambda self: self.model.seen["deeds"])
    @rule(data=st.data(), pulse=PULSES)
    def undo_a_deed(self, data: st.DataObject, pulse: int) -> None:
        """I5: in any order."""
        number = data.draw(st.sampled_from([row[0] for row in self.model.seen["deeds"]]))
        self.do(undo_of(self.model, number), lambda said: self.product.undo(number, said), pulse)

    @precondition(lambda self: len(members(self.model.seen)) > 1)
    @rule(data=st.data())
    def merge_and_take_back(self, data: st.DataObject) -> None:
        """I4: as it was before; only the audit is longer, by two.

        Where a match across the two stood already and only waited for a scan, taking the merge back alone would deny
        it, and is refused (I5).
        """
        mine = members(self.model.seen)
        win, lose = data.draw(st.permutations(sorted(mine)))[:2]
        tied = any(group & mine[win] and group & mine[lose] for group in self.model.same().values())
        before, audited = self.model.seen, len(self.model.audit)
        if not self.do(merge_of(self.model, win, lose), lambda said: self.product.merge(win, lose, said)):
            return
        number = self.model.seen["deeds"][-1][0]
        undone = self.do(undo_of(self.model, number), lambda said: self.product.undo(number, said))
        assert undone != tied, "I4"
        if not undone:
            return
        after = self.model.seen
        for name in ("crosswalk", "masters", "golden", "changes", "overrides", "records", "links"):
            assert after[name] == before[name], f"I4: {name}"
        assert pins(after) == pins(before), "I4: pins"
        assert len(self.model.audit) == audited + 2

    def an_id(self, data: st.DataObject, mostly: str) -> str:
        """Some id that was given out, mostly one in that state."""
        rows = self.model.seen["masters"]
        wanted = [row[0] for row in rows if row[2] == mostly] or [rows[0][0]]
        every = [row[0] for row in rows]
        return str(data.draw(st.one_of(st.sampled_from(wanted), st.sampled_from(wanted), st.sampled_from(every))))

    def do(self, deed: Deed | None, act: Callable[[Said], object], pulse: int = -1) -> bool:
        """Do it and judge what came of it, or see that it is refused and changes nothing; true where it was done."""
        now, store = self.now(), self.product.store
        said, self.touched = Said(AUTHOR, now, "seen"), True
        broken = self.broken
        if deed is None or broken:
            with pytest.raises((DecisionRefused, StoreRefused) if broken else DecisionRefused):
                act(said)
            self.model.burnt = max(self.model.burnt, store.last_issued())
            return False
        self.power.fuse = pulse
        try:
            act(said)
        except PowerCut:
            self.product.reboot()
        self.power.fuse = -1
        store = self.product.store
        if pulse == 1:
            assert store.current_revision() == self.model.revision
            return False
        self.deeded(deed, look(store), store.current_revision(), now)
        self.model.burnt = max(self.model.burnt, store.last_issued())
        return True

    def deeded(self, deed: Deed, seen: Seen, revision: int, at: str) -> None:
        """A deed became visible: judge it, then take it as what stands."""
        model, before = self.model, self.model.seen
        number = model.number + 1
        assert owners(seen) == owners(before) | deed.owners
        assert states(seen) == states(before) | deed.states
        assert {name: seen[name] for name in SAME} == {name: before[name] for name in SAME}
        left = judge_left(before, seen, deed, number)
        row = (number, revision, deed.kind, AUTHOR, at, "seen", deed.win, deed.other, deed.undoes, None)
        assert seen["deeds"] == [*_undone(before, deed.undoes, number), row]
        assert pins(seen) == pins(before) | deed.turns
        changed = model.puts_in_effect(seen, {deed.win, deed.other})
        judge_golden(seen, model.in_effect)
        judge_locality(before, seen, changed)
        judge_lineage(before, seen)
        judge_changes(seen, model.saw)
        model.left_said(left, {key for key, owner in owners(before).items() if owner in (deed.win, deed.other)})
        model.number += 1 + len(left) + len(deed.turns)
        model.journal[number] = _journal(before, deed)
        model.ever |= {master_id: sequence for master_id, sequence, *_ in seen["masters"]}
        model.audited(deed.kind, f"{deed.win} + {deed.other}")
        model.moved_on(revision, at, seen)
        self.state += 1
        self.looked_at = model.seen


def _undone(before: Seen, undoes: int | None, number: int) -> list[tuple[Any, ...]]:
    return [(*row[:-1], number) if row[0] == undoes else row for row in before["deeds"]]


def _journal(before: Seen, deed: Deed) -> Journal:
    mine = members(before)
    concerned = mine.get(deed.win, frozenset()) | mine.get(deed.other, frozenset())
    leading = frozenset(m for m, (_, into) in states(before).items() if into == deed.other)
    pinned = {key: wanted for key, wanted in pins(before).items() if key in concerned}
    return Journal(deed.kind, deed.win, deed.other, frozenset(deed.owners), leading, pinned)
