"""Deciding on a pair at the desk, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mdm.store import Keeper, open_store
from tests.ui import project
from tests.ui.conftest import Page

Opener = Callable[..., Page]
D = project.DOUBTFUL.start
PAIR = {"left": str(project.left(D)), "right": str(project.right(D))}


def recorded(folder: Path) -> list[dict[str, Any]]:
    with open_store(f"sqlite:///{folder / 'mdm.sqlite'}") as store:
        return store.decisions().select("kind", "key_l", "key_r", "author", "reason", "stands").to_dicts()


@pytest.mark.parametrize("answer", ["match", "do_not_match"])
def test_an_answer_is_recorded_with_author_and_reason(opened: Opener, folder: Path, answer: str) -> None:
    page = opened("pair", **PAIR)
    page.app.text_input(key="reason").set_value("same owner")
    page.press(answer)
    expected = {"kind": answer, "key_l": "C008", "key_r": "E008", "author": "tester", "reason": "same owner"}
    assert recorded(folder) == [{**expected, "stands": True}]


def test_after_an_answer_the_next_pair_is_shown_and_the_reason_is_empty(opened: Opener) -> None:
    page = opened("pair", **PAIR)
    page.app.text_input(key="reason").set_value("same owner")
    page.press("match")
    assert page.app.query_params["left"] != [PAIR["left"]]
    assert page.app.text_input(key="reason").value == ""
    assert "Recorded: Match: one customer." in page.texts
    assert f"of {len(project.DOUBTFUL) - 1}" in page.text


def test_one_press_takes_the_last_answer_back_and_shows_its_pair(opened: Opener, folder: Path) -> None:
    page = opened("pair", **PAIR)
    page.press("do_not_match")
    page.press("undo_last")
    assert [d["kind"] for d in recorded(folder) if d["stands"]] == ["withdrawn"]
    assert page.app.query_params["left"] in (PAIR["left"], [PAIR["left"]])
    assert "match" in {b.key for b in page.app.button}


def test_a_decided_pair_shows_who_decided_and_can_be_undone_later(opened: Opener, folder: Path) -> None:
    opened("pair", **PAIR).press("match")
    page = opened("pair", **PAIR)
    assert "Decided by tester" in page.text
    assert "It takes effect with the next scan." in page.text
    assert "match" not in {b.key for b in page.app.button}
    page.press("undo_this")
    assert [d["kind"] for d in recorded(folder) if d["stands"]] == ["withdrawn"]
    assert "match" in {b.key for b in page.app.button}


def test_an_answer_to_a_pair_decided_meanwhile_is_refused_and_says_by_whom(opened: Opener, folder: Path) -> None:
    page = opened("pair", **PAIR)
    with open_store(f"sqlite:///{folder / 'mdm.sqlite'}", keeper=Keeper(folder / "audit")) as store:
        at = "2026-02-01T10:00:00+00:00"
        store.add_decision("match", project.left(D), project.right(D), author="another", at=at, reason="")
    page.press("do_not_match")
    assert any(block["kind"] == "notice" and block["tone"] == "problem" for block in page.blocks)
    assert "another decided on" in page.text
    assert [d["author"] for d in recorded(folder)] == ["another"]


def test_the_last_pair_decided_leaves_an_empty_queue(opened: Opener) -> None:
    page = opened("pair", **PAIR)
    for n in project.DOUBTFUL:
        page = opened("pair", left=str(project.left(n)), right=str(project.right(n)))
        page.press("do_not_match")
    assert "No pair waits for a person." in opened("review").texts
    assert "Decided by tester" in page.text


def test_what_was_decided_in_a_sitting_is_listed_and_taken_back_one_by_one(opened: Opener, folder: Path) -> None:
    page = opened("pair", **PAIR)
    for answer in ("match", "do_not_match", "unsure"):
        page.press(answer)
    assert "3 decisions" in page.texts
    page.press("undo_1")
    assert [d["kind"] for d in recorded(folder) if d["stands"]] == ["do_not_match", "unsure", "withdrawn"]
    page.press("undo_last")
    page.press("undo_last")
    assert [d["kind"] for d in recorded(folder) if d["stands"]] == ["withdrawn"] * 3
    assert "Decided in this sitting" not in {each.label for each in page.app.expander}
