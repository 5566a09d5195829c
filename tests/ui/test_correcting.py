"""Correcting a customer at the desk: what is pressed is in effect at once and can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mdm.store import open_store
from tests.ui import project
from tests.ui.conftest import Page

Opener = Callable[..., Page]


def ids(folder: Path) -> dict[str, str]:
    with open_store(f"sqlite:///{folder / 'mdm.sqlite'}") as store:
        return {key: master_id for _, key, master_id in store.read_crosswalk().iter_rows()}


@pytest.fixture
def merged(opened: Opener, folder: Path) -> Page:
    before = ids(folder)
    page = opened("customer", id=before["C000"])
    page.app.text_input(key="merge_other").set_value(before["C001"])
    page.app.text_input(key="deed_reason").set_value("same house")
    page.press("merge")
    return page


def test_another_customer_is_merged_into_this_one(merged: Page, folder: Path) -> None:
    now = ids(folder)
    assert now["C000"] == now["C001"]
    assert f"was merged into {now['C000']}" in merged.text
    with open_store(f"sqlite:///{folder / 'mdm.sqlite'}") as store:
        assert store.read_deeds().select("author", "reason").rows() == [("tester", "same house")]


def test_a_merge_is_taken_back_where_it_is_listed(merged: Page, folder: Path) -> None:
    merged.press("undo_deed_1")
    now = ids(folder)
    assert now["C000"] != now["C001"]
    assert "It was taken back." in merged.text


def test_chosen_records_are_split_off(opened: Opener, folder: Path) -> None:
    before = ids(folder)
    page = opened("customer", id=before["C000"])
    chosen: Any = page.app.multiselect(key="split_chosen")
    chosen.set_value([str(project.right(0))])
    page.press("split")
    now = ids(folder)
    assert now["C000"] == before["C000"]
    assert now["E000"] not in before.values()


def test_an_id_that_is_none_is_refused_on_the_page(opened: Opener, folder: Path) -> None:
    page = opened("customer", id=ids(folder)["C000"])
    page.app.text_input(key="merge_other").set_value("nobody")
    page.press("merge")
    assert "is not a master id" in page.text


def test_the_queue_knows_at_once_of_a_merge_at_the_desk(opened: Opener, folder: Path) -> None:
    doubtful = project.DOUBTFUL.start
    left, right = project.left(doubtful), project.right(doubtful)
    assert opened("pair", left=str(left), right=str(right)).review["where"]["total"] == len(project.DOUBTFUL)
    before = ids(folder)
    page = opened("customer", id=before[left.key])
    page.app.text_input(key="merge_other").set_value(before[right.key])
    page.press("merge")
    left, right = project.left(doubtful + 1), project.right(doubtful + 1)
    assert opened("pair", left=str(left), right=str(right)).review["where"]["total"] == len(project.DOUBTFUL) - 1


def test_a_golden_value_is_set_by_hand_and_taken_back(opened: Opener, folder: Path) -> None:
    page = opened("customer", id=ids(folder)["C000"])
    page.app.selectbox(key="override_field").set_value("city")
    page.app.text_input(key="override_value").set_value("Neustadt")
    page.app.text_input(key="deed_reason").set_value("by telephone")
    page.press("override")
    assert "The city is set." in page.text
    assert "decision 1 of tester" in page.text
    page.press("undo_deed_1")
    assert "decision 1 of tester" not in page.text


def test_a_value_of_another_form_is_refused_on_the_page(opened: Opener, folder: Path) -> None:
    page = opened("customer", id=ids(folder)["C000"])
    page.app.selectbox(key="override_field").set_value("email")
    page.app.text_input(key="override_value").set_value("nobody")
    page.press("override")
    assert "is no valid email" in page.text
