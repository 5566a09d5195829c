"""What stewards said of pairs of records: the decisions that stand, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from mdm.records import Receipt, RecordKey, SystemName

Answer = Literal["match", "do_not_match", "unsure"]
Pair = tuple[RecordKey, RecordKey]

WORDS: Final[Mapping[str, str]] = {"match": "one customer", "do_not_match": "two customers"}
UNDO_FIRST: Final = "Undo that decision first if it is wrong."


@dataclass(frozen=True, slots=True)
class Said:
    """Who decides, when (ISO text in UTC) and why; `receipt` is the message from a browser that brought it."""

    author: str
    at: str
    reason: str
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that stands, on two records in the order of their keys.

    `deed` is the number of the merge, split, ... that left it; None where a steward spoke of the pair itself.
    """

    number: int
    answer: Answer
    left: RecordKey
    right: RecordKey
    author: str
    at: str
    reason: str
    deed: int | None = None


def standing(decisions: pl.DataFrame) -> dict[Pair, Decision]:
    """The decisions that stand, by their pair.

    `decisions` has id, kind, system_l, key_l, system_r, key_r, author, at, reason, deed and stands.
    """
    kept = decisions.filter(pl.col("stands") & (pl.col("kind") != "withdrawn"))
    found = {}
    for row in kept.iter_rows(named=True):
        left = RecordKey(SystemName(row["system_l"]), row["key_l"])
        right = RecordKey(SystemName(row["system_r"]), row["key_r"])
        said = (row["author"], row["at"], row["reason"], row["deed"])
        found[left, right] = Decision(row["id"], row["kind"], left, right, *said)
    return found


def ordered(one: RecordKey, other: RecordKey) -> Pair:
    return min(one, other), max(one, other)


def reached(start: RecordKey, matches: Iterable[Decision]) -> dict[RecordKey, tuple[Decision, ...]]:
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


def tied(records: Iterable[RecordKey], ties: Iterable[Pair]) -> set[RecordKey]:
    """The records and all that these pairs tie to them."""
    near: dict[RecordKey, list[RecordKey]] = {}
    for one, other in ties:
        near.setdefault(one, []).append(other)
        near.setdefault(other, []).append(one)
    found = set(records)
    waiting = list(found)
    while waiting:
        new = [there for there in near.get(waiting.pop(), ()) if there not in found]
        found.update(new)
        waiting += new
    return found


def what_decides(left: RecordKey, right: RecordKey, known: Mapping[Pair, Decision]) -> tuple[Decision, ...]:
    """The standing decisions from which it follows what two records are, none where nothing was decided.

    One on the two themselves, else a chain of matches from one to the other, in which at most one is a do-not-match.
    """
    own = known.get((left, right))
    if own is not None and own.answer != "unsure":
        return (own,)
    matches = [d for d in known.values() if d.answer == "match"]
    mine, yours = reached(left, matches), reached(right, matches)
    if right in mine:
        return mine[right]
    for d in sorted((d for d in known.values() if d.answer == "do_not_match"), key=lambda d: d.number):
        for near, far in ((d.left, d.right), (d.right, d.left)):
            if near in mine and far in yours:
                return (*mine[near], d, *reversed(yours[far]))
    return ()


def named(decisions: Iterable[Decision]) -> str:
    """Decisions as a refusal tells them: number, author, time and what they say."""
    return "; ".join(
        f"decision {d.number} of {d.author} on {d.at} says that {d.left} and {d.right} are {WORDS[d.answer]}"
        for d in decisions
    )
