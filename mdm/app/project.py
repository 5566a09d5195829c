"""A project: a folder with `mdm.yaml`, its rules and its store; how one is begun, opened and checked."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mdm.app.connected import check_connected, with_extracts
from mdm.app.detect import DetectedFile
from mdm.app.standing import model_of
from mdm.app.targets import complete_targets
from mdm.connect import accept_types, open_source
from mdm.errors import InputRefused, SettingsInvalid, StoreMissing, StoreRefused
from mdm.match import MatchModel
from mdm.rulebook import (
    ProjectRules,
    Rulebook,
    SourceRules,
    StewardshipRules,
    dump_source,
    load_rulebook,
    load_stewardship,
    rules_hash,
    shipped_rules,
)
from mdm.rulebook.source import ChildTable
from mdm.settings import Secret, Settings
from mdm.sources import named_columns, preview
from mdm.store import Keeper, Store, open_store

STAGE_FILES: Final = ("standardise.yaml", "match.yaml", "survivorship.yaml", "publish.yaml", "stewardship.yaml")
ALONE: Final = StewardshipRules()
"""No answer needs two people."""

AS_IN_FILES: Final[Mapping[str, str]] = {}

SQLITE: Final = "sqlite:///"
AUDIT: Final = "audit"
PROJECT_YAML: Final = """\
# A customer master project. Places are relative to this folder; MDM_STORE_URL overrides the store.
version: 1
store: sqlite:///mdm.sqlite
rules: rules
landing: landing
output: out
"""


@dataclass(frozen=True, slots=True)
class Project:
    """A project that was loaded: its folder, its rules, its model, and the address of its store."""

    folder: Path
    places: ProjectRules
    rulebook: Rulebook
    model: MatchModel
    store_url: str
    audit_key: Secret | None
    stewardship: StewardshipRules = ALONE

    @property
    def landing(self) -> Path:
        return self.folder / self.places.landing

    @property
    def output(self) -> Path:
        return self.folder / self.places.output

    @property
    def keeper(self) -> Keeper:
        """What guards the audit: its key and its anchor, in a folder of their own beside the rules."""
        return Keeper(self.folder / AUDIT, self.audit_key)

    def open_store(self) -> Store:
        """The project's store, made when it never had one. Raises StoreRefused when it had one that is gone."""
        store = self.find_store()
        if store is not None:
            return store
        anchor = self.keeper.read_anchor()
        if anchor is not None and anchor.seq:
            raise StoreRefused(
                f"The store of {self.folder} is gone; the project had one, with {anchor.highest_id:,} master ids.",
                "Bring a backup back: mdm restore FILE DIR. To begin anew, with new ids for all: mdm scan --new-store.",
            )
        return self.make_store()

    def find_store(self) -> Store | None:
        """The project's store; None when there is none, and none is made."""
        try:
            return open_store(self.store_url, create=False, keeper=self.keeper)
        except StoreMissing:
            return None

    def make_store(self) -> Store:
        """The project's store, made when it is not there, whatever there was before."""
        return open_store(self.store_url, keeper=self.keeper)

    def open_scanned_store(self) -> Store:
        """The project's store as a scan left it. Raises StoreRefused when there was none yet."""
        store = open_store(self.store_url, create=False, keeper=self.keeper)
        if store.last_run() is None:
            store.close()
            raise StoreRefused("Nothing was scanned yet.", "Run mdm scan first.")
        return store


def open_project(folder: Path, settings: Settings, instead: Mapping[str, str] = AS_IN_FILES) -> Project:
    """Load a project, with texts in place of files of its rules folder. Raises RulesInvalid with all that is wrong."""
    if not (folder / "mdm.yaml").is_file():
        raise SettingsInvalid(f"{folder} is not a project: it has no mdm.yaml.", "Begin one with: mdm init DIR FILE...")
    places, rulebook = load_rulebook(folder, instead)
    rulebook = rulebook.model_copy(update={"publish": complete_targets(rulebook.publish, rulebook.sources)})
    rulebook = with_extracts(rulebook, places)
    url = settings.store_url.reveal() if settings.store_url else places.store
    model = model_of(folder, rulebook.match)
    stewardship = load_stewardship(folder, places, [str(source.system) for source in rulebook.sources], instead)
    return Project(folder, places, rulebook, model, _absolute(url, folder), settings.audit_key, stewardship)


def _absolute(url: str, folder: Path) -> str:
    """A relative SQLite file lies in the project's folder, wherever the command was called."""
    if not url.startswith(SQLITE) or url.startswith(SQLITE + "/") or url == SQLITE:
        return url
    return f"{SQLITE}{(folder / url.removeprefix(SQLITE)).resolve()}"


def begin_project(folder: Path, files: Sequence[DetectedFile], connected: Sequence[str] = ()) -> list[Path]:
    """Write `mdm.yaml`, the shipped rules and a rules file for each source; returns the files written.

    `connected` are systems for which rules are shipped. Raises SettingsInvalid for one that is not among them, or when
    the folder already holds a project or rules, or cannot be written: nothing is overwritten.
    """
    texts = {"mdm.yaml": PROJECT_YAML}
    for name in STAGE_FILES:
        texts[f"rules/{name}"] = (shipped_rules() / name).read_text(encoding="utf-8")
    for file in files:
        source = file.source.model_copy(update={"path": _within(folder, Path(file.source.path))})
        texts[f"rules/sources/{source.system}.yaml"] = dump_source(source)
    for name in connected:
        texts[f"rules/sources/{name}.yaml"] = _shipped_source(name)
    there = [name for name in ("mdm.yaml", "rules") if (folder / name).exists()]
    if there:
        raise SettingsInvalid(f"{folder} already has {there[0]}.", "Choose another folder, or edit its rules.")
    try:
        (folder / "rules" / "sources").mkdir(parents=True)
        for name in reversed(texts):  # mdm.yaml last: with it the folder is a project
            (folder / name).write_text(texts[name], encoding="utf-8")
    except OSError as error:
        reason = error.strerror or "it could not be written"
        raise SettingsInvalid(f"{folder} was not made a project: {reason}.", "Choose another folder.") from error
    return [folder / name for name in texts]


def _shipped_source(name: str) -> str:
    known = {path.stem: path for path in sorted((shipped_rules() / "sources").glob("*.yaml"))}
    if name not in known:
        raise SettingsInvalid(f"No rules are shipped for {name}.", f"There are some for {', '.join(known)}.")
    return known[name].read_text(encoding="utf-8")


def _within(folder: Path, path: Path) -> str:
    """The path from the folder where the file lies in it, so that the project can be moved as a whole."""
    inside = path.resolve().is_relative_to(folder.resolve())
    return path.resolve().relative_to(folder.resolve()).as_posix() if inside else str(path)


@dataclass(frozen=True, slots=True)
class Check:
    """What `mdm check` found in order: one line for each source, and the hash of the rules."""

    lines: tuple[str, ...]
    rules_hash: str


def check_project(project: Project) -> Check:
    """Compare the rules with the files as they are now, and look at the store.

    Raises InputRefused naming every column that the rules want and a file lacks; nothing is read beyond a sample.
    """
    if not project.rulebook.sources:
        raise no_sources(project.folder)
    lines = []
    faults = []
    for source in project.rulebook.sources:
        if source.connector is not None:
            told, wrong = check_connected(source, project.folder, os.environ)
            lines += told
            faults += wrong
            continue
        found = preview(project.folder / source.path, source.format)
        columns = [*found.columns, *(name for child in source.children for name in _child_columns(project, child))]
        missing = sorted(_wanted(source, columns) - set(columns))
        if missing:
            faults.append(f"{source.system}: {source.path} has no column {', '.join(missing)}")
        lines.append(
            f"{source.system}: {source.path}, {found.type}, {found.encoding or 'no text encoding'}, "
            f"{len(found.columns)} columns, {len(source.columns)} roles, {len(source.children)} further tables"
        )
    if faults:
        raise InputRefused("; ".join(faults) + ".", "Correct the columns in rules/sources.")
    lines.append(_told_store(project))
    return Check(tuple(lines), rules_hash(project.rulebook))


def accept_new_types(project: Project, system: str) -> None:
    """Take the types that the columns of a connected system have now for right; the next scan reads it in full."""
    source = next((s for s in project.rulebook.sources if s.system == system and s.connector is not None), None)
    if source is None:
        raise SettingsInvalid(f"--accept-types {system}: no connected source is called that.", "Check the name.")
    accept_types((project.folder / source.path).parent, open_source(source, os.environ).describe())


def _told_store(project: Project) -> str:
    store = project.find_store()
    if store is None:
        return "store: none yet; the first scan makes it"
    with store:
        return f"store: revision {store.current_revision()}, id {store.store_id}"


def no_sources(folder: Path) -> InputRefused:
    """The refusal of a project that has nothing to read."""
    return InputRefused(
        f"The project in {folder} has no source yet.",
        "Write rules/sources/NAME.yaml, or begin anew with files: mdm init DIR FILE...",
    )


def _child_columns(project: Project, child: ChildTable) -> list[str]:
    found = preview(project.folder / child.path, child.format)
    return [f"{child.name}.rows", *(f"{child.name}.{name}" for name in found.columns)]


def _wanted(source: SourceRules, columns: Sequence[str]) -> set[str]:
    """Every column that the rules of a source name."""
    joins = [name for child in source.children for name in child.on]
    return {name for entry in source.entries for name in named_columns(entry, columns)} | set(joins)
