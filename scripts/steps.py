"""The checks that a change must pass, as a table: what runs, and what to do when it fails."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
BIN: Final = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Step:
    """One command; the step after it is told only when it fails."""

    name: str
    command: tuple[str, ...]
    on_failure: str
    counts_tests: bool = False
    needs_chromium: bool = False


def tool(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(BIN / name), *arguments)


def pytest(marks: str, *options: str) -> tuple[str, ...]:
    return tool("python", "-m", "pytest", "-q", "--color=no", "-m", marks, *options)


LINT: Final = (
    Step("style", tool("ruff", "check", "."), "Run .venv/bin/ruff check --fix . and mend what is left."),
    Step("format", tool("ruff", "format", "--check", "."), "Run .venv/bin/ruff format ."),
    Step("types", tool("mypy", "--no-color-output"), "Mend the types; .venv/bin/mypy PATH checks one file."),
    Step("layers", tool("lint-imports", "--no-cache"), "Imports go down only: see docs/architecture.md."),
    Step("dependencies", tool("deptry", "."), "Make pyproject.toml and the imports agree, then run make lock."),
    Step("dead code", tool("vulture"), "Remove what nothing uses, or name it in pyproject.toml with its reason."),
)

TESTS: Final = (
    Step(
        "tests",
        pytest("not deep and not browser", "-n", "2", "--dist", "worksteal"),
        "Run one alone: .venv/bin/pytest PATH -k NAME",
        counts_tests=True,
    ),
    Step(
        "browser tests",
        pytest("browser and not deep"),
        "Run them alone: .venv/bin/pytest -m browser",
        counts_tests=True,
        needs_chromium=True,
    ),
)

DEEP: Final = (
    Step("deep tests", pytest("deep"), "Run one alone: .venv/bin/pytest -m deep -k NAME", counts_tests=True),
    Step(
        "quality",
        tool("python", "benchmarks/bench_quality.py"),
        "Compare with docs/benchmarks.md: a change of rules or model made matching worse.",
    ),
)

PLANS: Final = {"lint": LINT, "all": (*LINT, *TESTS), "deep": (*LINT, *TESTS, *DEEP)}
