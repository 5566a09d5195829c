"""Whether the mapping of a source still fits what its system says of itself: missing, new, of another type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mdm.connect.protocols import Column, Description
from mdm.errors import InputRefused
from mdm.rulebook.source import SourceRules


@dataclass(frozen=True, slots=True)
class Drift:
    """How a system's columns differ from the mapping and from those of the last read.

    `missing` are mapped and not there; `retyped` are mapped, there, and of another type than before, as (name, before,
    now); `new` and `gone` are not mapped.
    """

    missing: tuple[str, ...]
    retyped: tuple[tuple[str, str, str], ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]


def find_drift(rules: SourceRules, described: Description, before: Sequence[Column]) -> Drift:
    """Compare the live columns with the rules and with the columns `before`, none for a first read."""
    now = {column.name: column.type for column in described.columns}
    then = {column.name: column.type for column in before}
    mapped = {name for entry in rules.entries for name in ([entry] if entry in now else entry.split("+"))}
    return Drift(
        missing=tuple(sorted(mapped - now.keys())),
        retyped=tuple((n, then[n], now[n]) for n in sorted(mapped & now.keys() & then.keys()) if then[n] != now[n]),
        new=tuple(name for name in now if then and name not in then),
        gone=tuple(name for name in then if name not in now and name not in mapped),
    )


def refuse_misfit(rules: SourceRules, described: Description, before: Sequence[Column]) -> None:
    """Raises InputRefused, naming every mapped column that is missing or of another type than at the last read."""
    drift = find_drift(rules, described, before)
    told = []
    if drift.missing:
        told.append(f"{described.system} has no {', '.join(drift.missing)}")
    told += [f"{name} of {described.system} was {then} and is {now}" for name, then, now in drift.retyped]
    if told:
        accepted = f" A new type is accepted with: mdm check --accept-types {rules.system}" if drift.retyped else ""
        raise InputRefused(
            f"{rules.system}: {'; '.join(told)}. Nothing was read.",
            f"Correct rules/sources; there are {', '.join(c.name for c in described.columns)}.{accepted}",
        )
