"""axe finds nothing against WCAG 2.2 level AA, in light and dark."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.ui import project

pytestmark = pytest.mark.browser

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = "async (levels) => (await axe.run(document, {runOnly: levels})).violations"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SOME = project.DOUBTFUL.start
PAGES = {
    "overview": "",
    "customers": "customers",
    "customer": "customer?id=M-0000001-1",
    "review": "review",
    "runs": "runs?revision=1",
    "publish": "publish",
    "rules": "rules",
    "bulk": "bulk",
    "no cohort": "cohort",
    "proposals": "proposals",
    "pair": f"pair?left={project.left(SOME)}&right={project.right(SOME)}",
    "many records": f"pair?left={project.left(1)}&right={project.left(SOME)}",
    "searching": f"pair?left={project.left(SOME)}&right={project.right(SOME)}",
    "answered": f"pair?left={project.left(SOME)}&right={project.right(SOME)}",
    "problem": "customer?id=nonsense",
    "admin": "admin",
    "account": "account",
}
PRESSED = {"searching": "g", "answered": "s"}
"""The key that is pressed before a page is looked at."""


def test_no_page_has_a_violation(visitor: Visitor, axe: str) -> None:
    page = visitor.page
    visitor.open("publish")
    page.get_by_role("button", name="Read it and plan").click()
    visitor.table("Would be told").wait_for()
    found = {}
    for name, address in PAGES.items():
        visitor.open(address)
        if name in PRESSED:
            visitor.press(PRESSED[name])
            expect(page.get_by_text("All saved", exact=True)).to_be_visible()
        page.evaluate(axe)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)
            found[name, scheme] = [
                (v["id"], [(n["target"], n["failureSummary"]) for n in v["nodes"]]) for v in page.evaluate(RUN, LEVELS)
            ]
        if name == "answered":
            visitor.press("u")
            expect(page.get_by_text(re.compile("^Taken back"))).to_be_visible()
            expect(page.get_by_text("All saved", exact=True)).to_be_visible()
    assert {name: each for name, each in found.items() if each} == {}


def test_a_tried_change_of_the_rules_has_no_violation(visitor: Visitor, axe: str) -> None:
    page = visitor.page
    visitor.open("rules")
    area = page.get_by_label("Text of the file")
    area.fill("version: 1\nplaceholders: [Werke]\n")
    area.press("Control+Enter")
    page.get_by_text("Changed here: standardise.yaml.").wait_for()
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_role("heading", name="What would change").wait_for()
    page.evaluate(axe)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)
        assert page.evaluate(RUN, LEVELS) == []
