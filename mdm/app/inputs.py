"""What a run is given: the records of all sources by role, where they came from, and what was set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from mdm.app.followed import MERGED, follow
from mdm.errors import InputRefused
from mdm.publish import CURRENT
from mdm.records import MAPPED, QUARANTINE, SystemName, conform, empty
from mdm.rulebook import Rulebook, SourceRules, TargetRules
from mdm.sources import FileFacts, Landed, land_many, named_columns, read_columns
from mdm.standardise import map_roles


@dataclass(frozen=True, slots=True)
class Inputs:
    """All source records as MAPPED, sorted by record key; what the targets say now (CURRENT); files and quarantine.

    `merged` (MERGED) are those that their system merged into another one: they are told nothing more. `held` counts the
    records whose stored version stays because what came was older.
    """

    mapped: pl.DataFrame
    current: pl.DataFrame
    quarantine: pl.DataFrame
    files: tuple[tuple[str, FileFacts], ...]
    sources: tuple[SourceRules, ...]
    landed: tuple[Landed, ...]
    merged: pl.DataFrame = field(default_factory=lambda: empty(MERGED))
    held: int = 0


def read_inputs(rulebook: Rulebook, project: Path, landing: Path) -> Inputs:
    """Land every source and map its columns to roles.

    Raises InputRefused when a file is refused or two sources have one name; then nothing was changed anywhere.
    """
    _refuse_double_systems([str(s.system) for s in rulebook.sources])
    landed = land_many(rulebook.sources, project, landing)
    _refuse_double_systems([x.system for x in landed])
    sources = tuple(_rules_of(x, rulebook.sources) for x in landed)
    mapped = [map_roles(read_columns(x, _columns_of(s, x)), s) for x, s in zip(landed, sources, strict=True)]
    followed = [follow(m, x, s) for m, x, s in zip(mapped, landed, sources, strict=True)]
    records = [f.mapped for f in followed]
    return Inputs(
        mapped=conform(pl.concat([empty(MAPPED), *records]), MAPPED, "mapped").sort("system", "key"),
        current=_current_values(landed, rulebook),
        quarantine=pl.concat([x.quarantine for x in landed]) if landed else empty(QUARANTINE),
        files=tuple((x.system, facts) for x in landed for facts in x.files),
        sources=sources,
        landed=landed,
        merged=pl.concat([empty(MERGED), *(f.merged for f in followed)]),
    )


def _rules_of(landed: Landed, sources: Sequence[SourceRules]) -> SourceRules:
    """The rules by which a system was landed: its own, or those of the file of which it is one value."""
    main = landed.files[0].path
    of_file = [s for s in sources if s.path == main]
    own = next((s for s in of_file if s.system == landed.system), None)
    known = {"system": SystemName(landed.system), "source_value": landed.source_value}
    return own or of_file[0].model_copy(update=known)


def _refuse_double_systems(systems: Sequence[str]) -> None:
    """Raises InputRefused where two systems have one name; capitals do not count, as names of files they are alike."""
    seen: dict[str, str] = {}
    for system in systems:
        if former := seen.get(system.casefold()):
            what = f"called system {system}" if former == system else f"systems {former} and {system}"
            raise InputRefused(
                f"Two sources are {what}.",
                "Give each its own name: --system NAME=FILE, or `system` and `source_value` in its rules.",
            )
        seen[system.casefold()] = system


def _columns_of(source: SourceRules, landed: Landed) -> list[str]:
    """The original columns that the roles of a source need; a name with a plus sign in it counts as one column."""
    wanted: dict[str, None] = {}
    for rule in source.columns.values():
        for entry in rule.columns:
            wanted.update(dict.fromkeys(named_columns(entry, landed.columns)))
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
