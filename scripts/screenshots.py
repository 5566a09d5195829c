"""Take the pictures of the desk in docs/images anew, from the demo: `.venv/bin/python scripts/screenshots.py`."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from chromium import chromium
from playwright.sync_api import Page, expect, sync_playwright

ROOT: Final = Path(__file__).resolve().parents[1]
IMAGES: Final = ROOT / "docs" / "images"
MDM: Final = (sys.executable, "-c", "from mdm.cli import main; main()")
SECONDS: Final = 60
LARGEST: Final = 200_000
"""Bytes a picture may have: a README is opened on telephones too."""


def main() -> int:
    path = chromium(print)
    if path is None:
        sys.stderr.write("There is no Chromium and none could be installed.\n")
        return 2
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        demo = Path(scratch) / "demo"
        subprocess.run([*MDM, "demo", "--out", str(demo)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        with served(demo) as url, sync_playwright() as playwright:
            root = hasattr(os, "geteuid") and os.geteuid() == 0
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if root else [])
            page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light")
            page.set_default_timeout(SECONDS * 1000)
            pictures = [customer(page, url), review(page, url)]
            browser.close()
    for picture in pictures:
        sys.stdout.write(f"{picture.relative_to(ROOT)}  {picture.stat().st_size:,} bytes\n")
    return 0 if all(picture.stat().st_size < LARGEST for picture in pictures) else 1


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The desk on a free port, until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen(
        [*MDM, "ui", str(folder), "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "USER": "steward"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            wait(url, process)
            yield url
        finally:
            process.terminate()


def wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=5).close()  # noqa: S310 - our own server
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("The desk did not start; try: mdm ui demo") from None
            time.sleep(0.1)
        else:
            return


def settle(page: Page) -> None:
    """Wait until the desk has answered and drawn, fonts too."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=30_000)
    page.get_by_text("For data stewards.").wait_for(state="attached")
    page.evaluate("document.fonts.ready")


def customer(page: Page, url: str) -> Path:
    """A customer that several systems know, with its golden record and where each value comes from."""
    page.goto(f"{url}/customers?order=Most+records")
    settle(page)
    page.get_by_role("table", name="Customers").get_by_role("link").first.click()
    page.get_by_role("heading", name="Golden record").wait_for()
    settle(page)
    return picture(page, "desk-customers.png")


def review(page: Page, url: str) -> Path:
    """The strongest pair of the queue."""
    page.goto(f"{url}/review")
    settle(page)
    page.get_by_role("link", name="Open pair 1:").click()
    page.get_by_text("Pair 1 of").wait_for()
    settle(page)
    return picture(page, "desk-review.png")


def picture(page: Page, name: str) -> Path:
    path = IMAGES / name
    page.screenshot(path=path, animations="disabled")
    return path


if __name__ == "__main__":
    sys.exit(main())
