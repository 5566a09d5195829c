"""Claims at the desk: a pair that somebody else has shows who and until when, and takes no answer of others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mdm.app.claiming import LOOK_AGAIN
from mdm.app.desk import Said, open_desk
from mdm.errors import DecisionRefused
from mdm.store import Hold, Keeper, Store, open_store
from tests.ui import project
from tests.ui.conftest import Page
from ui import cases, claiming, session

Opener = Callable[..., Page]
D = project.DOUBTFUL.start
KEYS = (project.left(D), project.right(D))
PAIR = {"left": str(KEYS[0]), "right": str(KEYS[1])}


def store_of(folder: Path) -> Store:
    return open_store(f"sqlite:///{folder / 'mdm.sqlite'}", keeper=Keeper(folder / "audit"))


def in_minutes(minutes: int) -> str:
    return (datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=minutes)).isoformat()


BOB = Hold("bob", in_minutes(0), in_minutes(20), in_minutes(20))


def test_a_pair_that_another_has_shows_who(opened: Opener, folder: Path) -> None:
    with store_of(folder) as store:
        store.claims.take([KEYS], BOB)
    assert "bob has it until " in opened("review").text


def test_an_answer_to_a_pair_that_another_has_is_refused_and_says_until_when(folder: Path) -> None:
    with store_of(folder) as store:
        store.claims.take([KEYS], BOB)
    now = in_minutes(1)
    with (
        closing(open_desk(folder, {"USER": "tester"})) as desk,
        pytest.raises(DecisionRefused, match="bob has this pair"),
    ):
        desk.decide("match", *KEYS, Said("", now, ""))


def test_a_pair_that_is_assigned_is_found_among_those_of_that_person(opened: Opener, folder: Path) -> None:
    with closing(open_desk(folder, {"USER": "another"})) as desk:
        desk.claims.assign(KEYS, "tester", Said("", in_minutes(0), ""))
    queue = opened("review")
    queue.app.selectbox(key="whose").set_value("mine")
    queue.run()
    assert "1 pair waiting, strongest first." in queue.texts


@pytest.fixture
def tester(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[claiming.Held]:
    """The steward of one browser, without the pages around."""
    held = claiming.Held()
    with closing(open_desk(folder, {"USER": "tester"})) as desk:
        monkeypatch.setattr(session, "desk", lambda: desk)
        monkeypatch.setattr(session, "said", lambda _: Said("tester", in_minutes(0), ""))
        monkeypatch.setattr(claiming, "_held", lambda: held)
        yield held


def test_the_review_has_what_it_shows_until_its_steward_leaves(tester: claiming.Held, folder: Path) -> None:
    names = [cases.name_of((project.left(n), project.right(n))) for n in (D, D + 1)]
    found = claiming.answered({"hold": names})
    assert [(each["theirs"], each["told"][:17]) for each in found.values()] == [(False, "You have it until")] * 2
    assert all(each["again"] * 2 == each["left"] == 600 for each in found.values())
    claiming.answered({"hold": names[:1], "leave": names[1:]})
    with store_of(folder) as store:
        assert store.claims.of(KEYS).holder == "tester"
        assert store.claims.of((project.left(D + 1), project.right(D + 1))).holder == ""
        tester.let_go()
        assert store.claims.of(KEYS).holder == ""


def test_the_review_says_who_else_has_a_pair_and_when_to_ask_again(tester: claiming.Held, folder: Path) -> None:
    with store_of(folder) as store:
        store.claims.take([KEYS], BOB)
    (found,) = claiming.answered({"hold": [cases.name_of(KEYS)]}).values()
    assert found["theirs"]
    assert found["told"].startswith("Bob has it until ")
    assert 0 < found["again"] == LOOK_AGAIN < found["left"]
    assert tester.pairs == set()


def test_whom_a_pair_is_assigned_to_is_set_at_the_review(tester: claiming.Held) -> None:
    (found,) = claiming.answered({"assign": {"id": cases.name_of(KEYS), "to": "bob"}}).values()
    assert found["told"] == "For bob"
    assert not tester.pairs


@pytest.mark.parametrize("sent", [{"hold": "all"}, {"hold": [7, "x", f"{KEYS[0]}\n{KEYS[0]}"]}, {"assign": [1]}, {}])
def test_what_no_page_of_ours_sends_claims_nothing(tester: claiming.Held, sent: dict[str, Any]) -> None:
    assert claiming.answered(sent) == {}
    assert not tester.pairs
