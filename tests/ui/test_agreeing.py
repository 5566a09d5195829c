"""Four eyes at the desk: the second person sees what was proposed and why; contradicting proposals are listed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from mdm.app.desk import Said, open_desk, read_parcels
from mdm.store import open_store
from tests.ui import project
from tests.ui.conftest import Page

Opener = Callable[..., Page]
D = project.DOUBTFUL.start
KEYS = (project.left(D), project.right(D))
PAIR = {"left": str(KEYS[0]), "right": str(KEYS[1])}


@pytest.fixture
def folder(folder: Path) -> Path:
    (folder / "rules" / "stewardship.yaml").write_text("four_eyes:\n  - systems: [erp, crm]\n")
    return folder


def propose(folder: Path, who: str, answer: str) -> None:
    desk = open_desk(folder, {"USER": who})
    desk.decide(answer, *KEYS, Said(who, "2026-02-01T09:00:00+00:00", "same owner"))  # type: ignore[arg-type]
    desk.close()


def test_the_second_person_sees_the_proposal_and_decides(opened: Opener, folder: Path) -> None:
    propose(folder, "ann", "match")
    page = opened("pair", **PAIR)
    assert "Two people must agree: one is known to erp, the other to crm." in page.texts
    assert "ann proposed match on 1 Feb 2026, 09:00 UTC: same owner." in page.texts
    propose(folder, "tester", "match")
    with open_store(f"sqlite:///{folder / 'mdm.sqlite'}") as store:
        assert store.decisions()["author"].to_list() == ["tester"]
    assert "No answer waits for a second person." in opened("proposals").texts


def test_an_own_answer_is_listed_as_a_proposal_once_and_undone(opened: Opener, folder: Path) -> None:
    answer = {"kind": "decide", "left": str(KEYS[0]), "right": str(KEYS[1]), "answer": "match"}
    undo = {"number": 2, "kind": "undo", "of": {"sender": "a" * 32, "number": 1}}
    with closing(open_desk(folder, {"USER": "tester"})) as desk:
        said = Said("", "2026-02-01T09:00:00+00:00", "")
        for _ in range(2):
            (ack,) = desk.deliver(read_parcels([{"sender": "a" * 32, "messages": [{"number": 1, **answer}]}]), said)
            assert ack.outcome == "done"
        with open_store(f"sqlite:///{folder / 'mdm.sqlite'}") as store:
            assert store.decisions().is_empty()
        assert "1 proposal. " in opened("proposals").text
        (ack,) = desk.deliver(read_parcels([{"sender": "a" * 32, "messages": [undo]}]), said)
        assert ack.outcome == "done"
    assert "No answer waits for a second person." in opened("proposals").texts


def test_proposals_that_contradict_each_other_are_told(opened: Opener, folder: Path) -> None:
    propose(folder, "ann", "match")
    propose(folder, "bob", "do_not_match")
    page = opened("proposals")
    assert "2 proposals contradict each other; they come first." in page.texts
    assert "Another answer was proposed, too." in opened("pair", **PAIR).text
