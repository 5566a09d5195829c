"""A steward at work: look up a customer, walk through the queue, decide by key, take it back."""

from __future__ import annotations

import re
import time
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Served, Visitor
from tests.ui import project

pytestmark = pytest.mark.browser

OPENED_WITHIN_SECONDS = 10
SOME = project.DOUBTFUL.start + 2


def test_the_desk_opens_in_ten_seconds(served: Served, visitor: Visitor) -> None:
    started = time.monotonic()
    visitor.open("customers")
    expect(visitor.table("Customers").get_by_role("link").first).to_be_visible()
    assert served.seconds + time.monotonic() - started < OPENED_WITHIN_SECONDS


def test_a_customer_is_searched_opened_and_left_again(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("customers")
    page.get_by_label("Search").fill("bralagon")
    page.get_by_label("Search").press("Enter")
    expect(page.get_by_text("1 customer", exact=True)).to_be_visible()
    page.get_by_role("link", name="Bralagon Werke GmbH").click()
    expect(page.get_by_role("heading", name="Bralagon Werke GmbH", level=1)).to_be_visible()
    golden = visitor.table("Golden record and its origin")
    expect(golden.get_by_role("row", name=re.compile("^street Bralweg 1 crm C000 street"))).to_be_visible()
    links = visitor.table("Links that hold the records together, strongest first")
    expect(links.get_by_role("cell", name=re.compile("name: the same"))).to_be_visible()
    expect(visitor.table("Weights of the comparisons").get_by_role("row", name=re.compile("^total"))).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Search")).to_have_value("bralagon")
    expect(page.get_by_role("link", name="Bralagon Werke GmbH")).to_be_visible()


def test_a_link_opens_with_the_keyboard_alone(visitor: Visitor) -> None:
    visitor.open("customers?search=bralagon")
    visitor.page.get_by_role("link", name="Bralagon Werke GmbH").focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.get_by_role("heading", name="Bralagon Werke GmbH", level=1)).to_be_visible()


def test_a_customer_can_be_opened_in_a_window_of_its_own(visitor: Visitor, context: BrowserContext) -> None:
    visitor.open("customers?search=bralagon")
    with context.expect_page() as opened:
        visitor.page.get_by_role("link", name="Bralagon Werke GmbH").click(modifiers=["Control"])
    expect(opened.value.get_by_role("heading", name="Bralagon Werke GmbH", level=1)).to_be_visible()


def test_keys_turn_the_pages_of_a_list_and_the_address_keeps_the_place(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("customers")
    links = visitor.table("Customers").get_by_role("link")
    expect(links).to_have_count(50)
    first = links.first.inner_text()
    visitor.press("j")
    expect(links).to_have_count(project.FIRMS + len(project.DOUBTFUL) - 50)
    behind = links.first.inner_text()
    page.reload()
    expect(links.first).to_have_text(behind)
    visitor.press("k")
    expect(links.first).to_have_text(first)


def test_differences_are_underlined_and_not_only_coloured(visitor: Visitor) -> None:
    visitor.open(f"pair?left={project.left(SOME)}&right={project.right(SOME)}")
    marked = visitor.table("The two records as delivered").locator("mark").first
    expect(marked).to_have_css("text-decoration-line", "underline")
    expect(visitor.table("The two records as delivered").get_by_role("cell", name="differs").first).to_be_visible()


def test_hostile_names_are_shown_as_text_and_do_nothing(visitor: Visitor) -> None:
    page = visitor.page
    for n, name in enumerate(project.HOSTILE, start=project.DOUBTFUL.start):
        shown = name.replace("\u202e", "⟨U+202E⟩")
        visitor.open(f"pair?left={project.left(n)}&right={project.right(n)}")
        expect(visitor.table("The two records as delivered").get_by_text(shown, exact=True)).to_have_count(2)
        page.get_by_role("link", name=re.compile("^M-")).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(shown)
        visitor.settle()
        assert page.locator("img, script[src^=x], a[href^=javascript], strong:has-text('fett')").count() == 0
        widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert widths[0] <= widths[1]
    visitor.open("customers?order=Customer id")
    expect(visitor.table("Customers").get_by_role("link", name=project.HOSTILE[0], exact=True)).not_to_have_count(0)
    assert visitor.dialogs == []
    assert visitor.errors == []
    assert visitor.hosts <= {f"127.0.0.1:{visitor.served.port}", ""}


def test_hostile_addresses_are_told_in_words(visitor: Visitor) -> None:
    for address in (
        "customer?id=<img src=x onerror=alert(1)>",
        "pair?left=crm:<b>&right=erp:[x](javascript:alert(1))",
        "customers?search=<script>nothing()</script>&after=[[[",
        "review?find=**nobody**",
    ):
        visitor.open(address)
        expect(visitor.page.locator("[role=alert], [role=status]").first).to_be_visible()
    assert visitor.dialogs == []
    assert visitor.errors == []


def test_the_desk_listens_on_this_computer_only(served: Served) -> None:
    tables = [path for path in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")) if path.exists()]
    if not tables:
        pytest.skip("This system does not list its sockets in /proc/net.")
    lines = [line.split() for path in tables for line in path.read_text().splitlines()[1:]]
    listening = [local for _, local, _, state, *_ in lines if state == "0A" and local.endswith(f":{served.port:04X}")]
    assert listening == [f"0100007F:{served.port:04X}"]


def test_no_other_page_may_frame_the_desk(served: Served) -> None:
    with urlopen(served.url) as answer:  # noqa: S310 - our own server
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_a_click_on_a_system_shows_what_it_is_told(visitor: Visitor) -> None:
    visitor.open("publish")
    visitor.page.get_by_role("link", name="Show what erp is told").click()
    expect(visitor.page.get_by_role("heading", name="Tell erp")).to_be_visible()
    visitor.page.get_by_role("button", name="Read it and plan").click()
    expect(visitor.table("Would be told").get_by_role("row")).to_have_count(17)
