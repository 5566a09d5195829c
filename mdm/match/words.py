"""How alike two words are: cut short, abbreviated or mistyped, in thousandths.

Compared are distinct pairs of words that differ, never pairs of records; the measures are rapidfuzz's, the bounds ours.
Most pairs of words have nothing in common, which their letters tell for a hundredth of what measuring them costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler, LCSseq

from mdm.match.encode import Ints, Lists, Longs

Flags = npt.NDArray[np.bool_]
Letters = npt.NDArray[np.uint64]

SAME: Final = 1000
CUT: Final = 850
"""One word begins with the other of four letters or more: a name field was too short, or a habit of writing."""
CUT_SHORT: Final = 650
INITIAL: Final = 350
SQUEEZED: Final = 700
"""The letters of the shorter stand in the longer in order and both begin alike: mfg, hldgs, intl."""
ALIKE: Final = 800
JARO_FROM: Final = 930
JARO_LEAST: Final = 0.8825
"""Jaro similarity of two words that begin with the same four letters and reach `JARO_FROM` by Jaro-Winkler."""

NUMBER_AT_MOST: Final = 2500
LETTER_AT_MOST: Final = 3000
TWO_LETTERS_AT_MOST: Final = 6000

WORKERS: Final = 2


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The distinct words of all names, by code, and what is asked of each again and again.

    `bits` is what a word says, in thousandths of a bit, `numbers` whether it is all digits, `lengths` its letters;
    `letters` has a bit for each letter in it (those of equal rank modulo 64 share one), `first` its first letter.
    """

    texts: pl.Series
    bits: Longs
    numbers: Flags
    digits: Flags
    lengths: Longs
    letters: Letters
    first: Ints

    @staticmethod
    def of(words: Lists) -> Vocabulary:
        """The vocabulary of a list column."""
        texts = words.values
        points = _points(texts)
        numbers = texts.str.contains(r"^\d+$").to_numpy()
        lengths = texts.str.len_chars().to_numpy().astype(np.int64)
        return Vocabulary(
            texts=texts,
            bits=_bits(words.bits, numbers, lengths),
            numbers=numbers,
            digits=texts.str.contains(r"\d").to_numpy(),
            lengths=lengths,
            letters=_letters(points, len(texts)),
            first=points.unique("code", keep="first", maintain_order=True)["point"].to_numpy(),
        )


def _bits(bits: Longs, numbers: Flags, lengths: Longs) -> Longs:
    """How rare a word is, but a number or a letter or two never say much.

    Names are full of short things that are rare by chance: a share class, a branch number, the rest of a cut word.
    """
    most = np.select(
        [numbers, lengths == 1, lengths == 2], [NUMBER_AT_MOST, LETTER_AT_MOST, TWO_LETTERS_AT_MOST], 1 << 40
    )
    return np.asarray(np.minimum(bits, most), dtype=np.int64)


def _points(texts: pl.Series) -> pl.DataFrame:
    """The code points of each word, in order."""
    single = texts.to_frame("letter").with_row_index("code").with_columns(pl.col("letter").str.split(""))
    long = single.explode("letter", empty_as_null=True, keep_nulls=True).filter(pl.col("letter") != "")
    known = long["letter"].unique()
    points = pl.Series([ord(letter) for letter in known.to_list()], dtype=pl.Int32)
    return long.with_columns(point=pl.col("letter").replace_strict(known, points, return_dtype=pl.Int32))


def _letters(points: pl.DataFrame, count: int) -> Letters:
    letters = np.zeros(count, dtype=np.uint64)
    bit = np.uint64(1) << (points["point"].to_numpy() % 64).astype(np.uint64)
    np.bitwise_or.at(letters, points["code"].to_numpy(), bit)
    return letters


def may_be_alike(left: Ints, right: Ints, words: Vocabulary) -> Flags:
    """Whether two words can have any likeness, by their letters alone: where not, `word_similarity` is zero.

    One who begins with the other or is squeezed from it has all of its letters; two slips change two letters at most;
    and words alike by Jaro-Winkler have most of their letters in common.
    """
    swap = words.lengths[left] > words.lengths[right]
    one, other = np.where(swap, right, left), np.where(swap, left, right)
    short, long = words.lengths[one], words.lengths[other]
    a, b = words.letters[one], words.letters[other]
    lacking, further = np.bitwise_count(a & ~b).astype(np.int64), np.bitwise_count(b & ~a).astype(np.int64)
    contained = (lacking == 0) & (words.first[one] == words.first[other])
    most = np.where(short >= 7, 2, 1)
    mistyped = (short >= 4) & (long - short <= most) & (lacking <= most) & (further <= most)
    common = np.minimum(short - lacking, long - further)
    jaro = (short >= 5) & (common * (short + long) >= (3 * JARO_LEAST - 1) * short * long)
    return np.asarray((contained | mistyped | jaro) & ~(words.digits[left] | words.digits[right]))


def word_similarity(left: Ints, right: Ints, words: Vocabulary) -> Longs:
    """Similarity in thousandths of each pair of word codes (left[i], right[i]); symmetric; 0 where unlike.

    Words with a digit are only ever equal or different: a 2 is not a mistyped 3.
    """
    result = np.zeros(len(left), dtype=np.int64)
    asked = np.flatnonzero(may_be_alike(left, right, words))
    if len(asked):
        result[asked] = _measured(left[asked], right[asked], words)
    return result


def _measured(left: Ints, right: Ints, words: Vocabulary) -> Longs:
    a, b = words.texts.gather(pl.Series(left)), words.texts.gather(pl.Series(right))
    short = np.minimum(words.lengths[left], words.lengths[right])
    long = np.maximum(words.lengths[left], words.lengths[right])
    same_start = words.first[left] == words.first[right]
    begins = (
        pl.DataFrame({"a": a, "b": b})
        .select(pl.col("a").str.starts_with(pl.col("b")) | pl.col("b").str.starts_with(pl.col("a")))
        .to_series()
        .to_numpy()
    )
    al, bl = a.to_list(), b.to_list()
    edits = process.cpdist(al, bl, scorer=OSA.distance, score_cutoff=2, workers=WORKERS).astype(np.int64)
    common = process.cpdist(al, bl, scorer=LCSseq.similarity, workers=WORKERS).astype(np.int64)
    jaro = np.rint(process.cpdist(al, bl, scorer=JaroWinkler.similarity, workers=WORKERS) * 1000).astype(np.int64)

    result = np.zeros(len(al), dtype=np.int64)
    result[(jaro >= JARO_FROM) & (short >= 5)] = ALIKE
    squeezed = same_start & (common == short) & (short >= 3) & (long > short)
    result[squeezed] = np.maximum(result[squeezed], SQUEEZED)
    mistyped = ((edits == 1) & (short >= 4)) | ((edits == 2) & (short >= 7))
    result[mistyped] = np.maximum(result[mistyped], (SAME * (long - edits) // np.maximum(long, 1))[mistyped])
    cut = np.select([begins & (short >= 4), begins & (short >= 2), begins & (short == 1)], [CUT, CUT_SHORT, INITIAL], 0)
    return np.asarray(np.maximum(result, cut), dtype=np.int64)
