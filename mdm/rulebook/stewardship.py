"""The rules of stewards' work: `rules/stewardship.yaml`. No scan looks at them, so they are no part of the rulebook."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from mdm.records import SystemName
from mdm.rulebook.base import Rules, Version


class FourEyesRule(Rules):
    """When two people must agree about two customers; every part that is given must fit."""

    records: int | None = Field(default=None, ge=2, description="both customers together have at least so many records")
    systems: tuple[SystemName, SystemName] | None = Field(
        default=None, description="one customer has a record of the first system, the other of the second"
    )

    value: int | None = Field(
        default=None, ge=1, description="both customers together are worth at least so much; with systems, each of them"
    )
    confirmed: bool = Field(default=False, description="a steward's match stands inside one of the two customers")

    @model_validator(mode="after")
    def says_something(self) -> Self:
        if self.records is None and self.systems is None and self.value is None and not self.confirmed:
            raise ValueError("must say records, systems, value or confirmed")
        return self


class StewardshipRules(Rules):
    """Which answers need two people; none without a rule."""

    version: Version = 1
    four_eyes: tuple[FourEyesRule, ...] = ()
