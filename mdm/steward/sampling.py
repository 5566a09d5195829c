"""How a sample of alike cases is drawn, and what it says of all of them: the largest share that may be wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Final

Key = tuple[str, str, str, str]
"""The two record keys of a pair: system and key of the smaller one, then of the other."""

CONFIDENCE: Final = 95
"""In per cent: so often a stated bound holds, whatever the cases are like."""

DOUBT: Final = Fraction(100 - CONFIDENCE, 100)


def draw(seed: str, pairs: Iterable[Key], size: int) -> list[Key]:
    """So many of the pairs, chosen by the seed alone: the order in which they are given makes no difference.

    The pairs are ranked by the SHA-256 of the seed and their keys, so every subset is equally likely over the seeds,
    and anybody can draw the same again with the seed.
    """
    return sorted(pairs, key=lambda pair: (_rank(seed, pair), pair))[:size]


def _rank(seed: str, pair: Key) -> bytes:
    told = "".join(f"{len(part)}:{part}" for part in (seed, *pair))
    return hashlib.sha256(told.encode()).digest()


@dataclass(frozen=True, slots=True)
class Bound:
    """What a sample without replacement says: of `among` cases `drawn` were looked at and `wrong` of these were wrong.

    `most` is the exact one-sided upper limit, by the hypergeometric distribution, of how many of all are wrong.
    """

    wrong: int
    drawn: int
    among: int
    most: int

    @property
    def share(self) -> Fraction:
        return Fraction(self.most, self.among) if self.among else Fraction(1)


def bound(wrong: int, drawn: int, among: int) -> Bound:
    """The largest number of wrong cases among all with which so few wrong ones in the sample are not too unlikely.

    That is Clopper and Pearson's limit for a population of known size; for a large one it comes to the binomial limit.
    """
    low, high = wrong, among - (drawn - wrong)
    while low < high:
        middle = (low + high + 1) // 2
        if _at_most(wrong, drawn, among, middle) > DOUBT:
            low = middle
        else:
            high = middle - 1
    return Bound(wrong, drawn, among, low)


def sample_size(among: int, share: Fraction, wrong: int = 0) -> int:
    """How many have to be looked at so that, with so many wrong ones at most, no more than that share of all is wrong.

    All of them where no smaller sample says so.
    """
    too_many = int(share * among) + 1
    low, high = min(wrong, among), among
    while low < high:
        middle = (low + high) // 2
        if too_many <= among and _at_most(wrong, middle, among, too_many) <= DOUBT:
            high = middle
        else:
            low = middle + 1
    return low


def _at_most(wrong: int, drawn: int, among: int, bad: int) -> Fraction:
    """The probability of so few wrong ones in a sample when `bad` of all are wrong, in whole numbers: exact."""
    ways = sum(comb(bad, k) * comb(among - bad, drawn - k) for k in range(min(wrong, drawn, bad) + 1))
    return Fraction(ways, comb(among, drawn))
