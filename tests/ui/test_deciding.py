"""The page on which pairs are decided: what it is given, and what it says of a pair that is decided."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from mdm.app.desk import Answer, Said, open_desk
from tests.ui import project
from tests.ui.conftest import Page

Opener = Callable[..., Page]
D = project.DOUBTFUL.start
PAIR = {"left": str(project.left(D)), "right": str(project.right(D))}


def decide(folder: Path, n: int, answer: Answer = "match") -> int:
    with closing(open_desk(folder, {})) as desk:
        return desk.decide(
            answer, project.left(n), project.right(n), Said("tester", "2026-02-01T09:00:00+00:00", "same owner")
        )


def test_a_pair_that_waits_can_be_answered_and_says_what_an_answer_rests_on(opened: Opener, folder: Path) -> None:
    case = opened("pair", **PAIR).review["cases"][0]
    with closing(open_desk(folder, {})) as desk:
        pair = desk.pair(project.left(D), project.right(D))
    assert (case["stands"], case["one"], case["seen"], case["stays"]) == (0, False, pair.evidence, pair.stays)
    assert [customer["records"] for customer in case["customers"]] == [1, 1]


def test_a_decided_pair_shows_who_decided_and_what_can_be_undone(opened: Opener, folder: Path) -> None:
    number = decide(folder, D)
    page = opened("pair", **PAIR)
    assert "Decided by tester" in page.text
    assert "It takes effect with the next scan." in page.text
    assert "Reason: same owner" in page.text
    assert page.review["cases"][0]["stands"] == number


def test_the_queue_of_the_page_is_the_one_of_the_address(opened: Opener) -> None:
    assert opened("pair", **PAIR, find="feuerwerk").review["queue"] != opened("pair", **PAIR).review["queue"]


def test_the_last_pair_decided_leaves_an_empty_queue(opened: Opener, folder: Path) -> None:
    for n in project.DOUBTFUL:
        decide(folder, n, "do_not_match")
    assert "No pair waits for a person." in opened("review").texts
    page = opened("pair", **PAIR)
    assert page.review["queue"] == []
    assert page.review["where"]["total"] == 0


def test_values_of_the_customer_that_two_would_be_can_be_changed(opened: Opener) -> None:
    page = opened("pair", **PAIR)
    tables = [block for each in page.blocks if each["kind"] == "beside" for block in each["left"]]
    golden = next(block for block in tables if block.get("caption", "").startswith("Golden records of the two"))
    edits = {cell["edit"]["field"] for row in golden["rows"] for cell in row["cells"] if cell.get("edit")}
    assert {"name", "city", "vat"} <= edits


def test_every_record_of_more_than_two_can_be_chosen(opened: Opener, folder: Path) -> None:
    with closing(open_desk(folder, {})) as desk:
        ids = [desk.pair(project.left(n), project.right(n)).customers[0].master_id for n in range(8)]
        for other in ids[1:]:
            desk.merge(ids[0], other, Said("tester", "2026-02-01T09:00:00+00:00", ""))
    page = opened("pair", left=str(project.left(0)), right=str(project.left(D)))
    table = next(block for block in page.blocks if block.get("caption") == "All records of the two customers")
    picks = [column["pick"]["key"] for column in table["columns"] if column.get("pick")]
    assert len(picks) == len(set(picks)) == 17
