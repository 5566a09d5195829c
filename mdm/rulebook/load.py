"""Load the rules of a project from its YAML files; the only way in which rules come to be."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from pydantic import ValidationError

from mdm.errors import RulesInvalid
from mdm.rulebook.base import Rules
from mdm.rulebook.names import nearest, show
from mdm.rulebook.problems import Place, Problem, problems_of, spell
from mdm.rulebook.source import Mapping as SourceMapping
from mdm.rulebook.source import SourceRules
from mdm.rulebook.stages import (
    MatchRules,
    ProjectRules,
    PublishRules,
    Rulebook,
    StandardiseRules,
    SurvivorshipRules,
)
from mdm.rulebook.stewardship import StewardshipRules
from mdm.rulebook.yaml_tree import LARGEST, Tree, Unreadable, read_tree

Model = TypeVar("Model", bound=Rules)

Texts = Mapping[str, str]
"""Texts of rules files by their path in the rules folder, such as `match.yaml` or `sources/crm.yaml`."""

NOTHING: Final[Texts] = {}
PACKAGE: Final = Path(__file__).parent


def shipped_rules() -> Path:
    """The folder of the rules that come with the tool: `rules/` of a checkout, `mdm/rulebook/shipped` of a wheel."""
    inside = PACKAGE / "shipped"
    return inside if inside.is_dir() else PACKAGE.parents[1] / "rules"


def load_rulebook(project: Path, instead: Texts = NOTHING) -> tuple[ProjectRules, Rulebook]:
    """The rules of the project in that folder: `mdm.yaml` and the files of its rules folder.

    `instead` has texts that are read in place of files of the rules folder, by their path in it. A stage's file that
    the project does not have is taken from the shipped rules. Sources are in the order of their system names. Raises
    RulesInvalid with all that is wrong in all files, a line for each.
    """
    reader = _Reader(project)
    place = reader.read(project / "mdm.yaml", ProjectRules)
    rules = project / (place.rules if place else "rules")
    reader.take(rules, instead)
    sources = [(path, reader.read(path, SourceRules)) for path in sorted((rules / "sources").glob("*.y*ml"))]
    standardise = reader.stage(rules, "standardise.yaml", StandardiseRules)
    match = reader.stage(rules, "match.yaml", MatchRules)
    survivorship = reader.stage(rules, "survivorship.yaml", SurvivorshipRules)
    publish = reader.stage(rules, "publish.yaml", PublishRules)
    loaded = [(path, source) for path, source in sources if source is not None]
    reader.refuse_two_of_a_system(loaded)
    if place is None or standardise is None or match is None or survivorship is None or publish is None or reader.told:
        raise reader.invalid()
    rulebook = Rulebook(
        sources=tuple(sorted((source for _, source in loaded), key=lambda source: source.system)),
        standardise=standardise,
        match=match,
        survivorship=survivorship,
        publish=publish,
    )
    reader.refuse_unknown_systems(rules, rulebook)
    if reader.told:
        raise reader.invalid()
    return place, rulebook


def load_shipped() -> Rulebook:
    """The shipped rules, for a run without a project; it has no sources yet."""
    rules = shipped_rules()
    reader = _Reader(rules)
    survivorship = reader.stage(rules, "survivorship.yaml", SurvivorshipRules)
    match = reader.stage(rules, "match.yaml", MatchRules)
    standardise = reader.stage(rules, "standardise.yaml", StandardiseRules)
    if survivorship is None or match is None or standardise is None:
        raise reader.invalid()
    return Rulebook(sources=(), standardise=standardise, match=match, survivorship=survivorship)


def load_stewardship(
    project: Path, places: ProjectRules, systems: Sequence[str], instead: Texts = NOTHING
) -> StewardshipRules:
    """The rules of stewards' work. Raises RulesInvalid with all that is wrong in them."""
    reader, rules = _Reader(project), project / places.rules
    reader.take(rules, instead)
    found = reader.stage(rules, "stewardship.yaml", StewardshipRules)
    for i, rule in enumerate(found.four_eyes if found else ()):
        for j, system in enumerate(rule.systems or ()):
            if systems and system not in systems:
                reason = f"{show(system)} is no source system, {nearest(system, systems)}"
                reader.at(rules / "stewardship.yaml", Problem(("four_eyes", i, "systems", j), reason))
    if found is None or reader.told:
        raise reader.invalid()
    return found


def load_mapping(path: Path) -> SourceMapping:
    """What a mapping file says about its sources. Raises RulesInvalid with all that is wrong in it."""
    reader = _Reader(Path())
    mapping = reader.read(path, SourceMapping)
    if mapping is None:
        raise reader.invalid()
    return mapping


def rules_hash(rulebook: Rulebook) -> str:
    """SHA-256 of the rules as canonical JSON: the same for the same rules, however their files are written."""
    canonical = json.dumps(rulebook.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


@dataclass(slots=True)
class _Reader:
    """Reads files one after the other and keeps what is wrong with them, as lines to tell."""

    project: Path
    told: list[str] = field(default_factory=list)
    trees: dict[Path, Tree] = field(default_factory=dict)
    texts: dict[Path, bytes] = field(default_factory=dict)

    def take(self, rules: Path, instead: Texts) -> None:
        """Read these texts in place of files of the rules folder."""
        self.texts = {rules / name: text.encode("utf-8", "replace") for name, text in instead.items()}

    def invalid(self) -> RulesInvalid:
        return RulesInvalid("\n".join(self.told))

    def stage(self, rules: Path, name: str, model: type[Model]) -> Model | None:
        own = rules / name
        return self.read(own if own in self.texts or own.exists() else shipped_rules() / name, model)

    def read(self, path: Path, model: type[Model]) -> Model | None:
        try:
            tree = read_tree(self.texts[path] if path in self.texts else _content(path))
        except OSError as error:
            self.tell(path, 0, (), _cause(error))
            return None
        except Unreadable as error:
            self.tell(path, error.line, (), error.reason)
            return None
        self.trees[path] = tree
        problems = list(tree.problems)
        value = None
        try:
            value = model.model_validate({} if tree.data is None else tree.data)
        except ValidationError as error:
            faulty = {problem.place for problem in problems}
            problems += [problem for problem in problems_of(error, model) if problem.place not in faulty]
        for problem in sorted(problems, key=lambda p: (tree.line_of(p.place), spell(p.place), p.reason)):
            self.tell(path, tree.line_of(problem.place), problem.place, problem.reason)
        return None if problems else value

    def tell(self, path: Path, line: int, place: Place, reason: str) -> None:
        shown = path.relative_to(self.project) if path.is_relative_to(self.project) else path
        where = [shown.as_posix() + (f":{line}" if line else ""), " ".join(spell(place).split())]
        self.told.append(": ".join([part for part in where if part] + [reason]))

    def refuse_two_of_a_system(self, sources: list[tuple[Path, SourceRules]]) -> None:
        first: dict[str, Path] = {}
        for path, source in sources:
            known = first.setdefault(source.system, path)
            if known != path:
                self.at(path, Problem(("system",), f"{source.system} has its rules in {known.name} already"))

    def refuse_unknown_systems(self, rules: Path, rulebook: Rulebook) -> None:
        """A system that a project's own file names must be one of its sources."""
        systems = [str(source.system) for source in rulebook.sources]
        named: list[tuple[str, Place, str]] = [
            ("publish.yaml", ("targets", i, "system"), target.system)
            for i, target in enumerate(rulebook.publish.targets)
        ]
        named += [
            ("survivorship.yaml", ("source_order", i), system)
            for i, system in enumerate(rulebook.survivorship.source_order)
        ]
        for name, place, system in named:
            if systems and system not in systems and rules / name in self.trees:
                reason = f"{show(system)} is no source system, {nearest(system, systems)}"
                self.at(rules / name, Problem(place, reason))

    def at(self, path: Path, problem: Problem) -> None:
        self.tell(path, self.trees[path].line_of(problem.place), problem.place, problem.reason)


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _cause(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, IsADirectoryError):
        return "is a folder, not a file"
    return f"cannot be read: {error.strerror or error}"
