"""axe finds nothing against WCAG 2.2 level AA, in light and dark."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.ui import project

pytestmark = pytest.mark.browser

VERSION = "4"
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
    "bulk": "bulk",
    "no cohort": "cohort",
    "proposals": "proposals",
    "pair": f"pair?left={project.left(SOME)}&right={project.right(SOME)}",
    "problem": "customer?id=nonsense",
}


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """axe-core's script, fetched for this session only: it is under a licence of its own and no part of the project."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("There is no npm to fetch axe-core with.")
    folder = tmp_path_factory.mktemp("axe")
    fetch = [npm, "pack", f"axe-core@{VERSION}", "--prefer-offline", "--pack-destination", str(folder)]
    try:
        subprocess.run(fetch, check=True, capture_output=True, timeout=60, cwd=folder)  # noqa: S603 - npm, found above
        with tarfile.open(next(folder.glob("*.tgz"))) as package:
            script = package.extractfile("package/axe.min.js")
            assert script is not None
            return script.read().decode()
    except (OSError, subprocess.SubprocessError):
        pytest.skip("axe-core could not be fetched with npm.")


def test_no_page_has_a_violation(visitor: Visitor, axe: str) -> None:
    page = visitor.page
    found = {}
    for name, address in PAGES.items():
        visitor.open(address)
        page.evaluate(axe)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)
            found[name, scheme] = [
                (v["id"], [(n["target"], n["failureSummary"]) for n in v["nodes"]]) for v in page.evaluate(RUN, LEVELS)
            ]
    assert {name: each for name, each in found.items() if each} == {}
