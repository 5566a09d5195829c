"""The README tells the truth: every command in it exists, and every file it names is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer

from mdm.cli.main import app

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
TARGET = re.compile(r"^([a-z-]+):.*## ", re.MULTILINE)


def commands(program: str) -> list[list[str]]:
    """The words of each fenced line that begins with that program."""
    if not README.is_file():
        pytest.skip("there is no README.md yet")
    lines = [line for block in FENCE.findall(README.read_text(encoding="utf-8")) for line in joined(block)]
    plain = [line.strip().removeprefix("$ ").removeprefix(".venv/bin/") for line in lines]
    return [shlex.split(line, comments=True) for line in plain if re.match(rf"{program}(\s|$)", line)]


def joined(block: str) -> list[str]:
    """Lines of a block, those that end in a backslash joined with the next."""
    return block.replace("\\\n", " ").splitlines()


def test_the_readme_shows_commands() -> None:
    assert commands("make") or commands("mdm")


def test_every_make_target_of_the_readme_exists() -> None:
    targets = set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    named = {word for words in commands("make") for word in words[1:] if "=" not in word and not word.startswith("-")}
    assert named <= targets


def test_every_command_and_option_of_the_readme_exists() -> None:
    known = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # it is a group
    for words in commands("mdm"):
        if len(words) == 1 or words[1] == "--help":
            continue
        assert words[1] in known, " ".join(words)
        command = known[words[1]]
        if hasattr(command, "commands"):
            assert words[2] in command.commands, " ".join(words)
            command = command.commands[words[2]]
        options = {name for parameter in command.params for name in parameter.opts} | {"--help"}
        given = {word.split("=", 1)[0] for word in words[2:] if re.match(r"--?[a-z]", word)}
        assert given <= options, " ".join(words)


def test_every_file_the_readme_links_to_is_there() -> None:
    if not README.is_file():
        pytest.skip("there is no README.md yet")
    links = re.findall(r"\]\(([^)#\s]+)", README.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (ROOT / link).exists()]
    assert missing == []
