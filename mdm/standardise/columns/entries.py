"""The source columns of a role in their order: which join, which stand in for one another, which add nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from mdm.records import Role
from mdm.rulebook.source import RoleRule
from mdm.standardise.columns.candidates import Candidate
from mdm.standardise.columns.values import Filled

LEAST_GAIN: Final = 0.05
"""A further column of a role with one value counts only if this share of its values fills a gap of those before it."""


Chosen = dict[Role, list["Entry"]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a role's rule: a column, or several joined in their order."""

    columns: tuple[str, ...]
    confidence: float
    why: str
    filled: Filled

    @property
    def text(self) -> str:
        return "+".join(self.columns)

    @property
    def order(self) -> tuple[float, int, int, str]:
        """Best first; ties by the number of filled rows, then by the shorter and the smaller name."""
        return (-self.confidence, -int(self.filled.sum()), len(self.text), self.text)


def single(found: Candidate) -> Entry:
    return Entry((found.column,), found.confidence, found.why, found.profile.filled)


def joined(parts: Sequence[Candidate], taken: frozenset[str]) -> Entry:
    """The parts as one value in that order, sure as the first; alone the first where `+` would be ambiguous."""
    first = single(parts[0])
    names = tuple(p.column for p in parts)
    if len(parts) == 1 or any("+" in name for name in names) or "+".join(names) in taken:
        return first
    filled = np.logical_or.reduce([p.profile.filled for p in parts])
    why = f"{first.why}; continued in {', '.join(names[1:])}"
    return replace(first, columns=names, why=why, filled=filled)


def with_gain(entries: Iterable[Entry]) -> list[Entry]:
    """The entries, best first, without those whose values nearly all have one before them; empty columns stay."""
    kept: list[Entry] = []
    for entry in sorted(entries, key=lambda e: e.order):
        rows = int(entry.filled.sum())
        if kept and rows:
            covered = np.logical_or.reduce([k.filled for k in kept])
            if int((entry.filled & ~covered).sum()) < LEAST_GAIN * rows:
                continue
        kept.append(entry)
    return kept


def rule(entries: Sequence[Entry]) -> RoleRule:
    """The rule of a role: its entries in order, as sure as the least sure of those with values in the sample."""
    sure = [e.confidence for e in entries if e.filled.any()] or [e.confidence for e in entries]
    why = ". ".join(dict.fromkeys(e.why for e in entries))
    return RoleRule(columns=tuple(e.text for e in entries), confidence=min(sure), why=why)
