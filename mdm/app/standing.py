"""The adapted model of a project, kept in models/refined.json: made by one scan, used by all later ones as it is."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from mdm.errors import RulesInvalid
from mdm.match import MatchModel, Refined, RefineGuard, WeighBy, keep_model, load_model, refine_model
from mdm.rulebook import MatchRules

STANDING: Final = "models/refined.json"


class _Guard(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    population: Literal["organisation", "person"]
    name: str
    passed: bool
    found: str


class _Standing(BaseModel):
    """The file: the SHA-256 of the model it began with, what the guards found, and the model."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base: str
    guards: tuple[_Guard, ...]
    model: MatchModel


def model_of(folder: Path, rules: MatchRules) -> MatchModel:
    """The model that a project weighs with: the adapted one where there is one, else that of the rules."""
    standing = _read(folder, rules)
    return standing.model if standing else _base(folder, rules)


def standing_of(folder: Path, rules: MatchRules) -> Refined | None:
    """The adapted model with what the guards found when it was made; None where there is none."""
    standing = _read(folder, rules)
    if standing is None:
        return None
    guards = tuple(RefineGuard(g.population, g.name, g.passed, g.found) for g in standing.guards)
    return Refined(standing.model, guards)


def weighing_of(standing: Refined | None, rules: MatchRules) -> WeighBy:
    """What a scan does with the project's model: adapt it where the rules want that and it was not done yet."""
    if standing is not None:
        return lambda _model, _levels, _people, _two: standing
    return refine_model if rules.refine else keep_model


def keep_standing(folder: Path, rules: MatchRules, weighing: Refined) -> None:
    """Write the file where the rules want an adapted model and there is none yet.

    A model that the guards left as it was is kept as well: it must not change on the night the guards let it.
    """
    if text := standing_text(folder, rules, weighing):
        write_standing(folder, text)


def standing_text(folder: Path, rules: MatchRules, weighing: Refined) -> str:
    """What the file would hold, had it to be written; else nothing."""
    if not rules.refine or _read(folder, rules) is not None:
        return ""
    found = {
        "base": _base(folder, rules).digest,
        "guards": [asdict(g) for g in weighing.guards],
        "model": weighing.model.model_dump(),
    }
    return json.dumps(found, indent=1) + "\n"


def write_standing(folder: Path, text: str) -> None:
    """Put the file in its place, whole or not at all."""
    path = folder / STANDING
    path.parent.mkdir(exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _base(folder: Path, rules: MatchRules) -> MatchModel:
    return load_model() if rules.model == "shipped" else load_model(folder / rules.model)


def _read(folder: Path, rules: MatchRules) -> _Standing | None:
    """The file, unless the rules do not ask for it or it began with another model than theirs."""
    path = folder / STANDING
    if not rules.refine or not path.is_file():
        return None
    try:
        standing = _Standing.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise RulesInvalid(
            f"{STANDING}: not an adapted model: {error}.", "Delete it: the next scan writes it anew."
        ) from None
    return standing if standing.base == _base(folder, rules).digest else None
