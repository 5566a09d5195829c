"""The overview lists the records that could not be read, each with its reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.ui import project
from tests.ui.conftest import Page


def test_the_overview_lists_what_was_set_aside_with_its_reason(folder: Path, opened: Callable[..., Page]) -> None:
    with (folder / "crm.csv").open("a", encoding="utf-8") as file:
        file.write("C900,<b>short</b>\nC901,\u202eshort\n")
    project.scan_project(folder, at="2026-02-02T08:00:00+00:00")
    texts = opened("overview").texts
    assert "Set aside: 2 records that could not be read, each with its reason" in texts
    assert {"C900", "C901"} <= set(texts)
    assert texts.count("2 fields where the header has 11") == 2


def test_the_page_of_a_pair_says_what_a_weight_is(opened: Callable[..., Page]) -> None:
    first = project.DOUBTFUL.start
    page = opened("pair", left=str(project.left(first)), right=str(project.right(first)))
    assert "each bit doubles the odds" in page.text
