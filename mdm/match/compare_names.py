"""How alike two names are: bags of words, each word counting by how rare it is in this very data.

A shared rare word says much, a shared "Holding" little, and a rare word that only one name has says that they differ.
Words that are cut, abbreviated or mistyped count in part. Everything is counted in thousandths of a bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import Indel, Prefix

from mdm.match.encode import BITS, MISSING, Ints, Longs
from mdm.match.encoded import NAME_WIDTH, Encoded
from mdm.match.words import SAME, WORKERS, may_be_alike, word_similarity

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class NameEvidence:
    """By pair: the shares of each name's information that the other covers (thousandths), and what is shared.

    `surplus` is the information shared beyond what one coincidence among all records needs, in thousandths of a bit:
    at zero one further record would be expected to share as much by chance, at 3000 an eighth of one. `fewer` and
    `more` are what the two names say beyond what they share, `start` the letters with which both begin.
    """

    lower: Longs
    higher: Longs
    surplus: Longs
    fewer: Longs
    more: Longs
    joined: Longs
    start: Longs
    alias: Longs
    numbers_differ: Flags
    missing: Flags


MOST_LETTERS: Final = 20

WIDTHS: Final = (3, 5, NAME_WIDTH)
"""Pairs are compared in tables as wide as the longer of their names: most have three words, and cost a tenth so."""


def compare_names(e: Encoded, left: Ints, right: Ints) -> NameEvidence:
    """Name evidence of each pair (left[i], right[i]); swapping left and right changes nothing."""
    found = np.zeros((len(left), 5), dtype=np.int64)
    numbers = np.zeros(len(left), dtype=np.bool_)
    words = (e.tokens.codes != MISSING).sum(axis=1)
    longer = np.maximum(words[left], words[right])
    least = 0
    for width in WIDTHS:
        chosen = np.flatnonzero((longer > least) & (longer <= width))
        covered, differ = _compare_bags(e, e.tokens.codes[left[chosen], :width], e.tokens.codes[right[chosen], :width])
        found[chosen], numbers[chosen] = covered, differ
        least = width
    joined, start = _joined(e, left, right)
    chance = int(np.rint(np.log2(max(e.size, 2)) * BITS))
    return NameEvidence(
        lower=found[:, 0],
        higher=found[:, 1],
        surplus=found[:, 2] - chance,
        fewer=found[:, 3],
        more=found[:, 4],
        joined=joined,
        start=start,
        alias=shared_aliases(e, left, right),
        numbers_differ=numbers,
        missing=(words[left] == 0) | (words[right] == 0),
    )


def _compare_bags(e: Encoded, a: Ints, b: Ints) -> tuple[Longs, Flags]:
    """By pair: the lower and the higher share covered, the bits shared, the fewer and the more bits left over; whether
    a number stands in one name only.
    """
    equal = (a[:, :, None] == b[:, None, :]) & (a != MISSING)[:, :, None]
    best_a = np.where(equal.any(axis=2), SAME, 0).astype(np.int64)
    best_b = np.where(equal.any(axis=1), SAME, 0).astype(np.int64)
    _soften(e, (a, b), (best_a, best_b))
    bits_a, bits_b = _weights(e.words.bits, a), _weights(e.words.bits, b)
    covered_a, covered_b = (bits_a * best_a).sum(axis=1) // SAME, (bits_b * best_b).sum(axis=1) // SAME
    whole_a, whole_b = bits_a.sum(axis=1), bits_b.sum(axis=1)
    share_a, share_b = covered_a * 1000 // np.maximum(whole_a, 1), covered_b * 1000 // np.maximum(whole_b, 1)
    rest_a, rest_b = whole_a - covered_a, whole_b - covered_b
    covered = [
        np.minimum(share_a, share_b),
        np.maximum(share_a, share_b),
        np.minimum(covered_a, covered_b),
        np.minimum(rest_a, rest_b),
        np.maximum(rest_a, rest_b),
    ]
    numbers = e.words.numbers
    return np.stack(covered, axis=1), _unmatched_number(numbers, a, best_a) | _unmatched_number(numbers, b, best_b)


def _weights(bits: Longs, codes: Ints) -> Longs:
    if not len(bits):
        return np.zeros(codes.shape, dtype=np.int64)
    return np.where(codes == MISSING, 0, bits[codes])


def _soften(e: Encoded, words: tuple[Ints, Ints], best: tuple[Longs, Longs]) -> None:
    """Raise `best` of the words that found no equal by how alike the best remaining word of the other name is."""
    a, b = words
    open_a, open_b = (best[0] == 0) & (a != MISSING), (best[1] == 0) & (b != MISSING)
    pair, i, j = np.nonzero(open_a[:, :, None] & open_b[:, None, :])
    one, other = a[pair, i], b[pair, j]
    kept = np.flatnonzero(may_be_alike(one, other, e.words))
    if not len(kept):
        return
    pair, i, j = pair[kept], i[kept], j[kept]
    low, high = np.minimum(one, other)[kept].astype(np.int64), np.maximum(one, other)[kept].astype(np.int64)
    vocabulary = len(e.words.texts)
    distinct, place = np.unique(low * vocabulary + high, return_inverse=True)
    alike = word_similarity(
        (distinct // vocabulary).astype(np.int32), (distinct % vocabulary).astype(np.int32), e.words
    )[place]
    np.maximum.at(best[0], (pair, i), alike)
    np.maximum.at(best[1], (pair, j), alike)


def _joined(e: Encoded, left: Ints, right: Ints) -> tuple[Longs, Longs]:
    """Likeness of the names written without blanks, in thousandths, and the number of letters both begin with."""
    a, b = e.joined.codes[left], e.joined.codes[right]
    same = (a == b) & (a != MISSING)
    result = np.where(same, 1000, 0).astype(np.int64)
    start = np.where(same, MOST_LETTERS, 0).astype(np.int64)
    todo = np.nonzero((a != b) & (a != MISSING) & (b != MISSING))[0]
    if len(todo):
        texts = [e.joined.values.gather(pl.Series(codes[todo])).to_list() for codes in (a, b)]
        ratio = process.cpdist(*texts, scorer=Indel.normalized_similarity, workers=WORKERS)
        result[todo] = np.rint(ratio * 1000).astype(np.int64)
        start[todo] = process.cpdist(*texts, scorer=Prefix.similarity, workers=WORKERS).astype(np.int64)
    return result, np.minimum(start, MOST_LETTERS)


def shared_aliases(e: Encoded, left: Ints, right: Ints) -> Longs:
    """Information of the rarest name, trade name or web brand that both have, or that is the acronym of the other.

    Two names with one acronym say nothing: many do.
    """
    names, bits = e.aliases.codes, e.aliases.bits
    short = e.acronym.codes[:, None]
    found = [
        shared_bits(names[left], names[right], bits),
        shared_bits(short[left], names[right], bits),
        shared_bits(names[left], short[right], bits),
    ]
    return np.asarray(np.max(found, axis=0), dtype=np.int64)


def shared_bits(left: Ints, right: Ints, bits: Longs) -> Longs:
    """How surprising the rarest value is that both rows of codes hold, in thousandths of a bit; 0 where none."""
    result = np.zeros(len(left), dtype=np.int64)
    both = np.flatnonzero((left[:, 0] != MISSING) & (right[:, 0] != MISSING))
    a, b = left[both], right[both]
    for i in range(a.shape[1]):
        equal = (a[:, i : i + 1] == b).any(axis=1) & (a[:, i] != MISSING)
        found = np.flatnonzero(equal)
        result[both[found]] = np.maximum(result[both[found]], np.maximum(bits[a[found, i]], 1))
    return result


def _unmatched_number(digits: Flags, codes: Ints, best: Longs) -> Flags:
    if not len(digits):
        return np.zeros(len(codes), dtype=np.bool_)
    return np.asarray((digits[codes] & (codes != MISSING) & (best == 0)).any(axis=1), dtype=np.bool_)
