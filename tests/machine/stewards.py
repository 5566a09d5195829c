"""Rules of stewards: what they decide, take back, and are stopped in."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from mdm.app.desk import Said
from mdm.errors import DecisionRefused, SettingsInvalid
from tests.machine.history import History, record
from tests.machine.model import pair_of
from tests.machine.product import AUTHOR, PowerCut
from tests.machine.world import PAIRS, Pair

ANSWERS = st.sampled_from(["match", "do_not_match", "unsure"])


class Stewards(History):
    @rule(pair=st.sampled_from(PAIRS), answer=ANSWERS, turned=st.booleans())
    def decide(self, pair: Pair, answer: Any, *, turned: bool) -> None:
        ends = [record(key) for key in (reversed(pair) if turned else pair)]
        now, model = self.now(), self.model
        self.touched = True
        if model.bodies(pair) is None:
            with pytest.raises(SettingsInvalid, match=r"There is no record|is not there"):
                self.product.desk.decide(answer, *ends, Said(AUTHOR, now, "seen"))
            return
        if model.refuses(answer, pair):
            with pytest.raises(DecisionRefused, match="decision"):
                self.product.desk.decide(answer, *ends, Said(AUTHOR, now, "seen"))
            return
        repeated, known = model.is_repeated(answer, pair), model.standing().get(pair)
        number = self.product.desk.decide(answer, *ends, Said(AUTHOR, now, "seen"))
        if repeated and known:
            assert number == known[0]
            return
        self.settled = None
        row = (answer, pair, AUTHOR, now, "seen", model.last_of(pair))
        model.decided(row, self.product.store.current_revision())
        assert number == model.number

    @precondition(lambda self: self.model.seen["decisions"])
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        row = data.draw(st.sampled_from(self.model.seen["decisions"]))
        now, pair = self.now(), pair_of(row)
        self.touched = True
        if not row[-1]:
            with pytest.raises(DecisionRefused, match="was replaced by decision"):
                self.product.desk.undo(row[0], Said(AUTHOR, now, ""))
            return
        self.product.desk.undo(row[0], Said(AUTHOR, now, ""))
        self.settled = None
        told = ("withdrawn", pair, AUTHOR, now, "no reason given", row[0])
        self.model.decided(told, self.product.store.current_revision())

    @rule(pair=st.sampled_from(PAIRS), answer=ANSWERS, pulse=st.integers(1, 2))
    def crash_in_a_decision(self, pair: Pair, answer: Any, pulse: int) -> None:
        """Before the transaction or after it, with the anchor not yet written."""
        model, now = self.model, self.now()
        if model.bodies(pair) is None or model.refuses(answer, pair) or pair in model.standing():
            return
        self.power.fuse = pulse
        with pytest.raises(PowerCut):
            self.product.desk.decide(answer, *map(record, pair), Said(AUTHOR, now, "seen"))
        self.product.reboot()
        if pulse == 2:
            row = (answer, pair, AUTHOR, now, "seen", model.last_of(pair))
            model.decided(row, self.product.store.current_revision())
        self.touched, self.settled = True, None
