"""The one base of all rule models: unknown keys are refused, nothing changes after loading."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Rules(BaseModel):
    """A frozen part of the rules; a key that is not declared is an error, so that a typing error never goes unseen."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, validate_default=True)
