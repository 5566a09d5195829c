"""What may be written to each target: the closed list of its fields, and refusals of targets that contradict it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import polars as pl

from mdm.errors import GuardTripped, RulesInvalid
from mdm.publish.guard import looks_like_a_formula

if TYPE_CHECKING:
    from mdm.rulebook.stages import PublishRules, TargetRules

NEXT_STEP: Final = "Change rules/publish.yaml."

UNSAFE: Final = re.compile(r"^\.|[^\w.-]")
"""What a file name must not hold or begin with; two systems never share a name, as `%` is itself replaced."""


def fields_of(target: TargetRules) -> dict[str, str]:
    """Field of the target -> column of ours that fills it. Nothing else is ever written there."""
    return {target.crosswalk_field: "master_id"} | {field: attribute for attribute, field in target.allow.items()}


def check_targets(rules: PublishRules) -> None:
    """Refuse, with RulesInvalid, targets of which one file or field would have two meanings."""
    seen: set[str] = set()
    for index, target in enumerate(rules.targets):
        at = f"publish.yaml: targets[{index}]"
        if target.system.casefold() in seen:
            raise RulesInvalid(f"{at}.system: {target.system} stands twice; capitals do not count.", NEXT_STEP)
        seen.add(target.system.casefold())
        names = ["key", target.crosswalk_field, *target.allow.values()]
        double = sorted({name for name in names if names.count(name) > 1})
        if double:
            raise RulesInvalid(f"{at}: the field {double[0]} would be filled from two values.", NEXT_STEP)
        unfit = [n for n, bad in zip(names, _formulas(names), strict=True) if bad or not n]
        if unfit:
            raise RulesInvalid(f"{at}: {unfit[0]!r} cannot be the name of a field.", NEXT_STEP)


def check_closed(changes: pl.DataFrame, rules: PublishRules) -> None:
    """Refuse, with GuardTripped, a change of a target or field that the rules do not list.

    The plan holds the same rule; it is checked again here because between plan and file anybody may have changed it.
    """
    listed = {(target.system, field) for target in rules.targets for field in fields_of(target)}
    planned = changes.select("target", "field").unique(maintain_order=True).rows()
    beyond = sorted(set(planned) - listed)
    if beyond:
        raise GuardTripped(
            f"A change of field {beyond[0][1]} of {beyond[0][0]} is not allowed by rules/publish.yaml; nothing was "
            "written.",
            "Allow the field there, or plan again.",
        )


def file_stem(target: TargetRules) -> str:
    """The name of the target's file without its ending: the system's name, its unsafe signs as %XX."""
    return UNSAFE.sub(lambda sign: "".join(f"%{byte:02X}" for byte in sign.group().encode()), target.system)


def _formulas(names: list[str]) -> list[bool]:
    cells = pl.Series("name", names, dtype=pl.String)
    return cells.to_frame().select(looks_like_a_formula(pl.col("name"))).to_series().to_list()
