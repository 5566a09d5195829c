"""What a run is given: the records of all sources by role, where they came from, and what was set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from mdm.errors import InputRefused
from mdm.publish import CURRENT
from mdm.records import MAPPED, QUARANTINE, conform, empty
from mdm.rulebook import Rulebook, SourceRules, TargetRules
from mdm.sources import FileFacts, Landed, land_many, read_columns
from mdm.standardise import map_roles

JOIN = "+"


@dataclass(frozen=True, slots=True)
class Inputs:
    """All source records as MAPPED, sorted by record key; what the targets say now (CURRENT); files and quarantine."""

    mapped: pl.DataFrame
    current: pl.DataFrame
    quarantine: pl.DataFrame
    files: tuple[tuple[str, FileFacts], ...]
    sources: tuple[SourceRules, ...]
    landed: tuple[Landed, ...]


def read_inputs(rulebook: Rulebook, project: Path, landing: Path) -> Inputs:
    """Land every source and map its columns to roles.

    Raises InputRefused when a file is refused or two sources have one name; then nothing was changed anywhere.
    """
    landed = land_many(rulebook.sources, project, landing)
    _refuse_double_systems(landed)
    by_system = {str(s.system): s for s in rulebook.sources}
    shared = [s for s in rulebook.sources if s.source_column and s.source_value is None]
    sources = tuple(by_system.get(x.system) or _of_shared(x, shared) for x in landed)
    mapped = [map_roles(read_columns(x, _columns_of(s, x)), s) for x, s in zip(landed, sources, strict=True)]
    return Inputs(
        mapped=conform(pl.concat(mapped) if mapped else empty(MAPPED), MAPPED, "mapped").sort("system", "key"),
        current=_current_values(landed, rulebook),
        quarantine=pl.concat([x.quarantine for x in landed]) if landed else empty(QUARANTINE),
        files=tuple((x.system, facts) for x in landed for facts in x.files),
        sources=sources,
        landed=landed,
    )


def _of_shared(landed: Landed, shared: Sequence[SourceRules]) -> SourceRules:
    """The rules of a system that is one value of a source column."""
    for source in shared:
        return source.model_copy(update={"system": landed.system})
    raise InputRefused(f"No rules for the system {landed.system}.", "This is a fault of the tool.")


def _refuse_double_systems(landed: Sequence[Landed]) -> None:
    seen: set[str] = set()
    for x in landed:
        if x.system in seen:
            raise InputRefused(
                f"Two files are both called system {x.system}.", "Give each its own name: --system NAME=FILE."
            )
        seen.add(x.system)


def _columns_of(source: SourceRules, landed: Landed) -> list[str]:
    """The original columns that the roles of a source need; a name with a plus sign in it counts as one column."""
    there = set(landed.columns)
    wanted: dict[str, None] = {}
    for rule in source.columns.values():
        for entry in rule.columns:
            for name in [entry] if entry in there else [part.strip() for part in entry.split(JOIN)]:
                wanted[name] = None
    return list(wanted)


def _current_values(landed: Sequence[Landed], rulebook: Rulebook) -> pl.DataFrame:
    targets = {str(t.system): t for t in rulebook.publish.targets}
    return pl.concat([empty(CURRENT), *(_current(x, targets[x.system]) for x in landed if x.system in targets)])


def _current(landed: Landed, target: TargetRules) -> pl.DataFrame:
    """What the system says now in the fields we may write, as far as its export shows them."""
    fields = [f for f in (target.crosswalk_field, *target.allow.values()) if f in landed.columns]
    if not fields:
        return empty(CURRENT)
    found = read_columns(landed, fields).drop("row_hash").rename({"system": "target"})
    return conform(
        found.unpivot(on=fields, index=["target", "key"], variable_name="field", value_name="value"),
        CURRENT,
        "current values",
    )
