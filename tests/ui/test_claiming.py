"""Claims at the desk: a pair that somebody else has shows who and until when, and no answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

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


def test_a_pair_that_another_has_shows_who_and_no_answers(opened: Opener, folder: Path) -> None:
    with store_of(folder) as store:
        store.claims.take(KEYS, "bob", in_minutes(0), in_minutes(20))
    page = opened("pair", **PAIR)
    assert "bob has it until " in page.text
    assert "match" not in {b.key for b in page.app.button}
    assert "bob has it until " in opened("review").text


def test_an_opened_pair_is_claimed_and_the_one_before_is_let_go(opened: Opener, folder: Path) -> None:
    page = opened("pair", **PAIR)
    with store_of(folder) as store:
        assert store.claims.of(KEYS).holder == "tester"
    page.press("next")
    with store_of(folder) as store:
        assert store.claims.of(KEYS).holder == ""


def test_a_pair_is_assigned_and_found_among_those_of_that_person(opened: Opener) -> None:
    page = opened("pair", **PAIR)
    page.app.text_input(key="assignee").set_value("tester")
    page.press("assign")
    assert "you have it; for you" in page.texts
    queue = opened("review")
    queue.app.selectbox(key="whose").set_value("mine")
    queue.run()
    assert "1 pair waiting, strongest first." in queue.texts
