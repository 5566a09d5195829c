"""A Chromium for the browser tests: the system's, else Debian's package, else Playwright's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

COMMANDS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS: Final = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
PLAYWRIGHTS: Final = (
    "from playwright.sync_api import sync_playwright as start\nwith start() as p: print(p.chromium.executable_path)"
)


def chromium(say: Callable[[str], None]) -> str | None:
    """The path of a Chromium that starts, installed when need be; None when there is no way to one."""
    found = of_the_system() or of_playwright()
    if found:
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("Installing a Chromium from the system's packages.")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        _succeeds(["apt-get", "update", "-qq"], quiet)
        _succeeds(["apt-get", "install", "-qq", "-y", "--no-install-recommends", "chromium", "fonts-liberation"], quiet)
    if not of_the_system():
        say("Installing Playwright's Chromium.")
        _succeeds([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))
    return of_the_system() or of_playwright()


def of_the_system() -> str | None:
    paths = [path for path in map(shutil.which, COMMANDS) if path] + [p for p in APPLICATIONS if Path(p).exists()]
    return next((path for path in paths if _succeeds([path, "--version"], dict(os.environ))), None)


def of_playwright() -> str | None:
    asked = subprocess.run([sys.executable, "-c", PLAYWRIGHTS], capture_output=True, text=True, check=False)
    path = asked.stdout.strip()
    return path if path and Path(path).exists() and _succeeds([path, "--version"], dict(os.environ)) else None


def _succeeds(command: list[str], environment: dict[str, str]) -> bool:
    try:
        ended = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=600, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ended.returncode == 0
