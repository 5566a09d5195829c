"""A steward's decision, checked against all that stand before it is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from mdm.errors import DecisionRefused
from mdm.records import RecordKey, SystemName

Answer = Literal["match", "do_not_match"]

WORDS: Final[Mapping[str, str]] = {"match": "one customer", "do_not_match": "two customers"}
UNDO_FIRST: Final = "Undo that decision first if it is wrong."


@dataclass(frozen=True, slots=True)
class Said:
    """Who decides, when (ISO text in UTC) and why."""

    author: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that stands, on two records in the order of their keys."""

    number: int
    answer: Answer
    left: RecordKey
    right: RecordKey
    author: str
    at: str
    reason: str


def standing(decisions: pl.DataFrame) -> dict[tuple[RecordKey, RecordKey], Decision]:
    """The decisions of DECISIONS that stand, by their pair."""
    kept = decisions.filter(pl.col("stands") & (pl.col("kind") != "withdrawn"))
    found = {}
    for row in kept.iter_rows(named=True):
        left = RecordKey(SystemName(row["system_l"]), row["key_l"])
        right = RecordKey(SystemName(row["system_r"]), row["key_r"])
        found[left, right] = Decision(row["id"], row["kind"], left, right, row["author"], row["at"], row["reason"])
    return found


def ordered(one: RecordKey, other: RecordKey) -> tuple[RecordKey, RecordKey]:
    return min(one, other), max(one, other)


def refuse_contradiction(
    answer: Answer, left: RecordKey, right: RecordKey, known: Mapping[tuple[RecordKey, RecordKey], Decision]
) -> None:
    """Raise DecisionRefused when the answer cannot be true beside the decisions that stand.

    If A matches B and B matches C, then A and C cannot be told apart: the next scan could not keep all three.
    """
    matches = [d for d in known.values() if d.answer == "match"]
    mine = _reached(left, matches)
    if answer == "do_not_match":
        if right in mine:
            raise DecisionRefused(f"{left} and {right} are one customer already: {_named(mine[right])}.", UNDO_FIRST)
        return
    yours = _reached(right, matches)
    for d in known.values():
        across = (d.left in mine and d.right in yours) or (d.left in yours and d.right in mine)
        if d.answer == "do_not_match" and across:
            raise DecisionRefused(f"{left} and {right} cannot be one customer: {_named((d,))}.", UNDO_FIRST)


def what_decides(
    left: RecordKey, right: RecordKey, known: Mapping[tuple[RecordKey, RecordKey], Decision]
) -> tuple[Decision, ...]:
    """The standing decisions from which it follows what two records are, none where nothing was decided.

    One on the two themselves, else a chain of matches from one to the other, in which at most one is a do-not-match.
    """
    if own := known.get((left, right)):
        return (own,)
    matches = [d for d in known.values() if d.answer == "match"]
    mine, yours = _reached(left, matches), _reached(right, matches)
    if right in mine:
        return mine[right]
    for d in sorted((d for d in known.values() if d.answer == "do_not_match"), key=lambda d: d.number):
        for near, far in ((d.left, d.right), (d.right, d.left)):
            if near in mine and far in yours:
                return (*mine[near], d, *reversed(yours[far]))
    return ()


def _reached(start: RecordKey, matches: list[Decision]) -> dict[RecordKey, tuple[Decision, ...]]:
    """Every record that match decisions tie to this one, with the decisions that lead there."""
    ties: dict[RecordKey, list[tuple[RecordKey, Decision]]] = {}
    for d in matches:
        ties.setdefault(d.left, []).append((d.right, d))
        ties.setdefault(d.right, []).append((d.left, d))
    found: dict[RecordKey, tuple[Decision, ...]] = {start: ()}
    waiting = [start]
    for here in waiting:
        for there, d in ties.get(here, []):
            if there not in found:
                found[there] = (*found[here], d)
                waiting.append(there)
    return found


def _named(decisions: tuple[Decision, ...]) -> str:
    return "; ".join(
        f"decision {d.number} of {d.author} on {d.at} says that {d.left} and {d.right} are {WORDS[d.answer]}"
        for d in decisions
    )
