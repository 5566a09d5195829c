"""The command line itself: help, options, exit codes, width, and what happens when something goes wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mdm.cli import files
from mdm.errors import DecisionRefused

COMMANDS = ["dedupe", "init", "check", "scan", "export", "evaluate", "demo", "ui", "unlock"]


def too_wide(text: str, *, besides: str = "/") -> list[str]:
    """The lines of more than 80 columns; one with a path may be as long as the path."""
    return [line for line in text.splitlines() if len(line) > 80 and besides not in line]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(mdm: Any, command: str) -> None:
    ran = mdm(command, "--help")
    assert ran.code == 0
    assert f"mdm {command}" in ran.out
    assert too_wide(ran.out) == []


def test_the_help_names_every_command(mdm: Any) -> None:
    ran = mdm("--help")
    assert ran.code == 0
    assert all(f"  {command} " in ran.out for command in COMMANDS)
    assert too_wide(ran.out) == []


def test_without_a_command_the_help_is_shown(mdm: Any) -> None:
    assert "Usage: mdm" in mdm().words


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_option_is_refused(mdm: Any, tmp_path: Path, command: str) -> None:
    ran = mdm(command, tmp_path, "--no-such-option")
    assert ran.code == 2
    assert "--no-such-option" in ran.words


def test_an_unknown_command_is_refused(mdm: Any) -> None:
    ran = mdm("merge")
    assert ran.code == 2
    assert "merge" in ran.words


@pytest.mark.parametrize("words", [("--encoding", "ebcdic"), ("--encoding", "UTF8")])
def test_an_encoding_that_is_not_read_is_refused_with_those_that_are(mdm: Any, world: Any, words: Any) -> None:
    ran = mdm("dedupe", world.files["crm"], *words)
    assert ran.code == 2
    assert "utf-8" in ran.words
    assert "cp1250" in ran.words


def test_output_fits_80_columns(deduped: Any) -> None:
    assert too_wide(deduped.ran.out) == []
    assert too_wide(deduped.ran.err) == []


@pytest.mark.parametrize("words", [("scan",), ("check",), ("scan", "--full")])
def test_commands_of_a_project_fit_80_columns(
    scanned: Any, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(scanned.folder)
    ran = scanned.mdm(*words)
    assert ran.code == 0
    assert too_wide(ran.out + ran.err) == []
    assert max(map(len, ran.out.splitlines())) <= 80


def test_json_is_all_that_standard_output_holds(scanned: Any, truth: Path) -> None:
    assert set(scanned.scan()) == {
        "revision",
        "result_hash",
        "unchanged",
        "rows_written",
        "counts",
        "stages",
        "manifest",
    }
    assert scanned.mdm("evaluate", scanned.folder, "--truth", truth, "--json").json()["records"] == 40


def test_a_project_may_be_named_or_be_the_folder_one_is_in(scanned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    named = scanned.scan()
    monkeypatch.chdir(scanned.folder)
    here = scanned.mdm("scan", "--json").json()
    assert (here["rows_written"], here["result_hash"]) == (0, named["result_hash"])
    there = ["audit", "files", "mdm.sqlite", "mdm.yaml", "models", "rules"]
    assert sorted(p.name for p in scanned.folder.iterdir()) == there


def test_a_scan_beside_another_is_refused(scanned: Any) -> None:
    with scanned.store() as store, store.begin_scan("nightly", "2026-01-01T00:00:00Z"):
        ran = scanned.try_scan()
    assert ran.code == 4
    assert "nightly" in ran.words


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (RuntimeError("a row with Müller in it"), 1, "An unexpected fault: RuntimeError. Run it again with MDM_DEBUG"),
        (PermissionError(13, "Permission denied", "crm.csv"), 2, "crm.csv: Permission denied."),
        (OSError(28, "No space left on device"), 2, "No space left on device."),
        (DecisionRefused("Wrong is [bold]this[/].", "Do that."), 5, "✗ Wrong is [bold]this[/]. Do that."),
    ],
)
def test_whatever_happens_is_told_in_words(mdm: Any, failing: Any, error: Exception, code: int, said: str) -> None:
    failing(error)
    ran = mdm("dedupe", "crm.csv")
    assert ran.code == code
    assert said in ran.words
    assert "Müller" not in ran.words


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """Let the next look at files fail with an error."""

    def let(error: Exception) -> None:
        def fail(*_: object) -> None:
            raise error

        monkeypatch.setattr(files, "detect_files", fail)

    return let


def test_a_terminal_without_our_signs_gets_escapes(world: Any, tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("mdm")
    command = [program, "dedupe", world.files["crm"].rename(world.folder / "客户.csv"), "--out", tmp_path / "out"]
    env = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, capture_output=True, env=env, check=False)  # noqa: S603 - our own command
    assert done.returncode == 0, done.stderr
    assert b"\\u5ba2" in done.stdout
    assert done.stdout.isascii()


def test_stopping_a_run_says_that_nothing_was_half_done(world: Any, tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("mdm")
    rows = world.rows["crm"] * 1
    world.rows["crm"] = [{**row, "Id": f"{row['Id']}-{n}"} for n in range(10) for row in rows]
    world.write()
    command = [program, "dedupe", *world.arguments, "--out", tmp_path / "out"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:  # noqa: S603 - our own command
        assert process.stdout is not None
        process.stdout.readline()  # it works by now
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Stopped." in err
    assert b"Traceback" not in err
    assert not (tmp_path / "out").exists()
