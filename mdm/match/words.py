"""How alike two words are: cut short, abbreviated or mistyped, in thousandths.

Compared are distinct pairs of words that differ, never pairs of records; the measures are rapidfuzz's, the bounds ours.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler, LCSseq

from mdm.match.encode import Ints, Longs

SAME: Final = 1000
CUT: Final = 850
"""One word begins with the other of four letters or more: a name field was too short, or a habit of writing."""
CUT_SHORT: Final = 650
INITIAL: Final = 350
SQUEEZED: Final = 700
"""The letters of the shorter stand in the longer in order and both begin alike: mfg, hldgs, intl."""
ALIKE: Final = 800

WORKERS: Final = 2


def word_similarity(left: Ints, right: Ints, words: pl.Series) -> Longs:
    """Similarity in thousandths of each pair of word codes (left[i], right[i]); symmetric; 0 where unlike.

    Words with a digit are only ever equal or different: a 2 is not a mistyped 3.
    """
    if not len(left):
        return np.zeros(0, dtype=np.int64)
    a, b = words.gather(pl.Series(left)), words.gather(pl.Series(right))
    lengths = np.stack([a.str.len_chars().to_numpy(), b.str.len_chars().to_numpy()])
    short, long = lengths.min(axis=0).astype(np.int64), lengths.max(axis=0).astype(np.int64)
    same_start = (a.str.slice(0, 1) == b.str.slice(0, 1)).to_numpy()
    words_of = pl.DataFrame({"a": a, "b": b})
    begins = (
        words_of.select(pl.col("a").str.starts_with(pl.col("b")) | pl.col("b").str.starts_with(pl.col("a")))
        .to_series()
        .to_numpy()
    )
    has_digit = (a.str.contains(r"\d") | b.str.contains(r"\d")).to_numpy()
    al, bl = a.to_list(), b.to_list()
    edits = process.cpdist(al, bl, scorer=OSA.distance, score_cutoff=2, workers=WORKERS).astype(np.int64)
    common = process.cpdist(al, bl, scorer=LCSseq.similarity, workers=WORKERS).astype(np.int64)
    jaro = np.rint(process.cpdist(al, bl, scorer=JaroWinkler.similarity, workers=WORKERS) * 1000).astype(np.int64)

    result = np.zeros(len(al), dtype=np.int64)
    result[(jaro >= 930) & (short >= 5)] = ALIKE
    squeezed = same_start & (common == short) & (short >= 3) & (long > short)
    result[squeezed] = np.maximum(result[squeezed], SQUEEZED)
    mistyped = ((edits == 1) & (short >= 4)) | ((edits == 2) & (short >= 7))
    result[mistyped] = np.maximum(result[mistyped], (SAME * (long - edits) // np.maximum(long, 1))[mistyped])
    cut = np.select([begins & (short >= 4), begins & (short >= 2), begins & (short == 1)], [CUT, CUT_SHORT, INITIAL], 0)
    result = np.maximum(result, cut)
    result[has_digit] = 0
    return np.asarray(result, dtype=np.int64)
