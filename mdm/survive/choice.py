"""One winner for each customer: the rules are tried in order, and the record key decides at last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from mdm.rulebook.stages import SurvivorshipRule
from mdm.survive.candidates import Candidates
from mdm.survive.contributors import BoolArray, IntArray
from mdm.survive.spelling import spelling_ranks

ONLY_VALUE: Final = "only_value"
RECORD_KEY: Final = "record_key"

Step = tuple[str, Callable[[], IntArray]]
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

    What has nothing against it goes first, then the rules in their order, then the smallest record key and the place
    in the record's own list. The rule named is the one by which the strongest rival with another value lost;
    `only_value` where there is no other value.
    """
    begins = _begins(candidates.customer)
    alone = begins & np.append(begins[1:], np.ones(min(1, len(begins)), dtype=np.bool_))
    winner = np.flatnonzero(alone)
    rest = np.flatnonzero(~alone)
    contested = candidates.where(~alone)
    first = "valid" if len(candidates.attributes) == 1 else "complete"
    steps: list[Step] = [(first, lambda: contested.doubt)]
    for rule in rules:
        steps += [(rule, rank) for rank in _ranks(rule, contested, ranks)]
    chosen, lost_at = _narrow(contested.customer, steps)
    rule_of = _deciding(contested, chosen, lost_at)
    names = pl.Series([ONLY_VALUE, *(name for name, _ in steps), RECORD_KEY], dtype=pl.String)
    at = np.concatenate([winner, rest[chosen]])
    rule_at = np.concatenate([np.zeros(len(winner), dtype=np.int64), rule_of])
    order = np.argsort(at)
    return Choice(at[order], names.gather(rule_at[order]))


def _begins(customer: IntArray) -> BoolArray:
    """Where a customer's candidates begin."""
    begins = np.ones(len(customer), dtype=np.bool_)
    begins[1:] = customer[1:] != customer[:-1]
    return begins


def _narrow(customer: IntArray, steps: Sequence[Step]) -> tuple[IntArray, IntArray]:
    """The winner of each customer, and for each candidate the step (from 1) at which it lost; 0 for winners.

    Candidates stand in the order of the last tie-break, so of those left at the end the first wins.
    """
    lost_at = np.zeros(len(customer), dtype=np.int64)
    left = np.arange(len(customer))
    customers = int(_begins(customer).sum())
    for number, (_, rank) in enumerate(steps, start=1):
        if len(left) == customers:
            break
        ranks, starts = rank()[left], np.flatnonzero(_begins(customer[left]))
        best = np.minimum.reduceat(ranks, starts)
        stays = ranks == np.repeat(best, np.diff(np.append(starts, len(left))))
        lost_at[left[~stays]] = number
        left = left[stays]
    first = _begins(customer[left])
    lost_at[left[~first]] = len(steps) + 1
    return left[first], lost_at


def _deciding(candidates: Candidates, chosen: IntArray, lost_at: IntArray) -> IntArray:
    """For each customer the last step at which a candidate with another value than the winner's lost; 0 for none."""
    if not len(chosen):
        return np.zeros(0, dtype=np.int64)
    starts = np.flatnonzero(_begins(candidates.customer))
    winner = np.repeat(chosen, np.diff(np.append(starts, len(lost_at))))
    differs = (candidates.value != candidates.value.gather(winner)).to_numpy()
    last: IntArray = np.maximum.reduceat(np.where(differs, lost_at, 0), starts)
    return last


def _ranks(rule: SurvivorshipRule, candidates: Candidates, ranks: RecordRanks) -> list[Callable[[], IntArray]]:
    match rule:
        case "most_recent":
            return [lambda: ranks.recent[candidates.row]]
        case "source_order":
            return [lambda: ranks.source[candidates.row]]
        case "longest":
            return [lambda: -candidates.value.str.len_chars().cast(pl.Int64).to_numpy()]
        case "well_written":
            return [lambda: spelling_ranks(candidates.customer, candidates.value)]
        case "most_frequent":
            return [
                lambda: -_count(candidates.customer, candidates.folded),
                lambda: -_count(candidates.customer, candidates.value),
            ]


def _count(customer: IntArray, text: pl.Series) -> IntArray:
    """How many candidates of the same customer have the same text."""
    frame = pl.DataFrame({"customer": customer, "text": text})
    return frame.select(pl.len().over("customer", "text").cast(pl.Int64)).to_series().to_numpy()
