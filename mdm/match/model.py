"""The match model: what each level of each comparison is worth, as data with a version.

A model is JSON, checked against this schema, never code. `m` is the share of true matches at a level, `u` the share of
other candidate pairs; the match weight of a level is log2(m / u), and the weights of a pair add up, beginning with the
weight of the prior. (Fellegi and Sunter, 1969; the form is Splink's.)
"""

from __future__ import annotations

import hashlib
import json
import math
from functools import cached_property
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mdm.errors import RulesInvalid

SHIPPED: Final = Path(__file__).parent / "models" / "shipped.json"
LEAST: Final = 1e-6


class Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Level(Frozen):
    """One level: its place in the comparison, its name for people, and its two shares."""

    level: int = Field(ge=0, le=20)
    label: str
    m: float = Field(ge=LEAST, le=1)
    u: float = Field(ge=LEAST, le=1)

    @property
    def weight(self) -> float:
        """log2(m / u): how many bits this level speaks for a match."""
        return math.log2(self.m / self.u)


class ComparisonModel(Frozen):
    """One comparison: its levels from the lowest up. A missing value has no level and weighs nothing."""

    name: str
    levels: tuple[Level, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def levels_are_complete(self) -> ComparisonModel:
        if [x.level for x in self.levels] != list(range(len(self.levels))):
            raise ValueError(f"comparison {self.name}: levels must be 0, 1, 2, … in order")
        for share in ("m", "u"):
            total = sum(getattr(x, share) for x in self.levels)
            if abs(total - 1) > 1e-3:
                raise ValueError(f"comparison {self.name}: the {share} of its levels add up to {total:.4f}, not 1")
        return self


class PopulationModel(Frozen):
    """The model of one kind of customer."""

    prior: float = Field(gt=0, lt=1, description="share of matches among candidate pairs")
    comparisons: tuple[ComparisonModel, ...]

    @property
    def prior_weight(self) -> float:
        return math.log2(self.prior / (1 - self.prior))


class CalibrationPoint(Frozen):
    """What links have been worth from this weight (in bits) on, measured on sets that the model was not fitted to."""

    weight: float
    share: float = Field(ge=0, le=1, description="share of matches from this point to the next")
    above: float = Field(ge=0, le=1, description="share of matches from this point upward")
    lowest: float = Field(ge=0, le=1, description="share of matches from this point upward in the worst of the sets")


class MatchModel(Frozen):
    """A model for organisations and one for persons, with the probabilities from which links count."""

    version: str
    trained_on: str
    auto_from: float = Field(gt=0, lt=1)
    review_from: float = Field(gt=0, lt=1)
    cluster_from: float = Field(description="mean weight between two parts from which they are one cluster, in bits")
    never_compared_weight: float = Field(description="weight of a pair that no blocking rule found, for clusters")
    organisation: PopulationModel
    person: PopulationModel
    calibration: tuple[CalibrationPoint, ...] = ()

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the model's canonical JSON: a changed digest means that every link may change."""
        return hashlib.sha256(json.dumps(self.model_dump(), sort_keys=True).encode()).hexdigest()

    def altered(self, **fields: object) -> MatchModel:
        """The model with other values in some fields, and a digest of its own."""
        return MatchModel.model_validate({name: getattr(self, name) for name in MatchModel.model_fields} | fields)

    def population(self, kind: Literal["organisation", "person"]) -> PopulationModel:
        return self.person if kind == "person" else self.organisation


def load_model(path: Path = SHIPPED) -> MatchModel:
    """The model in that file. Raises RulesInvalid when it does not fit the schema."""
    try:
        return MatchModel.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise RulesInvalid(f"{path.name}: not a match model: {error}.", "Use the shipped model or train one.") from None
