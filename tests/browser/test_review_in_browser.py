"""A steward at the review: one key an answer, undo, split, conflicts, and nothing lost when the tab is closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from mdm.app.desk import Desk, Said, open_desk
from tests.browser.conftest import Served, Visitor
from tests.ui import project

pytestmark = pytest.mark.browser

SOME = project.DOUBTFUL.start + 2
PAIR = f"pair?left={project.left(SOME)}&right={project.right(SOME)}"
AT = "2026-02-01T09:00:00+00:00"


@contextmanager
def desk(served: Served) -> Iterator[Desk]:
    with closing(open_desk(served.folder, {"USER": "another"})) as opened:
        yield opened


def standing(served: Served) -> list[dict[str, Any]]:
    with desk(served) as opened:
        found = opened._store.decisions()
    return [row for row in found.iter_rows(named=True) if row["stands"] and row["kind"] != "withdrawn"]


def made(served: Served) -> int:
    with desk(served) as opened:
        return opened._store.decisions().height


def saved(visitor: Visitor) -> None:
    expect(visitor.page.get_by_text("All saved", exact=True)).to_be_visible()


def at_first(visitor: Visitor) -> None:
    visitor.open("review")
    visitor.page.get_by_role("link", name="Open pair 1:").click()
    expect(visitor.page.get_by_text(re.compile("^Pair 1 of"))).to_be_visible()
    visitor.settle()


@pytest.fixture(autouse=True)
def clean(served: Served) -> Iterator[None]:
    """Every test finds all pairs waiting."""
    yield
    with desk(served) as opened:
        for row in standing(served):
            if row["deed"] is None:
                opened.undo(row["id"], Said("tester", AT, "between tests"))


def test_a_run_of_pairs_is_decided_by_key_and_some_are_undone(visitor: Visitor) -> None:
    page = visitor.page
    at_first(visitor)
    expect(page.get_by_text("Pair 1 of 8")).to_be_visible()
    before, first = made(visitor.served), page.url
    for key in "nmsnm":
        visitor.press(key)
    expect(page.get_by_role("status").get_by_text("Recorded: Match: one customer.")).to_be_visible()
    expect(page.get_by_text("Pair 1 of 3")).to_be_visible()
    assert page.url != first
    for _ in range(2):
        visitor.press("u")
    expect(page.get_by_text("Pair 1 of 5")).to_be_visible()
    saved(visitor)
    assert sorted(row["kind"] for row in standing(visitor.served)) == ["do_not_match", "match", "unsure"]
    assert made(visitor.served) == before + 7
    page.reload()
    visitor.settle()
    for _ in range(3):
        visitor.press("u")
    expect(page.get_by_text(re.compile("^Taken back"))).to_be_visible()
    saved(visitor)
    assert standing(visitor.served) == []
    expect(page).to_have_url(first)


def test_letters_typed_into_the_reason_decide_nothing_and_go_with_the_answer(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open(PAIR)
    visitor.press("w")
    page.keyboard.type("mnjku not sure")
    expect(page.get_by_label("Reason")).to_have_value("mnjku not sure")
    assert standing(visitor.served) == []
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    expect(page.get_by_text("Recorded: Unsure")).to_be_visible()
    saved(visitor)
    (row,) = standing(visitor.served)
    assert (row["kind"], row["reason"], row["key_l"]) == ("unsure", "mnjku not sure", project.left(SOME).key)


def test_keys_walk_through_the_queue_and_back_and_the_address_follows(visitor: Visitor) -> None:
    page = visitor.page
    at_first(visitor)
    for number in (2, 3, 4):
        visitor.press("j")
        expect(page.get_by_text(f"Pair {number} of 8")).to_be_visible()
    visitor.press("k")
    expect(page.get_by_text("Pair 3 of 8")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Pair 3 of 8")).to_be_visible()
    visitor.press("k")
    expect(page.get_by_text("Pair 2 of 8")).to_be_visible()
    page.get_by_role("link", name="All waiting pairs").click()
    expect(visitor.table("Pairs waiting for a person, strongest first")).to_be_visible()


def test_the_last_pair_is_followed_by_what_to_do_next(visitor: Visitor) -> None:
    at_first(visitor)
    for _ in range(8):
        visitor.press("j")
    expect(visitor.page.get_by_text("No further pair of this list waits for you.")).to_be_visible()


def test_a_second_steward_is_told_of_the_conflict_and_sees_what_stands(visitor: Visitor, browser: Browser) -> None:
    visitor.open(PAIR)
    other: BrowserContext = browser.new_context()
    second = Visitor(visitor.served, other.new_page())
    second.open(PAIR)
    visitor.press("n")
    saved(visitor)
    second.press("m")
    refused = second.page.get_by_role("alert")
    expect(refused.get_by_text("Not recorded: Match: one customer")).to_be_visible()
    expect(refused.get_by_text("tester decided on")).to_be_visible()
    refused.get_by_role("button", name="Show the pair").click()
    expect(second.page.get_by_text(re.compile("^Decided by tester on .*: Not a match"))).to_be_visible()
    second.press("m")
    expect(second.page.get_by_text("A decision stands on this pair.")).to_be_visible()
    other.close()
    assert [row["kind"] for row in standing(visitor.served)] == ["do_not_match"]


def test_a_tab_that_is_closed_before_it_is_heard_delivers_on_return_once(
    visitor: Visitor, context: BrowserContext
) -> None:
    page = visitor.page
    at_first(visitor)
    before = made(visitor.served)
    page.evaluate("WebSocket.prototype.send = () => {}")  # nothing leaves this page any more
    for key in "nms":
        visitor.press(key)
    expect(page.get_by_text("3 on their way, kept in this browser")).to_be_visible()
    page.close()
    assert made(visitor.served) == before
    again = Visitor(visitor.served, context.new_page())
    again.open(PAIR)
    saved(again)
    assert [row["kind"] for row in standing(visitor.served)] == ["do_not_match", "match", "unsure"]
    assert made(visitor.served) == before + 3


def test_records_are_split_off_by_key_and_the_split_is_taken_back(visitor: Visitor) -> None:
    page, served = visitor.page, visitor.served
    visitor.open(f"pair?left={project.left(1)}&right={project.left(SOME)}")
    expect(page.get_by_role("checkbox", name="Choose erp:E001")).to_be_visible()
    visitor.press("x")
    expect(page.get_by_text("Choose the records to split off first")).to_be_visible()
    page.get_by_role("checkbox", name="Choose erp:E001").check()
    visitor.press("x")
    expect(page.get_by_text(re.compile("was split off M-"))).to_be_visible()
    saved(visitor)
    with desk(served) as opened:
        assert len(opened.pair(project.left(1), project.right(1)).customers) == 2
    visitor.press("u")
    expect(page.get_by_role("checkbox", name="Choose erp:E001")).to_be_visible()
    saved(visitor)
    with desk(served) as opened:
        assert opened.pair(project.left(1), project.right(1)).already_one


def test_another_customer_is_found_merged_and_unmerged(visitor: Visitor) -> None:
    page, served = visitor.page, visitor.served
    visitor.open(PAIR)
    visitor.press("g")
    page.keyboard.type(project.name(20).split()[0])
    page.keyboard.press("Enter")
    page.get_by_role("button", name=re.compile(f"^Merge {project.name(20)}")).click()
    expect(page.get_by_text(re.compile("was merged into"))).to_be_visible()
    with desk(served) as opened:
        assert opened.pair(project.left(SOME), project.left(20)).already_one
    visitor.press("u")
    saved(visitor)
    with desk(served) as opened:
        assert not opened.pair(project.left(SOME), project.left(20)).already_one


def test_a_golden_value_that_was_changed_is_set_when_the_two_match(visitor: Visitor) -> None:
    page, served = visitor.page, visitor.served
    visitor.open(PAIR)
    page.get_by_role("button", name="Change the city").click()
    page.keyboard.type("Neustadt")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Set: Neustadt. Change the city")).to_be_visible()
    visitor.press("m")
    expect(page.get_by_text("Recorded: Match")).to_be_visible()
    saved(visitor)
    with desk(served) as opened:
        stays = opened.pair(project.left(SOME), project.right(SOME)).stays
        assert opened._store.get_customers([stays])[stays].values["city"] == "Neustadt"
    visitor.press("u")
    saved(visitor)
    with desk(served) as opened:
        assert opened._store.get_customers([stays])[stays].values["city"] != "Neustadt"
