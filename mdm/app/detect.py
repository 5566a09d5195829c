"""From a file nobody described to a source: its format, its key, and what its columns mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mdm.app.naming import name_systems
from mdm.errors import InputRefused, SettingsInvalid
from mdm.records import SystemName
from mdm.report.words import counted
from mdm.rulebook import FileFormatRules, RoleRule, SourceRules, load_mapping
from mdm.sources import Preview, named_columns, preview
from mdm.standardise.columns import describe, detect_roles, parse_map_option

NAMES = ("name", "legal_name", "family_name")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person said about the files on the command line; everything may be left out.

    `names` are systems by file. A key or source column counts for every file that has it.
    """

    key_column: str | None = None
    source_column: str | None = None
    maps: tuple[str, ...] = ()
    names: Mapping[Path, SystemName] = field(default_factory=dict)
    file_format: FileFormatRules = field(default_factory=FileFormatRules)


@dataclass(frozen=True, slots=True)
class DetectedFile:
    """A file as a source, what was found out in words, and the rows of its mapping: role, columns, confidence, why."""

    source: SourceRules
    preview: Preview
    key_confidence: float
    rows: tuple[tuple[str, str, float, str], ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Looked:
    """A file after a first look; `maps` are the roles that a person set for it."""

    path: Path
    system: SystemName
    look: Preview
    maps: Mapping[str, RoleRule]

    def has(self, entry: str | None) -> bool:
        """True for a column of this file, or several joined by `+`."""
        return bool(entry) and all(c in self.look.columns for c in named_columns(entry or "", self.look.columns))


def detect_files(files: Sequence[Path], wishes: Wishes) -> tuple[DetectedFile, ...]:
    """Each file as a source system of its own.

    Raises InputRefused for a file that cannot be read or has no key or no name, and SettingsInvalid for a wish that
    fits none of the files.
    """
    named = name_systems(files, wishes.names)
    _refuse_missing(files)
    looked = [_Looked(path, system, preview(path, wishes.file_format), {}) for path, system in named]
    _refuse_separator(looked, wishes.file_format)
    for option, entry in (("--key-column", wishes.key_column), ("--source-column", wishes.source_column)):
        if entry is not None and looked and not any(x.has(entry) for x in looked):
            raise SettingsInvalid(f"{option} {entry}: no file has that column.", _columns_there(looked))
    return tuple(_detect(x, wishes) for x in _with_maps(looked, wishes.maps))


def _refuse_missing(files: Sequence[Path]) -> None:
    for path in files:
        if not path.exists():
            raise InputRefused(f"There is no file {path}.", "Check its name and its folder.")


def _refuse_separator(looked: Sequence[_Looked], wished: FileFormatRules) -> None:
    """Raise SettingsInvalid for a separator that leaves a file in one column, where another would not."""
    for x in looked:
        if not wished.separator or x.look.separator != wished.separator or len(x.look.columns) > 1:
            continue
        other = preview(x.path, wished.model_copy(update={"separator": None}))
        if len(other.columns) > 1:
            shown = {"\t": "tab"}.get(str(other.separator), str(other.separator))
            raise SettingsInvalid(
                f"{x.path.name} has 1 column with the separator {wished.separator}, {len(other.columns)} with {shown}.",
                f'Leave out --separator, or write --separator "{shown}".',
            )


def _with_maps(looked: Sequence[_Looked], maps: Sequence[str]) -> list[_Looked]:
    """The files with the roles set for them; an option without a system counts for every file with its columns."""
    chosen: list[dict[str, RoleRule]] = [{} for _ in looked]
    for text in maps if looked else ():
        system, role, rule = parse_map_option(text)
        if system is not None and system not in {x.system for x in looked}:
            known = ", ".join(x.system for x in looked)
            raise SettingsInvalid(f"--map {text}: no file is called system {system}.", f"The systems are {known}.")
        fitting = [
            at
            for at, x in enumerate(looked)
            if system in (None, x.system) and all(x.has(entry) for entry in rule.columns)
        ]
        if not fitting:
            of = [x for x in looked if system in (None, x.system)]
            raise SettingsInvalid(f"--map {text}: no file has {_all(rule)}.", _columns_there(of))
        for at in fitting:
            chosen[at][role] = rule
    return [_Looked(x.path, x.system, x.look, roles) for x, roles in zip(looked, chosen, strict=True)]


def _all(rule: RoleRule) -> str:
    return "the column " + " and ".join(rule.columns)


def _columns_there(looked: Sequence[_Looked]) -> str:
    return "; ".join(f"{x.path.name} has {', '.join(x.look.columns[:30])}" for x in looked) + "."


def _detect(x: _Looked, wishes: Wishes) -> DetectedFile:
    source_column = wishes.source_column if x.has(wishes.source_column) else None
    key_given = wishes.key_column if x.has(wishes.key_column) else None
    given = [source_column, *(named_columns(key_given, x.look.columns) if key_given else ())]
    roles = detect_roles(x.look.sample.drop([c for c in given if c]))
    key = key_given or roles.key
    if not key:
        raise InputRefused(
            f"{x.path}: no column looks like the key of its records.",
            f"Name it: --key-column COLUMN (A+B joins two). {_columns_there([x])}",
        )
    columns: dict[str, RoleRule] = {str(role): rule for role, rule in roles.columns.items()} | dict(x.maps)
    if not any(role in columns for role in NAMES):
        raise InputRefused(
            f"{x.path}: no column looks like the customer's name.",
            f"Name it: --map name=COLUMN. {_columns_there([x])}",
        )
    source = SourceRules(
        system=x.system,
        path=str(x.path.resolve()),
        format=_format(x.look, wishes.file_format),
        key=key,
        source_column=source_column,
        columns=columns,
    )
    entries = [source_column or "", key, *(entry for rule in columns.values() for entry in rule.columns)]
    used = {c for entry in entries for c in named_columns(entry, x.look.columns)}
    unknown = tuple(c for c in x.look.columns if c not in used)
    sure = 1.0 if key_given else roles.key_confidence
    return DetectedFile(source, x.look, sure, tuple(describe(roles, columns)), unknown)


def _format(look: Preview, wished: FileFormatRules) -> FileFormatRules:
    found = {
        "type": look.type,
        "encoding": look.encoding if look.type == "csv" else None,
        "separator": look.separator,
    }
    return FileFormatRules.model_validate({**wished.model_dump(), **found})


def load_sources(mapping: Path, files: Sequence[Path]) -> tuple[SourceRules, ...]:
    """The sources of a mapping file, each reading the file given for it: by its name, or else in the order given.

    Raises SettingsInvalid when the files given do not fit the mapping.
    """
    if not mapping.is_file():
        raise SettingsInvalid(f"There is no mapping {mapping}.", "Name the mapping.yaml of an earlier run, or none.")
    sources = load_mapping(mapping).sources
    if not sources:
        raise SettingsInvalid(f"{mapping} describes no source.", "Leave out --mapping to have the files looked at.")
    if not files:
        return sources
    if len(files) != len(sources):
        raise SettingsInvalid(
            f"{mapping} describes {counted(len(sources), 'file')}, {counted(len(files), 'was', 'were')} given.",
            "Give one for each, in the order of the mapping, or none: then it reads those it names.",
        )
    name_systems(files, {})  # for its refusals
    _refuse_missing(files)
    by_name = {path.name: path for path in files}
    names = [Path(s.path).name for s in sources]
    alike = len(by_name) == len(files) and sorted(names) == sorted(by_name)
    chosen = [by_name[n] for n in names] if alike else list(files)
    return tuple(s.model_copy(update={"path": str(path.resolve())}) for s, path in zip(sources, chosen, strict=True))
