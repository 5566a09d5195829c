"""The one base of all rule models: unknown keys are refused, nothing changes after loading."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints


class Rules(BaseModel):
    """A frozen part of the rules; a key that is not declared is an error, so that a typing error never goes unseen."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, validate_default=True)


PathText = Annotated[str, StringConstraints(min_length=1, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""A path as written by a person: not empty, without control characters."""


Version = Annotated[Literal[1], BeforeValidator(lambda value: 1 if value == "1" else value)]
"""The version of a file's form; it is read as text, like all of the file."""
