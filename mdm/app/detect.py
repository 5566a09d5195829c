"""From a file nobody described to a source: its format, its key, and what its columns mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mdm.errors import InputRefused, SettingsInvalid
from mdm.records import SystemName
from mdm.rulebook import FileFormatRules, RoleRule, SourceRules, load_mapping
from mdm.sources import Preview, preview
from mdm.standardise.columns import describe, detect_roles, parse_map_option


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person said about the files on the command line; everything may be left out."""

    key_column: str | None = None
    source_column: str | None = None
    maps: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    file_format: FileFormatRules = field(default_factory=FileFormatRules)


@dataclass(frozen=True, slots=True)
class DetectedFile:
    """A file as a source, what was found out in words, and the rows of its mapping: role, columns, confidence, why."""

    source: SourceRules
    preview: Preview
    key_confidence: float
    rows: tuple[tuple[str, str, float, str], ...]
    unknown: tuple[str, ...]


def detect_files(paths: Sequence[Path], wishes: Wishes) -> tuple[DetectedFile, ...]:
    """Each file as a source system of its own. Raises InputRefused for a file without a key or a name."""
    taken: set[str] = set()
    found = []
    for path in paths:
        name = wishes.names.get(str(path)) or _free_name(path, taken)
        taken.add(name)
        found.append(_detect(path, SystemName(name), wishes))
    return tuple(found)


def _detect(path: Path, system: SystemName, wishes: Wishes) -> DetectedFile:
    look = preview(path, wishes.file_format)
    _refuse_unknown(path, look, [c for c in (wishes.key_column, wishes.source_column) if c])
    given = [c for c in (wishes.source_column, *_parts(wishes.key_column)) if c]
    roles = detect_roles(
        look.sample.drop(given, strict=False)
        if wishes.key_column
        else look.sample.drop([c for c in [wishes.source_column] if c], strict=False)
    )
    key = wishes.key_column or roles.key
    if not key:
        raise InputRefused(f"{path}: no column looks like the key of its records.", "Name it: --key-column COLUMN.")
    columns: dict[str, RoleRule] = {str(role): rule for role, rule in roles.columns.items()}
    for text in wishes.maps:
        target, role, rule = parse_map_option(text)
        if target in (None, system):
            columns[role] = rule
    if not any(role in columns for role in ("name", "legal_name", "family_name")):
        raise InputRefused(f"{path}: no column looks like the customer's name.", "Name it: --map name=COLUMN.")
    source = SourceRules(
        system=system,
        path=str(path.resolve()),
        format=FileFormatRules.model_validate(
            {
                **wishes.file_format.model_dump(),
                "type": look.type,
                "encoding": look.encoding if look.type == "csv" else None,
                "separator": look.separator,
            }
        ),
        key=key,
        source_column=wishes.source_column,
        columns=columns,
    )
    unknown = tuple(c for c in roles.unknown if c not in given)
    sure = 1.0 if wishes.key_column else roles.key_confidence
    return DetectedFile(source, look, sure, tuple(describe(roles, columns)), unknown)


def _parts(key: str | None) -> list[str]:
    return [part.strip() for part in key.split("+")] if key else []


def _refuse_unknown(path: Path, look: Preview, wanted: Sequence[str]) -> None:
    for name in wanted:
        missing = [part for part in [name, *_parts(name)] if part in look.columns]
        if not missing:
            raise InputRefused(
                f"{path}: there is no column {name}.", f"Its columns are {', '.join(look.columns[:30])}."
            )


def _free_name(path: Path, taken: set[str]) -> str:
    """A system name from a file's name: `CRM export (2).csv` is crm_export_2."""
    base = re.sub(r"[^a-z0-9]+", "_", path.stem.lower()).strip("_") or "file"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}_{number}", number + 1
    return name


def load_sources(mapping: Path, files: Sequence[Path]) -> tuple[SourceRules, ...]:
    """The sources of a mapping file, each reading the file given for it: by its name, or else in the order given.

    Raises SettingsInvalid when the files given do not fit the mapping.
    """
    sources = load_mapping(mapping).sources
    if not files:
        return sources
    if len(files) != len(sources):
        raise SettingsInvalid(
            f"{mapping} describes {len(sources)} files, {len(files)} were given.", "Give one for each, in its order."
        )
    by_name = {path.name: path for path in files}
    names = [Path(s.path).name for s in sources]
    chosen = [by_name[n] for n in names] if set(names) == set(by_name) else list(files)
    return tuple(s.model_copy(update={"path": str(path.resolve())}) for s, path in zip(sources, chosen, strict=True))
