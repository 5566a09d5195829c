"""The rules of the stages: `rules/standardise.yaml`, `match.yaml`, `survivorship.yaml`, `publish.yaml`."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from mdm.records import GOLDEN_ATTRIBUTES, SystemName
from mdm.rulebook.base import PathText, Rules, Version
from mdm.rulebook.connector import FilesTarget, TargetConnector, TrytonTarget
from mdm.rulebook.names import one_of, refuse_repeats
from mdm.rulebook.source import SourceRules

Attribute = Annotated[str, one_of(GOLDEN_ATTRIBUTES, "golden attribute")]


class StandardiseRules(Rules):
    """Words that are no evidence, beside the shipped lists."""

    version: Version = 1
    placeholders: tuple[str, ...] = ()
    free_mail_domains: tuple[str, ...] = ()


class MatchRules(Rules):
    """How links are found, weighed and accepted. Probabilities are between 0 and 1."""

    version: Version = 1
    model: str = "shipped"
    refine: bool = Field(default=False, description="adapt the model to the records of the first scan, and keep it")
    auto: bool = Field(default=True, description="false sends every link to review")
    precision: float | None = Field(default=None, gt=0, lt=1, description="share of links joined that shall be right")
    auto_from: float | None = Field(default=None, ge=0, le=1)
    review_from: float | None = Field(default=None, ge=0, le=1)
    block_cap: int = Field(default=50, ge=2, le=10_000)
    largest_cluster: int = Field(default=100, ge=2)
    keep_id: Literal["overlap", "oldest"] = Field(default="overlap", description="whose id stays when customers merge")

    @model_validator(mode="after")
    def review_is_below_auto(self) -> Self:
        if self.auto_from is not None and self.review_from is not None and self.review_from > self.auto_from:
            raise ValueError(f"review_from ({self.review_from}) must not be above auto_from ({self.auto_from})")
        return self


SurvivorshipRule = Literal["well_written", "most_recent", "most_frequent", "longest", "source_order"]


class AttributeRule(Rules):
    """How the value of one golden attribute, or of a group of attributes that go together, is chosen.

    The rules are tried in order; what the first leaves tied the next decides; the record key decides at last. Of a
    group all values come from one record.
    """

    attributes: tuple[Attribute, ...] = Field(min_length=1)
    rules: tuple[SurvivorshipRule, ...] = Field(min_length=1)


class SurvivorshipRules(Rules):
    """Which record gives each golden value; every attribute stands in exactly one rule."""

    version: Version = 1
    source_order: tuple[SystemName, ...] = ()
    attributes: tuple[AttributeRule, ...]

    @field_validator("attributes")
    @classmethod
    def each_once(cls, value: tuple[AttributeRule, ...]) -> tuple[AttributeRule, ...]:
        named = [a for rule in value for a in rule.attributes]
        wrong = sorted({a for a in GOLDEN_ATTRIBUTES if named.count(a) != 1})
        if wrong:
            raise ValueError(f"must stand in exactly one rule: {', '.join(wrong)}")
        return value


class TargetRules(Rules):
    """What may be written to one system: the crosswalk field, and golden attributes only where allowed here."""

    system: SystemName
    crosswalk_field: str = "MDM_ID"
    format: Literal["csv", "jsonl", "excel"] = "csv"
    allow: dict[Attribute, str] = Field(default={}, description="golden attribute -> field of the target")
    connector: TargetConnector | None = Field(
        default=None, description="where mdm publish sends it; without one, nowhere"
    )

    @model_validator(mode="after")
    def connector_can_do_it(self) -> Self:
        if isinstance(self.connector, FilesTarget) and self.format == "excel":
            raise ValueError("numbered files are csv or jsonl; no platform reads them from excel")
        if isinstance(self.connector, TrytonTarget) and self.allow:
            raise ValueError("allow: Tryton is told the master id only")
        return self


class PublishRules(Rules):
    """The targets. A system that is not listed gets its crosswalk file only, never a change of a field."""

    version: Version = 1
    targets: tuple[TargetRules, ...] = ()

    @field_validator("targets")
    @classmethod
    def systems_differ(cls, value: tuple[TargetRules, ...]) -> tuple[TargetRules, ...]:
        refuse_repeats((target.system for target in value), "target")
        return value


class ProjectRules(Rules):
    """`mdm.yaml`: where the parts of a project lie, relative to its own folder."""

    version: Version = 1
    store: str = "sqlite:///mdm.sqlite"
    rules: PathText = "rules"
    landing: PathText = "landing"
    output: PathText = "out"

    @field_validator("store")
    @classmethod
    def holds_no_password(cls, value: str) -> str:
        """A rules file is shared and versioned, so a password has no place in it."""
        try:
            parts = urlsplit(value)
        except ValueError:
            raise ValueError("must be a URL such as sqlite:///mdm.sqlite") from None
        if not parts.scheme:
            raise ValueError("must be a URL such as sqlite:///mdm.sqlite")
        if parts.password is not None:
            raise ValueError("must not hold a password; set MDM_STORE_URL to env:NAME or file:PATH instead")
        return value


class Rulebook(Rules):
    """All rules of a project, as one value; `rules_hash` is the SHA-256 of their canonical JSON."""

    sources: tuple[SourceRules, ...]
    standardise: StandardiseRules = StandardiseRules()
    match: MatchRules = MatchRules()
    survivorship: SurvivorshipRules
    publish: PublishRules = PublishRules()
