"""A project: a folder with `mdm.yaml`, its rules and its store; how one is begun, opened and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mdm.app.detect import DetectedFile
from mdm.errors import InputRefused, SettingsInvalid
from mdm.match import MatchModel, load_model
from mdm.rulebook import ProjectRules, Rulebook, dump_source, load_rulebook, rules_hash, shipped_rules
from mdm.settings import Settings
from mdm.sources import preview
from mdm.store import Store, open_store

STAGE_FILES: Final = ("standardise.yaml", "match.yaml", "survivorship.yaml", "publish.yaml")
SQLITE: Final = "sqlite:///"
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

    @property
    def landing(self) -> Path:
        return self.folder / self.places.landing

    @property
    def output(self) -> Path:
        return self.folder / self.places.output

    def open_store(self) -> Store:
        """The project's store, made when it is not there yet."""
        return open_store(self.store_url)


def open_project(folder: Path, settings: Settings) -> Project:
    """Load a project. Raises RulesInvalid with all that is wrong in its rules."""
    if not (folder / "mdm.yaml").is_file():
        raise SettingsInvalid(f"{folder} is not a project: it has no mdm.yaml.", "Begin one with: mdm init DIR FILE...")
    places, rulebook = load_rulebook(folder)
    url = settings.store_url.reveal() if settings.store_url else places.store
    model = load_model() if rulebook.match.model == "shipped" else load_model(folder / rulebook.match.model)
    return Project(folder, places, rulebook, model, _absolute(url, folder))


def _absolute(url: str, folder: Path) -> str:
    """A relative SQLite file lies in the project's folder, wherever the command was called."""
    if not url.startswith(SQLITE) or url.startswith(SQLITE + "/") or url == SQLITE:
        return url
    return f"{SQLITE}{(folder / url.removeprefix(SQLITE)).resolve()}"


def begin_project(folder: Path, files: Sequence[DetectedFile]) -> list[Path]:
    """Write `mdm.yaml`, the shipped rules and a rules file for each source; returns the files written.

    Raises SettingsInvalid when the folder already is a project: nothing is overwritten.
    """
    if (folder / "mdm.yaml").exists():
        raise SettingsInvalid(f"{folder} already is a project.", "Choose another folder, or edit its rules.")
    (folder / "rules" / "sources").mkdir(parents=True, exist_ok=True)
    written = []
    for name in STAGE_FILES:
        shipped = shipped_rules() / name
        if shipped.is_file():
            written.append(_write(folder / "rules" / name, shipped.read_text(encoding="utf-8")))
    for file in files:
        path = folder / "rules" / "sources" / f"{file.source.system}.yaml"
        written.append(_write(path, dump_source(file.source)))
    written.append(_write(folder / "mdm.yaml", PROJECT_YAML))
    return written


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@dataclass(frozen=True, slots=True)
class Check:
    """What `mdm check` found in order: one line for each source, and the hash of the rules."""

    lines: tuple[str, ...]
    rules_hash: str


def check_project(project: Project) -> Check:
    """Compare the rules with the files as they are now, and open the store.

    Raises InputRefused naming every column that the rules want and a file lacks; nothing is read beyond a sample.
    """
    lines = []
    faults = []
    for source in project.rulebook.sources:
        found = preview(project.folder / source.path, source.format)
        wanted = {c for rule in source.columns.values() for entry in rule.columns for c in _names(entry, found.columns)}
        tables = {child.name for child in source.children}
        missing = sorted(c for c in wanted if c not in found.columns and c.split(".")[0] not in tables)
        if missing:
            faults.append(f"{source.system}: {source.path} has no column {', '.join(missing)}")
        for child in source.children:
            preview(project.folder / child.path, child.format)
        lines.append(
            f"{source.system}: {source.path}, {found.type}, {found.encoding or 'no text encoding'}, "
            f"{len(found.columns)} columns, {len(source.columns)} roles, {len(source.children)} further tables"
        )
    if faults:
        raise InputRefused("; ".join(faults) + ".", "Correct the columns in rules/sources.")
    with project.open_store() as store:
        lines.append(f"store: revision {store.current_revision()}")
    return Check(tuple(lines), rules_hash(project.rulebook))


def _names(entry: str, columns: Sequence[str]) -> list[str]:
    return [entry] if entry in columns else [part.strip() for part in entry.split("+")]
