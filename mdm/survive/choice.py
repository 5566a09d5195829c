"""One winner for each customer: the rules are tried in order, and the record key decides at last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from mdm.rulebook.stages import SurvivorshipRule
from mdm.survive.candidates import Candidates
from mdm.survive.contributors import IntArray
from mdm.survive.spelling import spelling_ranks

ONLY_VALUE: Final = "only_value"
RECORD_KEY: Final = "record_key"

Step = tuple[str, Callable[[Candidates], IntArray]]
"""The name of a rule, and how it ranks the candidates: the smallest rank stays."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The winning candidates, one for each customer that has any, and the rule that beat the last different value."""

    winner: IntArray
    rule: pl.Series


@dataclass(frozen=True, slots=True)
class RecordRanks:
    """Ranks of contributors that hold for every attribute: newest first, and by the order of sources."""

    recent: IntArray
    source: IntArray


def choose(candidates: Candidates, rules: Sequence[SurvivorshipRule], ranks: RecordRanks) -> Choice:
    """The best candidate of each customer.

    What has nothing against it goes first, then the rules in their order; of candidates that say the same the one
    with the smallest record key is named. The rule told is the one by which the strongest rival with another value
    lost: `record_key` where no rule could tell them apart, `only_value` where there is no other value.
    """
    first: Step = ("valid" if len(candidates.attributes) == 1 else "complete", lambda contested: contested.doubt)
    steps = [first, *(step for rule in rules for step in _steps(rule, ranks))]
    lost_at = _narrow(candidates, steps)
    winner = np.flatnonzero(lost_at == 0)
    names = pl.Series([ONLY_VALUE, *(name for name, _ in steps), RECORD_KEY], dtype=pl.String)
    return Choice(winner, names.gather(_deciding(candidates, winner, lost_at)))


def _narrow(candidates: Candidates, steps: Sequence[Step]) -> IntArray:
    """For each candidate the step (from 1) at which it lost, 0 for the winner of each customer.

    Candidates stand in the order of the last tie-break, so of those left at the end the first wins. A customer whose
    candidates left all say the same needs no further step, and most customers need none at all.
    """
    lost_at = np.zeros(len(candidates.row), dtype=np.int64)
    place = np.arange(len(candidates.row))
    left = np.ones(len(candidates.row), dtype=np.bool_)
    for number, (_, rank) in enumerate([("", _all_equal), *steps]):
        starts, sizes = _groups(candidates.customer)
        if not len(starts):
            break
        ranks = rank(candidates)
        best = np.minimum.reduceat(np.where(left, ranks, np.iinfo(np.int64).max), starts)
        stays = left & (ranks == np.repeat(best, sizes))
        lost_at[place[left & ~stays]] = number
        first = np.minimum.reduceat(np.where(stays, np.arange(len(stays)), len(stays)), starts)
        agree = (candidates.value == candidates.value.gather(np.repeat(first, sizes))).to_numpy() | ~stays
        open_ = np.repeat(~np.logical_and.reduceat(agree, starts), sizes)
        settled = stays & ~open_
        settled[first[~open_[starts]]] = False
        lost_at[place[settled]] = len(steps) + 1
        candidates, place, left = candidates.where(open_), place[open_], stays[open_]
    starts, _ = _groups(candidates.customer[left])
    last = place[left]
    lost_at[np.delete(last, starts)] = len(steps) + 1
    return lost_at


def _all_equal(candidates: Candidates) -> IntArray:
    """Before any rule: settles the customers whose candidates all say the same."""
    return np.zeros(len(candidates.row), dtype=np.int64)


def _groups(customer: IntArray) -> tuple[IntArray, IntArray]:
    """Where the candidates of each customer begin, and how many there are."""
    begins = np.ones(len(customer), dtype=np.bool_)
    begins[1:] = customer[1:] != customer[:-1]
    starts = np.flatnonzero(begins)
    return starts, np.diff(np.append(starts, len(customer)))


def _deciding(candidates: Candidates, winner: IntArray, lost_at: IntArray) -> IntArray:
    """For each customer the last step at which a candidate with another value than the winner's lost; 0 for none."""
    if not len(winner):
        return np.zeros(0, dtype=np.int64)
    starts, sizes = _groups(candidates.customer)
    differs = (candidates.value != candidates.value.gather(np.repeat(winner, sizes))).to_numpy()
    last: IntArray = np.maximum.reduceat(np.where(differs, lost_at, 0), starts)
    return last


def _steps(rule: SurvivorshipRule, ranks: RecordRanks) -> list[Step]:
    match rule:
        case "most_recent":
            return [(rule, lambda contested: ranks.recent[contested.row])]
        case "source_order":
            return [(rule, lambda contested: ranks.source[contested.row])]
        case "longest":
            return [(rule, lambda contested: -contested.value.str.len_chars().cast(pl.Int64).to_numpy())]
        case "well_written":
            return [(rule, lambda contested: spelling_ranks(contested.customer, contested.value))]
        case "most_frequent":
            return [
                (rule, lambda contested: -_count(contested.customer, contested.folded)),
                (rule, lambda contested: -_count(contested.customer, contested.value)),
            ]


def _count(customer: IntArray, text: pl.Series) -> IntArray:
    """How many candidates of the same customer have the same text."""
    frame = pl.DataFrame({"customer": customer, "text": text})
    return frame.select(pl.len().over("customer", "text").cast(pl.Int64)).to_series().to_numpy()
