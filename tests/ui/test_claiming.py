"""Claims at the desk: a pair that somebody else has shows who and until when, and takes no answer of others."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mdm.app.desk import Said, open_desk
from mdm.errors import DecisionRefused
from mdm.store import Keeper, Store, open_store
from tests.ui import project
from tests.ui.conftest import Page

Opener = Callable[..., Page]
D = project.DOUBTFUL.start
KEYS = (project.left(D), project.right(D))
PAIR = {"left": str(KEYS[0]), "right": str(KEYS[1])}


def store_of(folder: Path) -> Store:
    return open_store(f"sqlite:///{folder / 'mdm.sqlite'}", keeper=Keeper(folder / "audit"))


def in_minutes(minutes: int) -> str:
    return (datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=minutes)).isoformat()


def test_a_pair_that_another_has_shows_who(opened: Opener, folder: Path) -> None:
    with store_of(folder) as store:
        store.claims.take(KEYS, "bob", in_minutes(0), in_minutes(20))
    page = opened("pair", **PAIR)
    assert "Bob has it until " in page.text
    assert "bob has it until " in opened("review").text


def test_an_answer_to_a_pair_that_another_has_is_refused_and_says_until_when(folder: Path) -> None:
    with store_of(folder) as store:
        store.claims.take(KEYS, "bob", in_minutes(0), in_minutes(20))
    now = in_minutes(1)
    with (
        closing(open_desk(folder, {"USER": "tester"})) as desk,
        pytest.raises(DecisionRefused, match="bob has this pair"),
    ):
        desk.decide("match", *KEYS, Said("", now, ""))


def test_a_pair_is_kept_and_let_go(opened: Opener, folder: Path) -> None:
    page = opened("pair", **PAIR)
    page.press("keep")
    with store_of(folder) as store:
        assert store.claims.of(KEYS).holder == "tester"
    page.press("leave")
    with store_of(folder) as store:
        assert store.claims.of(KEYS).holder == ""


def test_a_pair_is_assigned_and_found_among_those_of_that_person(opened: Opener) -> None:
    page = opened("pair", **PAIR)
    page.app.text_input(key="assignee").set_value("tester")
    page.press("assign")
    assert "for you" in page.texts
    queue = opened("review")
    queue.app.selectbox(key="whose").set_value("mine")
    queue.run()
    assert "1 pair waiting, strongest first." in queue.texts
