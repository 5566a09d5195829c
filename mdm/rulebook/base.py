"""The one base of all rule models: unknown keys are refused, nothing changes after loading."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError


class Rules(BaseModel):
    """A frozen part of the rules; a key that is not declared is an error, so that a typing error never goes unseen."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, validate_default=True)


PathText = Annotated[str, StringConstraints(min_length=1, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""A path as written by a person: not empty, without control characters."""


Version = Annotated[Literal[1], BeforeValidator(lambda value: 1 if value == "1" else value)]
"""The version of a file's form; it is read as text, like all of the file."""


def refuse_unknown(named: Iterable[tuple[int | str, str]], known: Iterable[str], what: str) -> None:
    """Raise when one of the (place in the list or mapping, name) pairs is none of the known names.

    The error carries every unknown name with its place, so that each is told at its own line with its nearest
    neighbour.
    """
    names = tuple(known)
    unknown = [(place, name) for place, name in named if name not in names]
    if unknown:
        raise PydanticCustomError(
            "unknown_name", "no such {what}", {"what": what, "unknown": unknown, "known": list(names)}
        )


def refuse_repeats(named: Iterable[str], what: str) -> None:
    """Raise when a name that must be given once is given again."""
    seen: set[str] = set()
    for name in named:
        if name in seen:
            raise ValueError(f"the {what} {name!r} stands twice")
        seen.add(name)
