"""Sources that are read from running systems: where their last read lies, how it is renewed, what a check tells."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mdm.connect import EXTRACT, Extract, find_drift, known_columns, open_source, refresh
from mdm.rulebook import ProjectRules, Rulebook, SourceRules


def with_extracts(rulebook: Rulebook, places: ProjectRules) -> Rulebook:
    """The rules, every connected source with the file of its last read as its path: from there on it is a file."""
    placed = tuple(
        s if s.connector is None else s.model_copy(update={"path": f"{places.landing}/{s.system}/{EXTRACT}"})
        for s in rulebook.sources
    )
    return rulebook.model_copy(update={"sources": placed})


def refresh_sources(rulebook: Rulebook, folder: Path, now: str, env: Mapping[str, str]) -> dict[str, Extract]:
    """Read every connected system, one after the other; returns what each read brought.

    Raises the first refusal: a scan without one of its systems would take its customers for deleted.
    """
    return {
        str(source.system): refresh(open_source(source, env), source, (folder / source.path).parent, now)
        for source in rulebook.sources
        if source.connector is not None
    }


def check_connected(source: SourceRules, folder: Path, env: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """What the live metadata of a connected source says: lines to show, and what does not fit."""
    described = open_source(source, env).describe()
    drift = find_drift(source, described, known_columns((folder / source.path).parent))
    lines = [f"{source.system}: {described.system}, {len(described.columns)} columns, {len(source.columns)} roles"]
    lines += [f"  new since the last read, not mapped: {', '.join(drift.new)}"] if drift.new else []
    lines += [f"  {note}" for note in described.notes]
    lines += [f"  gone since the last read, not mapped: {', '.join(drift.gone)}"] if drift.gone else []
    faults = [f"{source.system}: {described.system} has no {', '.join(drift.missing)}"] if drift.missing else []
    faults += [f"{source.system}: {name} was {then} and is {now}" for name, then, now in drift.retyped]
    return lines, faults
