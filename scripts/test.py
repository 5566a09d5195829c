"""Run the checks one after the other, say how each went, and close with one line that tells all."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from chromium import chromium
from rich.console import Console
from steps import PLANS, ROOT, Step

TAIL: Final = 60
"""Lines of a failed step that are shown."""

PERCENT: Final = re.compile(r"\[ *(\d+)%\]")
PASSED: Final = re.compile(r"(\d+) passed")
NO_CHROMIUM: Final = "There is no Chromium and none could be installed; install one, such as Debian's chromium."


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a step ended."""

    step: Step
    passed: bool
    seconds: float
    output: str

    @property
    def tests(self) -> int:
        """How many tests passed, as pytest's closing line says."""
        found = PASSED.findall(self.output) if self.step.counts_tests else []
        return int(found[-1]) if found else 0


def main(arguments: list[str]) -> int:
    plan = PLANS.get(arguments[0] if arguments else "all")
    if plan is None:
        sys.stderr.write(f"There is no plan {arguments[0]}; there are {', '.join(PLANS)}.\n")
        return 2
    console = Console(highlight=False, soft_wrap=True)
    started = time.monotonic()
    outcomes = []
    try:
        for step in plan:
            outcomes.append(run(console, step))
            tell(console, outcomes[-1])
    except KeyboardInterrupt:
        console.print("Stopped.")
        return 130
    return close(console, outcomes, time.monotonic() - started)


def run(console: Console, step: Step) -> Outcome:
    """Run one step with the settings of no deployment, and with a Chromium where it needs one."""
    started = time.monotonic()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MDM_")}
    with console.status(step.name) as status:
        if step.needs_chromium:
            path = chromium(console.print)
            if path is None:
                return Outcome(step, passed=False, seconds=time.monotonic() - started, output=NO_CHROMIUM)
            environment["MDM_CHROMIUM"] = path
        code, output = listen(step, environment, progress_of(console, step, status.update))
    return Outcome(step, passed=code == 0, seconds=time.monotonic() - started, output=output)


def listen(step: Step, environment: dict[str, str], see: Callable[[str], None]) -> tuple[int, str]:
    """The exit code and all output of a step, each line of which is also looked at as it comes."""
    lines = []
    with subprocess.Popen(
        step.command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            lines.append(line)
            see(line)
    return process.returncode, "".join(lines)


def progress_of(console: Console, step: Step, update: Callable[[str], None]) -> Callable[[str], None]:
    """Shows how far a step is: in place on a terminal, else a line for each quarter."""
    told = 0

    def see(line: str) -> None:
        nonlocal told
        found = PERCENT.search(line)
        if not found:
            return
        percent = int(found[1])
        if console.is_terminal:
            update(f"{step.name} {percent} %")
        elif percent // 25 > told:
            told = percent // 25
            console.print(f"  {step.name}: {percent} %")

    return see


def tell(console: Console, outcome: Outcome) -> None:
    """A line for a step, with pytest's closing line and what was skipped; of a failure its end, and what next."""
    mark = "[green]passed[/]" if outcome.passed else "[red]failed[/]"
    console.print(f"{mark}  {outcome.step.name} ({span(outcome.seconds)})")
    lines = outcome.output.rstrip().splitlines()
    if not outcome.passed:
        console.print("\n".join(lines[-TAIL:]), markup=False)
        console.print(f"[bold]Next:[/] {outcome.step.on_failure}")
    elif outcome.step.counts_tests and lines:
        shown = [line for line in lines if line.startswith("SKIPPED")] + lines[-1:]
        console.print("\n".join(shown), markup=False)


def close(console: Console, outcomes: list[Outcome], seconds: float) -> int:
    failed = [outcome.step.name for outcome in outcomes if not outcome.passed]
    tests = sum(outcome.tests for outcome in outcomes)
    if failed:
        console.print(f"[red]{len(failed)} of {len(outcomes)} checks failed: {', '.join(failed)}[/] ({span(seconds)})")
        return 1
    counted = f"{tests} tests, " if tests else ""
    console.print(f"[green]All checks passed:[/] {counted}{span(seconds)}")
    return 0


def span(seconds: float) -> str:
    """A time as a person says it: `0.4 s`, `12 s`, `4 min 31 s`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
