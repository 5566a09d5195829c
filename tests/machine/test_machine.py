"""One machine drives the product through random histories, against a model of plain dictionaries, on both engines."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, run_state_machine_as_test

from mdm.errors import SettingsInvalid
from tests.machine.backups import Backups
from tests.machine.by_hand import ByHand
from tests.machine.history import LABELS
from tests.machine.outside import Outside
from tests.machine.plans import Plans
from tests.machine.product import Engine, Power, postgresql, sqlite, wire
from tests.machine.questions import Questions
from tests.machine.stewards import Stewards
from tests.machine.world import BODIES, KEYS


class Machine(Outside, Questions, Plans, Stewards, ByHand, Backups):
    """All rules together."""

    @initialize(labels=LABELS, bodies=st.sampled_from(BODIES))
    def begin(self, labels: list[int], bodies: int) -> None:
        self.world.extract = {key: bodies for key, label in zip(KEYS, labels, strict=True) if label}
        self.link(labels, [])
        self.scan(accept=True, turned=False, full=True)

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:
                self.ends_well()
        finally:
            self.product.close()


UNSHRUNK: Final = (Phase.explicit, Phase.reuse, Phase.generate, Phase.target)
"""Four steps are read as they are; to shrink them takes minutes."""


def play(engine: Engine, power: Power, examples: int, steps: int, *, thorough: bool = False) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        lambda: Machine(engine, power, thorough=thorough),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
            phases=tuple(Phase) if thorough else UNSHRUNK,
            derandomize=not thorough,
        ),
    )


@pytest.fixture
def power(monkeypatch: pytest.MonkeyPatch) -> Power:
    return wire(monkeypatch)


@pytest.fixture
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    if request.param == "sqlite":
        return sqlite(tmp_path / "empty.sqlite")
    return postgresql(request.getfixturevalue("postgres_url"))


@pytest.mark.parametrize(("engine", "examples"), [("sqlite", 120), ("postgresql", 80)], indirect=["engine"])
def test_no_history_breaks_an_invariant(engine: Engine, power: Power, examples: int) -> None:
    """Two hundred examples of four steps behind a first scan, the same ones in each run (decision 0233)."""
    play(engine, power, examples=examples, steps=4)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
def test_after_a_restore_that_was_killed_no_plan_waits_and_nothing_is_lost(engine: Engine, power: Power) -> None:
    """Found by a random history of thirty steps."""
    machine = Machine(engine, power)
    machine.begin(labels=[1, 1, 2, 2, 0, 0, 3, 3, 0], bodies=0)
    backup = machine.back_up()
    machine.world.extract[KEYS[0]] = 1
    machine.plan(turned=False, accept=True)
    assert machine.shown is not None
    machine.restore(backup, lost=False, pulse=1)
    machine.readers_see_what_the_model_says()
    with pytest.raises(SettingsInvalid, match=r"None waits\. Make one: mdm scan --plan"):
        machine.product.apply(machine.shown.plan_id, machine.world, machine.now())
    machine.apply(-1)
    machine.restore(backup, lost=False, pulse=-1)
    machine.readers_see_what_the_model_says()
    machine.teardown()


@pytest.mark.deep
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
def test_no_long_history_breaks_an_invariant(engine: Engine, power: Power) -> None:
    play(engine, power, examples=5_000, steps=30, thorough=True)
