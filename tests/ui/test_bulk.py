"""Bulk at the desk: a cohort is drawn, its sample decided, the rest accepted and taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mdm.app.cohorts import CohortState
from mdm.store import Keeper, Store, open_store
from tests.ui import project
from tests.ui.conftest import Page

Opener = Callable[..., Page]
ALL = len(project.ALIKE)
SAID = {"author": "tester", "at": "2026-02-01T09:00:00+00:00", "reason": ""}


@pytest.fixture(scope="session")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project.scan_project(project.write_alike(tmp_path_factory.mktemp("alike") / "shop"))


def store_of(folder: Path) -> Store:
    return open_store(f"sqlite:///{folder / 'mdm.sqlite'}", keeper=Keeper(folder / "audit"))


def drawn(opened: Opener) -> None:
    page = opened("bulk")
    page.app.selectbox(key="bulk_allowed").set_value(1_000)
    page.run()
    page.press("draw")
    assert "Cohort 1: 44 pairs, match" in page.texts


def decide_all_but(folder: Path, left: int) -> None:
    with store_of(folder) as store:
        rows = store.cohorts.sample(1).rows(named=True)
        for row in rows[left:]:
            n = int(row["key_l"][1:])
            store.add_decision("match", project.left(n), project.right(n), **SAID)  # type: ignore[arg-type]


def test_few_pairs_cannot_be_drawn_and_the_page_says_why(opened: Opener) -> None:
    page = opened("bulk", find=project.name(project.ALIKE[0]))
    assert "1 pair fits: too few for a sample." in page.texts
    assert page.app.button(key="draw").disabled
    assert "No cohort was drawn yet." in page.texts


def test_pairs_are_narrowed_by_why_they_are_asked_and_by_weight(opened: Opener) -> None:
    page = opened("bulk")
    page.app.selectbox(key="why").set_value("contradicted")
    page.run()
    assert f"{ALL} pairs fit." in page.text
    page.app.number_input(key="weight_from").set_value(1_000.0)
    page.run()
    assert "No pair of this kind waits outside of open cohorts." in page.texts
    page.app.number_input(key="weight_from").set_value(None)
    page.app.selectbox(key="why").set_value("doubtful")
    page.run()
    assert "No pair of this kind waits outside of open cohorts." in page.texts


def test_a_cohort_from_drawing_to_taking_back(opened: Opener, folder: Path) -> None:
    drawn(opened)
    decide_all_but(folder, 1)
    page = opened("cohort", id="1")
    assert "1 to decide. If none of these is wrong: at most " in page.text
    assert "accept" not in {b.key for b in page.app.button}
    with store_of(folder) as store:
        row = store.cohorts.sample(1).row(0, named=True)
    n = int(row["key_l"][1:])
    decide_all_but(folder, 0)
    pair = opened("pair", left=str(project.left(n)), right=str(project.right(n)), cohort="1")
    assert " wrong: at most " in pair.text
    assert "cohort?id=1" in pair.addresses
    page = opened("cohort", id="1")
    page.press("accept")
    assert "Each pair has a decision of its own, in effect with the next scan. Open one to undo it." in page.texts
    with store_of(folder) as store:
        assert store.decisions().height == ALL
    page.press("take_back")
    with store_of(folder) as store:
        found = store.cohorts.get(1)
        assert found is not None
        assert found.state is CohortState.TAKEN_BACK
        assert store.count_questions() == ALL - found.drawn
    assert "taken back, tester" in opened("bulk").text


def test_what_was_left_out_is_listed_first_with_its_reason(opened: Opener, folder: Path) -> None:
    drawn(opened)
    decide_all_but(folder, 0)
    with store_of(folder) as store:
        row = store.cohorts.rest(1, "").row(0, named=True)
        n = int(row["key_l"][1:])
        store.add_decision("do_not_match", project.left(n), project.right(n), **SAID)  # type: ignore[arg-type]
    page = opened("cohort", id="1")
    page.press("accept")
    assert "Answered by tester on 2026-02-01T09:00:00+00:00" in page.text


def test_a_cohort_with_too_many_wrong_ones_says_so_and_is_closed(opened: Opener, folder: Path) -> None:
    drawn(opened)
    with store_of(folder) as store:
        for row in store.cohorts.sample(1).head(3).rows(named=True):
            n = int(row["key_l"][1:])
            store.add_decision("do_not_match", project.left(n), project.right(n), **SAID)  # type: ignore[arg-type]
    page = opened("cohort", id="1")
    assert "Too many are wrong already: this cohort cannot be accepted." in page.text
    page.press("close")
    assert "Its pairs wait in Review; what was decided of the sample stands." in page.texts


@pytest.mark.parametrize("query", [{}, {"id": "nonsense"}, {"id": "9"}])
def test_an_address_without_a_cohort_says_what_to_do(opened: Opener, query: dict[str, str]) -> None:
    assert "Choose one in the list of cohorts." in opened("cohort", **query).text
