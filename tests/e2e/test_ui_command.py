"""`mdm ui`: which project it opens, what it says, how it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

STARTED_WITHIN_SECONDS = 60


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_a_port_in_use_is_told_before_anything_else(scanned: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        ran = scanned.mdm("ui", scanned.folder, "--port", str(number))
    assert ran.code == 2
    assert f"Port {number} is in use." in ran.words
    assert "listens on" not in ran.words


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::"])  # noqa: S104 - refused
def test_without_sign_in_the_desk_listens_to_nobody_else(scanned: Any, host: str) -> None:
    ran = scanned.mdm("ui", scanned.folder, "--host", host)
    assert ran.code == 2
    assert f"Without sign-in the desk listens on 127.0.0.1 only, not on {host}." in ran.words
    assert "docs/sign-in.md" in ran.words


def test_without_a_project_here_and_without_a_demo_the_way_is_told(
    mdm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = mdm("ui")
    assert ran.code == 2
    assert "Run: mdm ui DIR, or make demo" in ran.words


def test_the_desk_of_the_project_one_is_in_opens_and_ends_well_on_ctrl_c(scanned: Any, port: int) -> None:
    program = Path(sys.executable).with_name("mdm")
    with subprocess.Popen(  # noqa: S603 - our own command
        [program, "ui", "--port", str(port)],
        cwd=scanned.folder,
        env=os.environ | {"COLUMNS": "80"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        _wait_until_healthy(port, process)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=STARTED_WITHIN_SECONDS)[0]
    assert process.returncode == 0, said
    where = f"http://127.0.0.1:{port}"
    assert said.split() == [
        *f"The desk of {scanned.folder.name} listens on 127.0.0.1 only, without sign-in: {where}".split(),
        *("Stop", "it", "with", "Ctrl+C.", "Stopped."),
    ]


def _wait_until_healthy(port: int, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + STARTED_WITHIN_SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5):
                return
        except OSError:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
