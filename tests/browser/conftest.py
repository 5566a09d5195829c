"""The desk as `mdm ui` serves it, looked at with a real Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tarfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, expect, sync_playwright

from tests.ui import project

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
AXE_VERSION = "4"
STARTED_WITHIN_SECONDS = 30
PUBLISH = """version: 1
targets:
- {system: crm, connector: {type: files, folder: out/feed}}
- {system: erp, connector: {type: files, folder: out/feed}}
"""
DONE_WITHIN_MILLISECONDS = 30_000


@dataclass(frozen=True)
class Served:
    """A running desk: where it answers, the project it shows, its process, and how long it took to answer."""

    url: str
    port: int
    folder: Path
    process: subprocess.Popen[bytes]
    seconds: float


class Visitor:
    """One browser window on the desk; remembers what the page asked of other hosts and what it popped up."""

    def __init__(self, served: Served, page: Page) -> None:
        self.served = served
        self.page = page
        self.hosts: set[str] = set()
        self.dialogs: list[str] = []
        self.errors: list[str] = []
        page.set_default_timeout(DONE_WITHIN_MILLISECONDS)
        page.on("request", lambda request: self.hosts.add(request.url.split("/")[2] if "//" in request.url else ""))
        page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, address: str = "") -> None:
        self.page.goto(f"{self.served.url}/{address}")
        self.settle()

    def settle(self) -> None:
        """Wait until the desk has answered and drawn."""
        app = self.page.get_by_test_id("stApp")
        expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=DONE_WITHIN_MILLISECONDS)
        expect(self.page.get_by_text("For data stewards.")).to_be_visible()

    def press(self, key: str) -> None:
        """Press a key with the focus on no field."""
        self.page.get_by_role("heading", level=1).click()
        self.page.keyboard.press(key)

    def table(self, name: str) -> Locator:
        return self.page.get_by_role("table", name=name, exact=True)


def chromium() -> str | None:
    """The Chromium that the checks hand over, or that of the system."""
    return os.environ.get("MDM_CHROMIUM") or next((path for path in map(shutil.which, COMMANDS) if path), None)


@pytest.fixture(scope="session")
def playwright_started() -> Iterator[Playwright]:
    expect.set_options(timeout=DONE_WITHIN_MILLISECONDS)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright_started: Playwright) -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("There is no Chromium: install one, or set MDM_CHROMIUM to its path.")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    opened = playwright_started.chromium.launch(executable_path=path, args=["--no-sandbox"] if root else [])
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = project.scan_project(project.write_project(tmp_path_factory.mktemp("browser") / "shop"))
    (folder / "rules" / "publish.yaml").write_text(PUBLISH, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-c", "from mdm.cli.main import main; main()", "ui", str(folder), "--port", str(port)]
    environment = {**os.environ, "USER": "tester"}
    log = folder.parent / "log"
    started = time.monotonic()
    with (
        log.open("wb") as out,
        subprocess.Popen(command, stdout=out, stderr=out, env=environment) as process,  # noqa: S603 - our own command
    ):
        url = f"http://127.0.0.1:{port}"
        try:
            wait_until_answered(f"{url}/_stcore/health", process, log)
            yield Served(url, port, folder, process, time.monotonic() - started)
        finally:
            process.terminate()
            process.wait(timeout=STARTED_WITHIN_SECONDS)


def wait_until_answered(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTED_WITHIN_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own server
                return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"The desk did not start:\n{log.read_text()}")
            time.sleep(0.05)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1280, "height": 800})
    yield opened
    opened.close()


@pytest.fixture
def visitor(served: Served, context: BrowserContext) -> Visitor:
    return Visitor(served, context.new_page())


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """axe-core's script, fetched for this session only: it is under a licence of its own and no part of the project."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("There is no npm to fetch axe-core with.")
    folder = tmp_path_factory.mktemp("axe")
    fetch = [npm, "pack", f"axe-core@{AXE_VERSION}", "--prefer-offline", "--pack-destination", str(folder)]
    try:
        subprocess.run(fetch, check=True, capture_output=True, timeout=60, cwd=folder)  # noqa: S603 - npm, found above
        with tarfile.open(next(folder.glob("*.tgz"))) as package:
            script = package.extractfile("package/axe.min.js")
            assert script is not None
            return script.read().decode()
    except (OSError, subprocess.SubprocessError):
        pytest.skip("axe-core could not be fetched with npm.")
