"""The rules at the desk: what is in force, as tables, and what a change of them would do before it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mdm.app.desk_part import DeskPart
from mdm.app.project import STAGE_FILES, open_project
from mdm.app.rights import Right, every_use_case_guarded, needs
from mdm.app.rules_told import RuleTable, tell_rules
from mdm.app.trial import Draft, Trial, try_rules
from mdm.app.trial_job import TrialJob
from mdm.errors import SettingsInvalid
from mdm.rulebook import rules_hash, shipped_rules
from mdm.settings import load_settings

LONGEST: Final = 1_000_000
"""Characters of a rules file; more is refused when it is loaded."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The rules that the next scan obeys, and whether the last one obeyed others."""

    tables: tuple[RuleTable, ...]
    changed_since: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a trial is: the stage at work, or its result."""

    stage: str
    result: Trial | None


@every_use_case_guarded()
@dataclass(frozen=True, slots=True)
class RulesDesk(DeskPart):
    """The rules of a project, as their files are now."""

    @needs(Right.LOOK)
    def in_force(self, env: Mapping[str, str]) -> InForce:
        """What the next scan obeys. Raises RulesInvalid where a file does not load."""
        project, last = open_project(self.project.folder, load_settings(env)), self.store.last_run()
        changed = last is not None and last.rules_hash != rules_hash(project.rulebook)
        return InForce(tuple(tell_rules(project)), changed)

    @needs(Right.TRY_RULES)
    def texts(self) -> dict[str, str]:
        """The text of every rules file by its path in the rules folder; the shipped one where the project has none."""
        rules = self._folder
        stages = {name: rules / name if (rules / name).exists() else shipped_rules() / name for name in STAGE_FILES}
        sources = {f"sources/{path.name}": path for path in sorted((rules / "sources").glob("*.y*ml"))}
        return {name: _text(path) for name, path in (stages | sources).items()}

    @needs(Right.TRY_RULES)
    def begin(self, texts: Mapping[str, str], env: Mapping[str, str], now: str) -> TrialJob:
        """Begin to compute what these texts in place of the files would change.

        Raises RulesInvalid, with the lines, where they do not load, and SettingsInvalid where a file is none of the
        project's or another trial is at work.
        """
        unknown = sorted(set(texts) - set(self.texts()))
        if unknown:
            raise SettingsInvalid(f"The project has no rules file {unknown[0]!r}.", "Choose one of those listed.")
        settings, draft = load_settings(env), Draft(self.project.folder, dict(texts), now)
        open_project(draft.folder, settings, draft.texts)
        return TrialJob(lambda watch: try_rules(draft, self.store, settings, watch))

    @needs(Right.TRY_RULES)
    def look(self, job: TrialJob, seconds: float = 0.0) -> Progress:
        """How far a trial is, after waiting for it as long as that. Raises what it failed with."""
        job.look(seconds)
        if job.error is not None:
            raise job.error
        return Progress(job.stage, job.result)

    @property
    def _folder(self) -> Path:
        return self.project.folder / self.project.places.rules


def _text(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            return file.read(LONGEST + 1).replace("\r\n", "\n")
    except OSError as error:
        raise SettingsInvalid(f"{path.name} cannot be read: {error.strerror}.", "Check its rights.") from error
