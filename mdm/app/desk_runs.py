"""The log of scans as it is shown: what each one found, how long its parts took, what it was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from mdm.report import Missed, tell_missed
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

FATE: Final = {
    "records_before": "Records before",
    "records_after": "Records after",
    "records_in_both": "Records in both",
    "writes": "Ids to tell to systems",
}
"""What the log says of the records behind that, and what it is called."""

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
    usable: Mapping[str, float]
    """By attribute: the share of all records in which its value can serve as evidence."""


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
    sha256: str


@dataclass(frozen=True, slots=True)
class SystemGuard:
    """A source system's records now and at the scan before, and the share by which they may shrink by its rules."""

    system: str
    before: int
    now: int
    limit: float | None

    @property
    def shrunk(self) -> float:
        """The share of the records that are gone; 0 where there are as many or more."""
        return max(0.0, 1 - self.now / self.before) if self.before else 0.0


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
    systems: tuple[SystemGuard, ...]
    manifest: tuple[tuple[str, str], ...]
    engines: tuple[tuple[str, str], ...]
    churn: tuple[tuple[str, int], ...]
    missed: str


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
        usable={str(q["attribute"]): q["usable"] / q["records"] for q in counts.get("quality", ()) if q["records"]},
    )


def _counted(number: int, words: tuple[str, str]) -> str:
    return f"{number:,} {words[number != 1]}"


def describe_full(run: Run, before: Run | None, limits: Mapping[str, float]) -> RunView:
    """A run of the log in full, beside the one before; `limits` are the shares by which systems may shrink."""
    counts, model = run.counts, run.manifest.get("model", {})
    ids = counts.get("ids", {})
    facts = [("Match model", str(model.get("version", ""))), ("Hash of the model", str(model.get("sha256", "")))]
    facts += [(f"Hash of the {name}", str(getattr(run, field))) for name, field in HASHES.items()]
    return RunView(
        line=describe_line(run),
        stages=tuple(
            StageLine(visible(s["stage"]), float(s["seconds"]), int(s["peak_mb"])) for s in counts.get("stages", ())
        ),
        inputs=_inputs(run),
        guards=tuple(
            GuardLine(visible(f"{g['name']} ({g['population']})"), visible(g["found"]), bool(g["passed"]))
            for g in model.get("guards", ())
        ),
        systems=_systems(run, before, limits),
        manifest=tuple((name, visible(value)) for name, value in facts if value),
        engines=tuple((visible(n), visible(str(v))) for n, v in sorted(run.manifest.get("engines", {}).items())),
        churn=tuple(
            [(words[1].capitalize(), int(ids.get(name, 0))) for name, words in CHURN.items()]
            + [(words, int(ids.get(name, 0))) for name, words in FATE.items()]
        ),
        missed=_missed(counts.get("blocking_loss", {})),
    )


def _missed(lost: Mapping[str, Any]) -> str:
    """How many true pairs were never compared, by the estimate; empty where an older version made none."""
    return tell_missed(Missed(**lost)) if lost.get("found") else ""


def _systems(run: Run, before: Run | None, limits: Mapping[str, float]) -> tuple[SystemGuard, ...]:
    was = {s["system"]: int(s["records"]) for s in (before.counts.get("systems", ()) if before else ())}
    now = {s["system"]: int(s["records"]) for s in run.counts.get("systems", ())}
    return tuple(
        SystemGuard(visible(name), was.get(name, 0), now.get(name, 0), limits.get(name)) for name in sorted(was | now)
    )


def _inputs(run: Run) -> tuple[InputLine, ...]:
    hashes = {(f["system"], f["file"]): f["sha256"] for f in run.manifest.get("inputs", ())}
    return tuple(_input(f, hashes.get((f["system"], f["file"]), "")) for f in run.counts.get("files", ()))


def _input(file: Mapping[str, Any], sha256: str) -> InputLine:
    return InputLine(
        visible(file["system"]), visible(file["file"]), file["rows_in"], file["loaded"], file["quarantined"], sha256
    )
