"""Pairs that no blocking rule found, drawn where matches could hide, each with how many pairs it stands for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from mdm.match.blocking import ORDINARY, STRONG
from mdm.match.encode import MISSING, Column, Ints, Lists, Longs, encode_column
from mdm.match.encoded import Encoded

Floats = npt.NDArray[np.float64]
Bits = npt.NDArray[np.uint64]

WORD_LETTERS: Final = 4
NAME_LETTERS: Final = 5

NUMBER_AT: Final = 40
"""The bit of a key from which on the number of its rule stands; codes stay below."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Pairs (left < right) that were never compared; each stands for so many; whether chance drew it."""

    left: Ints
    right: Ints
    stands_for: Floats
    by_chance: npt.NDArray[np.bool_]


def scattered(numbers: Bits) -> Bits:
    """Whole numbers scattered evenly over 64 bits (splitmix64: Steele, Lea and Flood, 2014)."""
    z = numbers + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(z ^ (z >> np.uint64(31)), dtype=np.uint64)


def _codes(lists: Lists) -> Longs:
    return lists.codes.astype(np.int64)


def _one(column: Column) -> Longs:
    return column.codes.astype(np.int64)[:, None]


def _beginnings(e: Encoded) -> Longs:
    """How the words of a name begin."""
    short = encode_column(e.tokens.values.str.slice(0, WORD_LETTERS)).codes.astype(np.int64)
    return np.where(e.tokens.codes == MISSING, MISSING, np.append(short, MISSING)[e.tokens.codes])


def _ending(e: Encoded) -> Longs:
    """How the whole name ends: most cut and mistyped names differ elsewhere."""
    ends = encode_column(e.joined.values.str.slice(-NAME_LETTERS)).codes.astype(np.int64)
    return np.append(ends, MISSING)[e.joined.codes][:, None]


def _everybody(e: Encoded) -> Longs:
    return np.zeros((e.size, 1), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class CoarseKey:
    """A key by which a match that blocking missed can still be found; `share` where blocking has the same key.

    Then blocks of up to `share` percent of the cap are left out: all their pairs were compared.
    """

    keys: Callable[[Encoded], Longs]
    share: int = 0


COARSE: Final[tuple[CoarseKey, ...]] = (
    CoarseKey(_beginnings),
    CoarseKey(_ending),
    CoarseKey(lambda e: _codes(e.tokens), share=ORDINARY),
    CoarseKey(lambda e: _codes(e.aliases), share=STRONG),
    CoarseKey(lambda e: _codes(e.identifiers), share=STRONG),
    CoarseKey(lambda e: _codes(e.phones), share=ORDINARY),
    CoarseKey(lambda e: _codes(e.emails), share=STRONG),
    CoarseKey(lambda e: _codes(e.brands), share=STRONG),
    CoarseKey(lambda e: _one(e.skeleton), share=ORDINARY),
    CoarseKey(lambda e: _one(e.birth_date)),
    CoarseKey(lambda e: _one(e.postcode)),
    CoarseKey(_everybody),
)


@dataclass(frozen=True, slots=True)
class _Frame:
    """All keys: records of each block side by side, where each block begins, its pairs, and how often each is drawn."""

    matrix: Longs
    members: Ints
    start: Longs
    size: Longs
    key: Longs
    pairs: Longs
    expected: Floats


def draw_unblocked(e: Encoded, candidates: pl.DataFrame, budget: int, *, cap: int) -> Drawn:
    """About `budget` draws, as even over the blocks of the coarse keys as can be: small blocks whole, large ones by
    chance; of them the pairs that are no candidates, each as often as it was drawn. `cap` is that of blocking.
    """
    if e.size < 2:
        nobody = np.zeros(0, dtype=np.int32)
        return Drawn(nobody, nobody, np.zeros(0), np.zeros(0, dtype=np.bool_))
    frame = _frame(_matrix(e), budget, cap)
    left, right = _draw(frame)
    fresh = ~_known(candidates, left, right)
    left, right = left[fresh], right[fresh]
    expected = _expected(frame, left, right)
    return Drawn(left, right, 1 / expected, expected < 1)


def _matrix(e: Encoded) -> Longs:
    """One row a record with its keys, each once, of all coarse rules; the number of the rule stands above the code."""
    parts = []
    for number, coarse in enumerate(COARSE):
        codes = np.sort(coarse.keys(e), axis=1)
        codes[:, 1:][codes[:, 1:] == codes[:, :-1]] = MISSING
        parts.append(np.where(codes == MISSING, MISSING, codes | (number << NUMBER_AT)))
    return np.concatenate(parts, axis=1)


def _frame(matrix: Longs, budget: int, cap: int) -> _Frame:
    flat = matrix.reshape(-1)
    there = np.flatnonzero(flat != MISSING)
    order = there[np.argsort(flat[there], kind="stable")]  # by key, then by record
    key, start, size = np.unique(flat[order], return_index=True, return_counts=True)
    compared = np.array([max(1, cap * coarse.share // 100) for coarse in COARSE])
    shared = size > compared[key >> NUMBER_AT]
    pairs = size * (size - 1) // 2
    key, start, size, pairs = key[shared], start[shared], size[shared], pairs[shared]
    level = _level(pairs, budget)
    members = (order // matrix.shape[1]).astype(np.int32)
    return _Frame(matrix, members, start, size, key, pairs, np.minimum(pairs, level))


def _level(pairs: Longs, budget: int) -> float:
    """The most draws of one block with which all blocks together take the budget."""
    ordered = np.sort(pairs)
    before = np.concatenate([[0], np.cumsum(ordered)[:-1]])
    rest = len(ordered) - np.arange(len(ordered))
    fits = before + rest * ordered >= budget
    if not fits.any():
        return float(ordered[-1]) if len(ordered) else 0.0
    first = int(np.argmax(fits))
    return float((budget - before[first]) / rest[first])


def _draw(frame: _Frame) -> tuple[Ints, Ints]:
    """The drawn pairs: every pair of a block that is taken whole, else as many as expected, by hashes of the key."""
    whole = frame.expected >= frame.pairs
    toss = scattered(frame.key.astype(np.uint64)).astype(np.float64) / 2.0**64
    times = np.where(whole, frame.pairs, np.floor(frame.expected + toss)).astype(np.int64)
    block = np.repeat(np.arange(len(times)), times)
    nth = np.arange(len(block)) - np.repeat(np.cumsum(times) - times, times)
    size = frame.size[block]
    # The n-th pair of a whole block: place `high` has `high` pairs with the places below it.
    high = np.floor((1 + np.sqrt(1 + 8 * nth.astype(np.float64))) / 2).astype(np.int64)
    high -= high * (high - 1) // 2 > nth
    high += high * (high + 1) // 2 <= nth
    low = nth - high * (high - 1) // 2
    chance = scattered(scattered(frame.key[block].astype(np.uint64)) + nth.astype(np.uint64))
    one = ((chance >> np.uint64(32)) % size.astype(np.uint64)).astype(np.int64)
    other = ((chance & np.uint64(0xFFFFFFFF)) % (size - 1).astype(np.uint64)).astype(np.int64)
    other += other >= one
    at = frame.start[block]
    a = frame.members[at + np.where(whole[block], low, one)]
    b = frame.members[at + np.where(whole[block], high, other)]
    return np.minimum(a, b), np.maximum(a, b)


def _known(candidates: pl.DataFrame, left: Ints, right: Ints) -> npt.NDArray[np.bool_]:
    """Whether each pair is a candidate: looked up by halving, as candidates are sorted by (left, right)."""
    lefts, rights = candidates["left"].to_numpy(), candidates["right"].to_numpy()
    low, high = np.searchsorted(lefts, left, "left"), np.searchsorted(lefts, left, "right")
    end = high.copy()
    while (low < high).any():
        middle = (low + high) // 2
        below = np.take(rights, middle, mode="clip") < right
        low, high = np.where((low < high) & below, middle + 1, low), np.where((low < high) & ~below, middle, high)
    return np.asarray((low < end) & (np.take(rights, low, mode="clip") == right)) if len(rights) else low < end


def _expected(frame: _Frame, left: Ints, right: Ints) -> Floats:
    """How often each pair is drawn, expected over all the blocks that hold both records."""
    total = np.zeros(len(left))
    for column in range(frame.matrix.shape[1]):
        key = frame.matrix[left, column]
        held = (frame.matrix[right] == key[:, None]).any(axis=1) & (key != MISSING)
        at = np.searchsorted(frame.key, key)
        held &= np.take(frame.key, at, mode="clip") == key  # else the block is left out
        total[held] += frame.expected[at[held]] / frame.pairs[at[held]]
    return total
