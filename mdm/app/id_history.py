"""What happened to master ids, in words, and when: in which scan, or by which deed of a steward."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from mdm.report.visible import visible
from mdm.store import Run


def moment_of(revision: int, runs: Sequence[Run], deeds: pl.DataFrame) -> tuple[str, int]:
    """When rows of that revision became visible, and with which revision; nothing where neither scan nor deed tells."""
    mine = deeds.filter(pl.col("rev") == revision)
    if mine.height:
        return str(mine["at"][0]), revision
    run = _run_of(revision, runs)
    return (run.finished_at, run.revision) if run else ("", 0)


def _run_of(revision: int, runs: Sequence[Run]) -> Run | None:
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


def tell_deed(row: Mapping[str, str]) -> str:
    """A row of DEEDS as a sentence."""
    one, other = row["master_id"], row["other_id"]
    return {
        "merge": f"{other} was merged into {one}.",
        "unmerge": f"{other} was taken out of {one} again.",
        "split": f"{other} was split off {one}.",
        "move": f"A record went from {one} to {other}.",
    }[row["kind"]]
