"""What happened to master ids, in words, and in which scan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mdm.report.visible import visible
from mdm.store import Run


def run_of(revision: int, runs: Sequence[Run]) -> Run | None:
    """The scan that wrote rows of that revision: the first that became visible at it or, after decisions, behind it."""
    return min((run for run in runs if run.revision >= revision), key=lambda run: run.revision, default=None)


def tell_event(row: Mapping[str, str], mine: str) -> str:
    """A row of LINEAGE as a sentence on the page of the id `mine`."""
    source, target = row["from_id"], row["to_id"]
    if row["kind"] == "move":
        way = f"came here from {source}" if target == mine else f"went to {target}"
        return f"Record {row['system']} {visible(row['key'])} {way}."
    told = {
        "merge": f"{source} was merged into {target}.",
        "split": f"{target} was split off from {source}.",
        "split_up": f"{source} was split up; most of its records went to {target}.",
        "redirect": f"{source} now leads to {target}.",
        "revive": f"{target} is in use again.",
        "retire": f"{source} was retired: its last record is gone.",
    }
    return told.get(row["kind"], row["kind"])
