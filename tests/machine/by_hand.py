"""Rules of what stewards hold fast: golden values, pins; and of taking anything back by its number."""

from __future__ import annotations

import json

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from mdm.errors import DecisionRefused
from mdm.steward import Said
from tests.machine.deeds import Deeds
from tests.machine.history import record
from tests.machine.judging import (
    judge_changes,
    judge_golden,
    judge_locality,
    members,
    owners,
    pins,
    states,
)
from tests.machine.model import parted
from tests.machine.product import AUTHOR, look
from tests.machine.world import KEYS, Key

FIELDS = st.sampled_from(["name", "city"])


class ByHand(Deeds):
    @precondition(lambda self: self.model.seen["masters"])
    @rule(data=st.data(), attribute=FIELDS, value=st.sampled_from(["Haus Eins", "Haus Zwei"]))
    def override(self, data: st.DataObject, attribute: str, value: str) -> None:
        """I16: at once, unless a scan left something unfinished."""
        master_id, now = self.an_id(data, "active"), self.now()
        said, self.touched = Said(AUTHOR, now, "seen"), True
        known = {(row[1], row[2]): row for row in self.model.seen["overrides"]}.get((master_id, attribute))
        if states(self.model.seen)[master_id][0] != "active":
            with pytest.raises(DecisionRefused, match="is not active"):
                self.product.override(master_id, attribute, value, said)
            return
        at_once = not self.broken
        done = self.product.override(master_id, attribute, value, said)
        if known and known[3] == value:
            assert done.number == known[0]
            return
        assert done.at_once == at_once
        row = (self.model.number + 1, master_id, attribute, value, self._shown(master_id, attribute), AUTHOR, now)
        self._overrode(row, master_id, attribute, now, at_once=at_once)
        assert done.number == self.model.number

    @precondition(lambda self: self.model.seen["overrides"])
    @rule(data=st.data())
    def take_back_a_value(self, data: st.DataObject) -> None:
        number, master_id, attribute, *_ = data.draw(st.sampled_from(self.model.seen["overrides"]))
        now = self.now()
        said, self.touched = Said(AUTHOR, now, ""), True
        if states(self.model.seen)[master_id][0] != "active":
            with pytest.raises(DecisionRefused, match="is not active"):
                self.product.undo(number, said)
            return
        at_once = not self.broken
        self.product.undo(number, said)
        self._overrode(None, master_id, attribute, now, at_once=at_once)

    def _overrode(
        self, row: tuple[object, ...] | None, master_id: str, attribute: str, now: str, *, at_once: bool
    ) -> None:
        model, before, seen = self.model, self.model.seen, look(self.product.store)
        kept = [r for r in before["overrides"] if (r[1], r[2]) != (master_id, attribute)]
        assert seen["overrides"] == sorted([*kept, *([row] if row else [])], key=lambda r: (r[1], r[2]))
        changed = model.puts_in_effect(seen, {master_id} if at_once else set())
        judge_golden(seen, model.in_effect)
        judge_locality(before, seen, changed)
        if at_once:
            judge_changes(seen, model.saw)
        same = before.keys() - {"overrides", "golden", "changes"}
        assert {name: seen[name] for name in same} == {name: before[name] for name in same}
        model.number += 1
        model.audited("override" if row else "withdraw", f"{master_id} + {attribute}")
        model.moved_on(self.product.store.current_revision(), now, seen)
        self.state += 1
        self.looked_at = model.seen

    def _shown(self, master_id: str, attribute: str) -> str | None:
        golden = next(row for row in self.model.seen["golden"] if row[0] == master_id)
        shown: str | None = json.loads(golden[-2]).get(attribute)
        return shown

    @precondition(lambda self: self.model.seen["masters"])
    @rule(data=st.data(), key=st.sampled_from(KEYS))
    def pin(self, data: st.DataObject, key: Key) -> None:
        """Refused where it contradicts what stands; else the next scan obeys it, and every later one."""
        wanted, now = self.an_id(data, "active"), self.now()
        said, self.touched = Said(AUTHOR, now, "seen"), True
        if self._refuses_pin(key, wanted):
            with pytest.raises(DecisionRefused):
                self.product.pin(record(key), wanted, said)
            return
        number = self.product.pin(record(key), wanted, said)
        if pins(self.model.seen).get(key) == wanted:
            assert [row[0] for row in self.model.seen["pins"] if (row[1], row[2]) == key] == [number]
            return
        self.model.number += 1
        assert number == self.model.number
        rows = sorted([*self.model.seen["pins"], (number, *key, wanted, AUTHOR, now)], key=lambda row: row[1:3])
        self.model.audited("pin", f"{':'.join(key)} + {wanted}")
        self.model.moved_on(self.product.store.current_revision(), now, self.model.seen | {"pins": rows})
        self.settled = None

    def _refuses_pin(self, key: Key, wanted: str) -> bool:
        model = self.model
        pinned, owner = pins(model.seen), owners(model.seen).get(key)
        if owner is None or states(model.seen)[wanted][0] != "active" or pinned.get(key, wanted) != wanted:
            return True
        same = model.same()
        here, told = members(model.seen)[owner], same.get(key, frozenset([key]))
        others = {other: to for other, to in pinned.items() if other != key}
        if any((other in here) != (to == wanted) for other, to in others.items() if other in here or to == wanted):
            return True
        if any(to != wanted for other, to in others.items() if other in told):
            return True
        apart = [pair for pair, (_, kind) in model.standing().items() if kind == "do_not_match"]
        mates = [same.get(other, frozenset([other])) for other, to in others.items() if to == wanted]
        return any(parted(apart, told, mate) for mate in mates)

    @precondition(lambda self: self.model.seen["pins"])
    @rule(data=st.data())
    def unpin(self, data: st.DataObject) -> None:
        number, *key, wanted, _, _ = data.draw(st.sampled_from(self.model.seen["pins"]))
        now, self.touched, self.settled = self.now(), True, None
        self.product.undo(number, Said(AUTHOR, now, ""))
        rows = [row for row in self.model.seen["pins"] if row[0] != number]
        self.model.number += 1
        self.model.audited("withdraw", f"{':'.join(key)} + {wanted}")
        self.model.moved_on(self.product.store.current_revision(), now, self.model.seen | {"pins": rows})

    @rule(data=st.data())
    def undo_what_is_gone(self, data: st.DataObject) -> None:
        """A number that stands no more, or never did, is refused."""
        here = [row[0] for name in ("decisions", "pins", "overrides", "deeds") for row in self.model.seen[name]]
        others = sorted(set(range(1, self.model.number + 3)) - set(here))
        number, self.touched = data.draw(st.sampled_from(others)), True
        with pytest.raises(DecisionRefused):
            self.product.undo(number, Said(AUTHOR, self.now(), ""))
