"""Several people at one desk: they sign in through a real provider, and each does what the role allows and no more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, WebSocket, expect

from mdm.app.desk import Actor, Said, open_desk
from mdm.errors import NotAllowed
from mdm.store import open_store
from tests.browser.conftest import Visitor
from tests.browser.provider import Secured, secured, sign_in
from tests.browser.test_accessibility import LEVELS, RUN, SCHEMES
from tests.ui import people, project

pytestmark = pytest.mark.browser

PAIR = f"pair?left={people.left(3)}&right={people.left(4)}"
ADDRESSES = ("", "customers", "customers?search=kanarie.1", "review", "runs?revision=1", PAIR, "account", "admin")

Came = Callable[[], Visitor]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    folder = project.scan_project(people.write_people(tmp_path_factory.mktemp("secured") / "shop"))
    with secured(folder) as running:
        yield running


@pytest.fixture
def somebody(desk: Secured, browser: Browser) -> Iterator[Came]:
    """People, each with a browser of their own."""
    opened: list[BrowserContext] = []

    def come() -> Visitor:
        opened.append(browser.new_context(viewport={"width": 1280, "height": 800}))
        return Visitor(desk.served, opened[-1].new_page())

    yield come
    for context in opened:
        context.close()


@pytest.fixture
def came(somebody: Came) -> Callable[[str], Visitor]:
    def signed_in(sub: str) -> Visitor:
        visitor = somebody()
        visitor.open()
        sign_in(visitor, sub)
        return visitor

    return signed_in


def decided(folder: Path) -> list[tuple[str, str]]:
    with open_store(f"sqlite:///{folder / 'mdm.sqlite'}") as store:
        found = store.decisions()
    return [(row["author"], row["kind"]) for row in found.iter_rows(named=True)]


def test_nothing_of_the_project_is_shown_before_signing_in(somebody: Came) -> None:
    visitor = somebody()
    for address in ADDRESSES:
        visitor.open(address)
        expect(visitor.page.get_by_role("heading", name="Sign in", level=1)).to_be_visible()
        assert not re.search("Wolkenstein|Finkenau|club|M-0000001", visitor.page.content())


def test_a_steward_signs_in_and_decides_and_a_viewer_cannot(desk: Secured, came: Callable[[str], Visitor]) -> None:
    folder = desk.served.folder
    viewer = came("vic")
    viewer.open(PAIR)
    expect(viewer.page.get_by_text("a steward decides it")).to_be_visible()
    expect(viewer.page.get_by_role("button", name=re.compile("Match|Not a match|Unsure|Undo"))).to_have_count(0)
    for key in "mns":
        viewer.press(key)
        viewer.settle()
    assert decided(folder) == []
    steward = came("stella")
    expect(steward.page.get_by_text("Signed in as stella@example.org, steward.")).to_be_visible()
    steward.open(PAIR)
    steward.press("n")
    expect(steward.page.get_by_role("status").get_by_text("Recorded: Not a match")).to_be_visible()
    for _ in range(200):  # the review goes on before the desk has the answer
        if decided(folder):
            break
        steward.page.wait_for_timeout(100)
    assert decided(folder) == [("stella@example.org", "do_not_match")]
    viewer.open(PAIR)
    expect(viewer.page.get_by_text("Decided by stella@example.org")).to_be_visible()
    expect(viewer.page.get_by_role("button", name=re.compile("Undo"))).to_have_count(0)


def test_a_viewer_cannot_decide_by_a_call_with_the_open_session(desk: Secured, came: Callable[[str], Visitor]) -> None:
    came("vic")
    folder = desk.served.folder
    with open_store(f"sqlite:///{folder / 'mdm.sqlite'}") as store:
        mine = next(s for s in store.access.open_sessions("") if s.name == "vic@example.org")
    before = decided(folder)
    opened = open_desk(folder, {**SIGNS_IN})
    for claimed in ("viewer", "steward", "admin"):
        caller = opened.called_by(Actor("ada@example.org", claimed, mine.id))
        with pytest.raises(NotAllowed, match="is viewer and may not"):
            caller.decide("match", people.left(3), people.left(5), Said("", "2026-02-01T09:00:00+00:00", ""))
        with pytest.raises(NotAllowed, match="is viewer and may not"):
            caller.admin.give("vic@example.org", "admin")
    opened.close()
    assert decided(folder) == before


SIGNS_IN = {
    "MDM_SIGN_IN_URL": "http://localhost",
    "MDM_SIGN_IN_PROVIDER": "http://localhost",
    "MDM_SIGN_IN_CLIENT_ID": "mdm",
    "MDM_SIGN_IN_CLIENT_SECRET": "env:SECRET",
    "MDM_SIGN_IN_COOKIE_SECRET": "env:SECRET",
    "SECRET": "a secret of these tests, and of nothing else",
}


def test_signing_out_kills_a_copied_cookie_and_an_open_window(
    desk: Secured, browser: Browser, came: Callable[[str], Visitor]
) -> None:
    mine = came("stella")
    copy = browser.new_context()
    copy.add_cookies(mine.page.context.cookies(desk.served.url))  # type: ignore[arg-type]  # playwright's two kinds of cookie
    thief = Visitor(desk.served, copy.new_page())
    thief.open("customers")
    expect(thief.page.get_by_role("link", name="Leopold Finkenau")).to_be_visible()
    mine.page.get_by_role("link", name="Account", exact=True).click()
    mine.page.get_by_role("button", name="Sign out").click()
    expect(mine.page.get_by_text("session", exact=False).first).to_be_visible()
    thief.page.get_by_label("Search").fill("quellberg")
    thief.page.get_by_label("Search").press("Enter")
    expect(thief.page.get_by_text("You have signed out.")).to_be_visible()
    thief.open("customers")
    expect(thief.page.get_by_text("You have signed out.")).to_be_visible()
    assert "Finkenau" not in thief.page.content()
    copy.close()


def test_whoever_has_no_role_is_told_what_to_do_and_is_let_in_once_an_admin_gave_one(
    came: Callable[[str], Visitor],
) -> None:
    nora = came("nora")
    expect(nora.page.get_by_role("heading", name="You have no role here yet")).to_be_visible()
    nora.open("customers")
    assert "Finkenau" not in nora.page.content()
    ada = came("ada")
    ada.page.get_by_role("link", name="Admin", exact=True).click()
    ada.page.get_by_label("User", exact=True).fill("Nora@example.org")
    ada.page.get_by_role("button", name="Give this role").click()
    expect(ada.page.get_by_text("nora@example.org is viewer now.")).to_be_visible()
    audit = ada.table("Audit, latest first")
    expect(audit.get_by_role("row", name=re.compile("ada@example.org made a user viewer user nora"))).to_be_visible()
    nora.open("customers")
    expect(nora.page.get_by_role("link", name="Leopold Finkenau")).to_be_visible()
    ada.page.get_by_label("Take the role of").click()
    ada.page.get_by_role("option", name="nora@example.org").click()
    ada.page.get_by_role("button", name="Take it").click()
    expect(ada.page.get_by_text("nora@example.org has no role any more.")).to_be_visible()
    nora.open("customers")
    expect(nora.page.get_by_role("heading", name="You have no role here yet")).to_be_visible()


def test_an_address_that_the_provider_did_not_verify_is_not_let_in(somebody: Came) -> None:
    visitor = somebody()
    visitor.open("admin")
    sign_in(visitor, "mallory")
    expect(visitor.page.get_by_text("The provider did not verify the address ada@example.org.")).to_be_visible()
    assert "Users and roles" not in visitor.page.content()


def test_the_page_of_the_admin_is_for_admins_alone(came: Callable[[str], Visitor]) -> None:
    steward = came("stella")
    expect(steward.page.get_by_role("link", name="Admin", exact=True)).to_have_count(0)
    steward.open("admin")
    expect(steward.page.get_by_text("stella@example.org is steward and may not")).to_be_visible()
    assert "vic@example.org" not in steward.page.content()


def test_no_byte_that_a_viewer_receives_holds_a_private_value(desk: Secured, came: Callable[[str], Visitor]) -> None:
    def received(sub: str) -> str:
        visitor = came(sub)
        got: list[str] = []

        def keep(data: str | bytes) -> None:
            got.append(data if isinstance(data, str) else data.decode("utf-8", "replace"))

        def listen(socket: WebSocket) -> None:
            socket.on("framereceived", keep)

        visitor.page.on("websocket", listen)
        for address in (*ADDRESSES, *(f"customer?id={master_id}" for master_id in ids(desk.served.folder))):
            visitor.open(address)
            if not address.endswith("kanarie.1"):  # what was typed comes back to whoever typed it
                got.append(visitor.page.content())
        return "".join(got)

    private = [canary for canary in people.canaries() if canary != "kanarie.1"]
    seen = received("stella")
    assert {people.person(n)["iban"] for n in people.PEOPLE} <= {canary for canary in private if canary in seen}
    masked = received("vic")
    assert "Finkenau" in masked
    assert [canary for canary in private if canary in masked] == []


def ids(folder: Path) -> list[str]:
    with open_store(f"sqlite:///{folder / 'mdm.sqlite'}") as store:
        return sorted(set(store.read_crosswalk()["master_id"]))


def test_no_page_of_signing_in_has_a_violation(
    desk: Secured,
    somebody: Came,
    came: Callable[[str], Visitor],
    axe: str,
) -> None:
    ada, vic, nora, nobody = came("ada"), came("vic"), came("nora"), somebody()
    looks = [(ada, "admin"), (ada, "account"), (vic, "admin"), (vic, PAIR), (nora, ""), (nobody, "")]
    found = {}
    for visitor, address in looks:
        visitor.open(address)
        visitor.page.evaluate(axe)
        for scheme in SCHEMES:
            visitor.page.emulate_media(color_scheme=scheme)
            expect(visitor.page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)
            violations = visitor.page.evaluate(RUN, LEVELS)
            found[address, scheme] = [(v["id"], [n["target"] for n in v["nodes"]]) for v in violations]
    assert {name: each for name, each in found.items() if each} == {}
    assert desk.served.process.poll() is None
