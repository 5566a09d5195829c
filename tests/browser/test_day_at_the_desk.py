"""A day at the desk, from signing in to what systems were told: store and audit hold exactly what people did."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from mdm.app.desk import Actor, Said, open_desk
from mdm.errors import NotAllowed
from mdm.store import Keeper, Store, open_store
from tests.browser.conftest import DONE_WITHIN_MILLISECONDS, PUBLISH, Visitor
from tests.browser.provider import Secured, secured, sign_in
from tests.browser.test_sign_in import SIGNS_IN
from tests.ui import project

pytestmark = pytest.mark.browser

STEWARD, SECOND, APPROVER, VIEWER = (f"{name}@example.org" for name in ("stella", "stan", "petra", "vic"))
WAITING = len(project.DOUBTFUL) + len(project.ALIKE)
AT = "2026-02-01T09:00:00+00:00"
KEYS = "nms" * 16 + "nm"
"""The answers to fifty pairs, one key each."""

KINDS = {"n": "do_not_match", "m": "match", "s": "unsure"}
UNDONE = 5
SPLIT = project.CERTAIN.start
TOLD = len(project.CERTAIN) + WAITING
"""Records of the ERP, each of which is told its customer."""

Came = Callable[[str], Visitor]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    folder = project.scan_project(project.write_doubtful(tmp_path_factory.mktemp("day") / "shop"))
    (folder / "rules" / "publish.yaml").write_text(PUBLISH, encoding="utf-8")
    with secured(folder) as running:
        yield running


@pytest.fixture
def came(desk: Secured, browser: Browser) -> Iterator[Came]:
    """People who have signed in, each with a browser of their own."""
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


def store_of(folder: Path) -> Store:
    return open_store(f"sqlite:///{folder / 'mdm.sqlite'}", keeper=Keeper(folder / "audit"))


def decisions(folder: Path) -> list[dict[str, Any]]:
    with store_of(folder) as store:
        return list(store.decisions().iter_rows(named=True))


def audited(folder: Path) -> Counter[tuple[str, str]]:
    """How often each person did what, as the audit says."""
    with store_of(folder) as store:
        return Counter(store.audit().select("actor", "action").iter_rows())


def saved(visitor: Visitor) -> None:
    expect(visitor.page.get_by_text("All saved", exact=True)).to_be_visible(timeout=DONE_WITHIN_MILLISECONDS)


def at_first(visitor: Visitor) -> None:
    visitor.open("review")
    visitor.page.get_by_role("link", name="Open pair 1:").click()
    expect(visitor.page.get_by_text(f"Pair 1 of {WAITING}")).to_be_visible()
    visitor.settle()


def decide_fifty(visitor: Visitor) -> None:
    """One key a pair, as soon as the pair is there."""
    for done, key in enumerate(KEYS):
        expect(visitor.page.get_by_text(f"Pair 1 of {WAITING - done}")).to_be_visible()
        expect(visitor.page.get_by_text("Why it is asked")).to_be_visible()
        visitor.press(key)
    saved(visitor)


def split_off(visitor: Visitor) -> None:
    visitor.open(f"pair?left={project.left(SPLIT)}&right={project.left(project.DOUBTFUL.start)}")
    visitor.page.get_by_role("checkbox", name=f"Choose {project.right(SPLIT)}").check()
    visitor.press("x")
    expect(visitor.page.get_by_text(re.compile("was split off M-"))).to_be_visible()
    saved(visitor)


def publish(visitor: Visitor) -> None:
    visitor.open("publish?system=erp")
    for label in ("Read it and plan", f"Approve {TOLD}", f"Send {TOLD}"):
        visitor.page.get_by_role("button", name=label, exact=True).click()
    expect(visitor.page.get_by_text(f"{TOLD} confirmed")).to_be_visible()


def try_as_viewer(visitor: Visitor, waits: str) -> None:
    """Neither button nor key nor a call with the open session decides a pair that waits."""
    visitor.open(f"pair{waits}")
    expect(visitor.page.get_by_text("a steward decides it")).to_be_visible()
    expect(visitor.page.get_by_role("button", name=re.compile("Match|Not a match|Unsure|Undo|Split"))).to_have_count(0)
    for key in "mnsux":
        visitor.press(key)
    visitor.settle()
    folder = visitor.served.folder
    with store_of(folder) as store:
        session = next(each for each in store.access.open_sessions("") if each.name == VIEWER)
    with closing(open_desk(folder, SIGNS_IN)) as opened:
        caller = opened.called_by(Actor(STEWARD, "steward", session.id))
        last = project.ALIKE.stop - 1
        with pytest.raises(NotAllowed, match="is viewer and may not"):
            caller.decide("match", project.left(last), project.right(last), Said("", AT, ""))


def outbox(folder: Path) -> dict[str, int]:
    with store_of(folder) as store:
        return dict(store.outbox.counts().select("state", "rows").iter_rows())


def test_fifty_pairs_five_undos_a_split_a_conflict_and_a_publication_leave_exactly_that(
    desk: Secured, came: Came
) -> None:
    folder = desk.served.folder
    before = audited(folder)
    stella = came("stella")
    at_first(stella)
    contested = stella.page.url.partition("/pair")[2]
    stan = came("stan")
    stan.open(f"pair{contested}")
    expect(stan.page.get_by_text(f"{STEWARD} has it until")).to_be_visible()
    stan.press("m")
    refused = stan.page.get_by_role("alert")
    expect(refused.get_by_text("Not recorded: Match: one customer")).to_be_visible()
    expect(refused.get_by_text(f"{STEWARD} has this pair until")).to_be_visible()
    stan.open("review")  # and gives back what he was led on to
    decide_fifty(stella)
    stan.open(f"pair{contested}")
    expect(stan.page.get_by_text(f"Decided by {STEWARD} on")).to_be_visible()
    stan.press("m")
    expect(stan.page.get_by_text("A decision stands on this pair.")).to_be_visible()
    for _ in range(UNDONE):
        stella.press("u")
    expect(stella.page.get_by_text(f"Pair 1 of {WAITING - len(KEYS) + UNDONE}")).to_be_visible()
    saved(stella)
    waits = stella.page.url.partition("/pair")[2]
    split_off(stella)
    stella.open("publish?system=erp")
    expect(stella.page.get_by_role("button", name="Read it and plan")).to_be_visible()
    expect(stella.page.get_by_role("button", name=re.compile("^Approve"))).to_have_count(0)
    publish(came("petra"))
    try_as_viewer(came("vic"), waits)

    done = audited(folder) - before
    rows = decisions(folder)
    assert {row["author"] for row in rows} == {STEWARD}
    made = [row for row in rows if row["deed"] is None]
    kinds = [KINDS[key] for key in KEYS]
    assert [row["kind"] for row in made] == [*kinds, *["withdrawn"] * UNDONE]
    assert len({(row["system_l"], row["key_l"], row["system_r"], row["key_r"]) for row in made}) == len(KEYS)
    assert [row["kind"] for row in made if row["stands"] and row["kind"] != "withdrawn"] == kinds[:-UNDONE]
    assert outbox(folder) == {"confirmed": TOLD}
    with closing(open_desk(folder, {"USER": "tester"})) as opened:
        assert not opened.pair(project.left(SPLIT), project.right(SPLIT)).already_one
    assert done == {
        (STEWARD, "decide"): len(KEYS),
        (STEWARD, "withdraw"): UNDONE,
        (STEWARD, "split"): 1,
        (APPROVER, "approve"): 1,
        (APPROVER, "publish"): 1,
    }
