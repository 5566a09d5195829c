"""Two stewards, each with a browser: the one who shows a pair has it, the other sees that and is led to other pairs."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from mdm.records import RecordKey
from mdm.store import Claim, Keeper, Sought, Store, open_store
from tests.browser.conftest import Visitor
from tests.browser.provider import Secured, secured, sign_in
from tests.ui import project

pytestmark = pytest.mark.browser

STELLA, STAN = "stella@example.org", "stan@example.org"
Keys = tuple[RecordKey, RecordKey]
Came = Callable[[str], Visitor]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Secured]:
    with secured(project.scan_project(project.write_project(tmp_path / "shop"))) as running:
        yield running


@pytest.fixture
def came(desk: Secured, browser: Browser) -> Iterator[Came]:
    """Stewards who have signed in, each with a browser of their own."""
    opened: list[BrowserContext] = []

    def signed_in(sub: str) -> Visitor:
        opened.append(browser.new_context(viewport={"width": 1280, "height": 800}))
        visitor = Visitor(desk.served, opened[-1].new_page())
        visitor.open()
        sign_in(visitor, sub)
        return visitor

    yield signed_in
    for context in opened:
        context.close()


@pytest.fixture
def first(desk: Secured) -> Keys:
    """The pair at the head of the queue."""
    with store_of(desk) as store:
        row = store.page_questions(Sought(), limit=1).rows.row(0, named=True)
    return RecordKey(row["system_l"], row["key_l"]), RecordKey(row["system_r"], row["key_r"])


def store_of(desk: Secured) -> Store:
    folder = desk.served.folder
    return open_store(f"sqlite:///{folder / 'mdm.sqlite'}", keeper=Keeper(folder / "audit"))


def show(visitor: Visitor, pair: Keys) -> None:
    visitor.open(f"pair?left={pair[0]}&right={pair[1]}")
    expect(visitor.page.get_by_text(re.compile("Pair 1 of"))).to_be_visible()


def claimed(desk: Secured, pair: Keys, holder: str) -> Claim:
    """The claim on the pair, as soon as it is that person's."""
    with store_of(desk) as store:
        for _ in range(100):
            if store.claims.of(pair).holder == holder:
                return store.claims.of(pair)
            time.sleep(0.1)
    pytest.fail(f"{holder or 'nobody'} did not get the pair")


def lapse(desk: Secured, pair: Keys) -> None:
    """What ten minutes do: the claim on the pair is over."""
    with closing(sqlite3.connect(desk.served.folder / "mdm.sqlite")) as store, store:
        changed = store.execute(
            "UPDATE claim SET until = '2026-01-01T00:00:00+00:00' WHERE key_l = ? AND key_r = ?",
            (pair[0].key, pair[1].key),
        )
        assert changed.rowcount == 1


def standing(desk: Secured) -> list[tuple[str, str]]:
    with store_of(desk) as store:
        rows: list[dict[str, Any]] = [*store.decisions().iter_rows(named=True)]
    return [(row["author"], row["kind"]) for row in rows if row["stands"]]


def test_whoever_comes_second_sees_who_has_a_pair_and_is_led_to_others(desk: Secured, came: Came, first: Keys) -> None:
    stella, stan = came("stella"), came("stan")
    show(stella, first)
    until = claimed(desk, first, STELLA).until[11:16]
    expect(stella.page.get_by_text(f"You have it until {until} UTC")).to_be_visible()
    show(stan, first)
    expect(stan.page.get_by_text(f"{STELLA} has it until {until} UTC", exact=False)).to_be_visible()
    stan.press("m")
    expect(stan.page.get_by_role("alert").get_by_text(f"{STELLA} has this pair until")).to_be_visible()
    expect(stan.page.get_by_text(re.compile("Pair [2-9] of"))).to_be_visible()
    expect(stan.page.get_by_text("You have it until")).to_be_visible()
    stan.press("n")
    stella.press("n")
    for visitor in (stella, stan):
        expect(visitor.page.get_by_text("All saved", exact=True)).to_be_visible()
    assert sorted(standing(desk)) == [(STAN, "do_not_match"), (STELLA, "do_not_match")]


def test_a_pair_that_was_let_go_passes_to_whoever_waits_with_what_was_decided(
    desk: Secured, came: Came, first: Keys
) -> None:
    stella, stan = came("stella"), came("stan")
    show(stella, first)
    claimed(desk, first, STELLA)
    show(stan, first)
    expect(stan.page.get_by_text(f"{STELLA} has it until")).to_be_visible()
    stella.press("n")
    expect(stan.page.get_by_text(re.compile(f"Decided by {STELLA}"))).to_be_visible()


def test_a_lease_that_is_over_passes_on_and_the_late_answer_is_refused_in_sight(
    desk: Secured, came: Came, first: Keys
) -> None:
    stella, stan = came("stella"), came("stan")
    show(stella, first)
    claimed(desk, first, STELLA)
    lapse(desk, first)
    show(stan, first)
    claimed(desk, first, STAN)
    expect(stan.page.get_by_text("You have it until")).to_be_visible()
    stella.press("m")
    refused = stella.page.get_by_role("alert")
    expect(refused.get_by_text("Not recorded: Match: one customer")).to_be_visible()
    expect(refused.get_by_text(f"{STAN} has this pair until")).to_be_visible()
    assert standing(desk) == []
    stan.press("n")
    expect(stan.page.get_by_text("All saved", exact=True)).to_be_visible()
    refused.get_by_role("button", name="Show the pair").click()
    expect(stella.page.get_by_text(re.compile(f"Decided by {STAN}"))).to_be_visible()
    assert standing(desk) == [(STAN, "do_not_match")]


def test_an_answer_after_a_lease_is_recorded_where_nobody_else_came(desk: Secured, came: Came, first: Keys) -> None:
    stella = came("stella")
    show(stella, first)
    claimed(desk, first, STELLA)
    lapse(desk, first)
    stella.press("n")
    expect(stella.page.get_by_text("All saved", exact=True)).to_be_visible()
    assert standing(desk) == [(STELLA, "do_not_match")]


def test_leafing_takes_nothing_and_leaving_gives_back(desk: Secured, came: Came, first: Keys) -> None:
    stella = came("stella")
    show(stella, first)
    claimed(desk, first, STELLA)
    for _ in range(6):
        stella.page.keyboard.press("j")
    expect(stella.page.get_by_text("Pair 7 of")).to_be_visible()
    claimed(desk, first, "")  # the seventh was asked for instead, once
    with store_of(desk) as store:
        held = store.claims.among(store.read_questions())
    assert set(held["holder"]) == {STELLA}
    assert held.height <= 4
    stella.page.get_by_role("link", name="All waiting pairs").click()
    expect(stella.table("Pairs waiting for a person, strongest first")).to_be_visible()
    expect(stella.page.get_by_text("you have it until")).to_have_count(0)
    with store_of(desk) as store:
        assert store.claims.among(store.read_questions()).is_empty()


def test_a_pair_is_assigned_at_the_review(desk: Secured, came: Came, first: Keys) -> None:
    stella, stan = came("stella"), came("stan")
    show(stella, first)
    claimed(desk, first, STELLA)
    stella.press("a")
    stella.page.keyboard.type(STAN)
    stella.page.keyboard.press("Enter")
    expect(stella.page.get_by_text(f"for {STAN}")).to_be_visible()
    stan.open("review?whose=Mine")
    expect(stan.page.get_by_text("1 pair waiting")).to_be_visible()
