"""Rules of publishing: through faults and power cuts each committed wish takes effect once, and nothing else does."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from mdm.app import Publisher, Step, operator, publish
from mdm.store import State
from tests.machine.history import History
from tests.machine.product import AUTHOR, PowerCut
from tests.machine.systems import FAULTS, System
from tests.machine.world import SYSTEMS, rules

STEPS: Final = (("approve", "send"), ("approve", "send"), ("send",), ("approve",), ("retry", "approve", "send"))
A_DAY: Final = 2 * 86_400
ROUNDS: Final = 8


class Publishing(History):
    @precondition(lambda self: self.model.scans)
    @rule(
        steps=st.sampled_from(STEPS),
        faults=st.lists(st.sampled_from(FAULTS), max_size=4),
        pulse=st.sampled_from([-1, -1, -1, 1, 4, 7, 10]),
    )
    def publish(self, steps: tuple[Step, ...], faults: list[str], pulse: int) -> None:
        """I14, I15."""
        self.power.fuse = pulse
        try:
            if not self.systems:
                self.publish_all((), [])  # only what was read and shown can be approved
            self.publish_all(steps, faults)
        except PowerCut:
            self.product.reboot()
        self.power.fuse = -1
        self._audited()
        self.judge_effects()
        self.stale = self.touched = True
        self.ticks += 2  # a scan of the same second cannot tell whether it looked before or after

    def publish_all(self, steps: tuple[Step, ...], faults: list[str]) -> None:
        product = self.product
        self.systems.update({name: System(name, self.world, list(faults), self.effects) for name in SYSTEMS})
        opens = lambda _project, target, _env: self.systems[str(target.system)]  # noqa: E731 - one line says it
        publisher = Publisher(product.project, product.store, {}, operator({}, AUTHOR), self.now, opens)
        publish(publisher, rules().publish.targets, frozenset(steps))

    def _audited(self) -> None:
        """I22: one row for each step of a target, and none for anything else."""
        new = [(row[3], row[4]) for row in self.product.store.audit().rows()][len(self.model.audit) :]
        targets = {f"target {name}" for name in SYSTEMS}
        assert all(action in ("approve", "retry", "publish") and subject in targets for action, subject in new)
        self.model.audit += new

    def judge_effects(self) -> None:
        """Whatever took effect was wished for by a state that readers saw: each wish once, none after a newer one."""
        for place, took in self.effects.items():
            wished = iter(self.model.wishes.get(place, []))
            assert all(new in wished for new in took), f"I14: {place} was told {took}"

    def drain(self) -> None:
        """People and machines go on until nothing is left: then every system says what it shall."""
        for _ in range(ROUNDS):
            self.ticks += A_DAY
            self.publish_all(("retry", "approve", "send"), [])
            self._audited()
            if set(self.product.store.outbox.counts()["state"]) <= {"confirmed", "superseded"}:
                break
        self.judge_effects()
        for system, key, _, name, _, new in self.model.seen["changes"]:
            if (system, key) in self.world.extract:
                assert self.world.told.get((system, key, name)) == new, "I14: lost"
        for system in SYSTEMS:
            failed = self.product.store.outbox.list_letters(system, [State.FAILED, State.CONFLICT], 100)
            assert all(failed["cause"].str.len_chars() > 0), "I15: a dead letter without its cause"
            assert not [key for key in failed["record"] if (system, key) in self.world.extract]
