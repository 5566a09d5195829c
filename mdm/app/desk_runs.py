"""The log of scans as it is shown: what each one found, how long its parts took, what it was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from mdm.report.visible import visible
from mdm.store import Run

CHURN: Final[Mapping[str, tuple[str, str]]] = {
    "created": ("new customer", "new customers"),
    "merged": ("customer merged away", "customers merged away"),
    "split": ("customer split off", "customers split off"),
    "split_up": ("customer split up", "customers split up"),
    "retired": ("customer retired", "customers retired"),
    "moved": ("record moved", "records moved"),
}
"""What a scan did to master ids, by the name it has in the log: one of it, and many."""

HASHES: Final = {"result": "result_hash", "rules": "rules_hash", "input": "input_hash"}


@dataclass(frozen=True, slots=True)
class RunLine:
    """A scan in numbers; `churn` tells what it did to master ids, as far as it did."""

    revision: int
    finished_at: str
    seconds: float
    records: int
    customers: int
    waiting: int
    set_aside: int
    churn: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StageLine:
    """A part of a scan: how long it took, and the most memory the process had had by its end."""

    name: str
    seconds: float
    peak_mb: int


@dataclass(frozen=True, slots=True)
class InputLine:
    """A file that a scan read: rows in it, records taken, records set aside."""

    system: str
    file: str
    rows: int
    loaded: int
    set_aside: int


@dataclass(frozen=True, slots=True)
class GuardLine:
    """A condition for adapting the match model to the records, what was found, and whether it was met."""

    name: str
    found: str
    passed: bool


@dataclass(frozen=True, slots=True)
class RunView:
    """A scan in full. All texts are ready to be shown as plain text."""

    line: RunLine
    stages: tuple[StageLine, ...]
    inputs: tuple[InputLine, ...]
    guards: tuple[GuardLine, ...]
    hashes: tuple[tuple[str, str], ...]
    engines: tuple[tuple[str, str], ...]


def describe_line(run: Run) -> RunLine:
    """A run of the log in numbers; what an older version did not count is 0."""
    counts, ids = run.counts, run.counts.get("ids", {})
    return RunLine(
        revision=run.revision,
        finished_at=run.finished_at,
        seconds=sum(float(seconds) for seconds in run.timings.values()),
        records=int(counts.get("records", 0)),
        customers=int(counts.get("customers", 0)),
        waiting=int(counts.get("pairs_to_review", 0)),
        set_aside=int(counts.get("set_aside", 0)),
        churn=tuple(_counted(int(ids[name]), words) for name, words in CHURN.items() if ids.get(name)),
    )


def _counted(number: int, words: tuple[str, str]) -> str:
    return f"{number:,} {words[number != 1]}"


def describe_full(run: Run) -> RunView:
    """A run of the log in full."""
    counts, model = run.counts, run.manifest.get("model", {})
    return RunView(
        line=describe_line(run),
        stages=tuple(
            StageLine(visible(s["stage"]), float(s["seconds"]), int(s["peak_mb"])) for s in counts.get("stages", ())
        ),
        inputs=tuple(_input(f) for f in counts.get("files", ())),
        guards=tuple(
            GuardLine(visible(f"{g['name']} ({g['population']})"), visible(g["found"]), bool(g["passed"]))
            for g in model.get("guards", ())
        ),
        hashes=tuple((name, str(getattr(run, field))) for name, field in HASHES.items()),
        engines=tuple((visible(n), visible(str(v))) for n, v in sorted(run.manifest.get("engines", {}).items())),
    )


def _input(file: Mapping[str, Any]) -> InputLine:
    return InputLine(
        visible(file["system"]), visible(file["file"]), file["rows_in"], file["loaded"], file["quarantined"]
    )
