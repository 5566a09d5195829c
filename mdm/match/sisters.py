"""Sister firms: "Veltron Holding" and "Veltron Service" of one house are two, however much else they share."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import polars as pl

from mdm.match.compare_values import Flags, Levels
from mdm.match.encode import MISSING, Ints
from mdm.match.encoded import Encoded
from mdm.match.sounds import words_of
from mdm.match.words import word_similarity


def sisters_apart(e: Encoded, left: Ints, right: Ints, levels: Mapping[str, Levels]) -> Flags:
    """Pairs of which each name has a word of a kind that the other lacks, and no number of identification agrees.

    A word in one name only says little: many leave "Holding" out. A word that the other name may have, cut or mistyped,
    is none that it lacks.
    """
    found = np.zeros(len(left), dtype=np.bool_)
    kinds = np.append(_kinds(e.words.texts), MISSING)  # the last is for a missing word
    codes = e.tokens.codes
    has = (kinds[codes] != MISSING).any(axis=1)
    asked = np.flatnonzero(has[left] & has[right] & (levels["identifier"] <= 0) & ~(e.person[left] & e.person[right]))
    a, b = codes[left[asked]], codes[right[asked]]
    both = np.flatnonzero(_other_kind(kinds, a, b).any(axis=1) & _other_kind(kinds, b, a).any(axis=1))
    a, b = a[both], b[both]
    found[asked[both]] = _lacks(e, kinds, a, b) & _lacks(e, kinds, b, a)
    return found


def _kinds(texts: pl.Series) -> Ints:
    """The kind of each word as a number, -1 where it is of none."""
    return texts.replace_strict(kinds_of_words(), default=MISSING, return_dtype=pl.Int32).to_numpy()


@cache
def kinds_of_words() -> dict[str, int]:
    """The shipped words and the number of their kind."""
    lists: dict[str, list[str]] = words_of("sister_words")
    return {word: number for number, words in enumerate(lists.values()) for word in words}


def _other_kind(kinds: Ints, mine: Ints, yours: Ints) -> Flags:
    """Of each of my words whether it has a kind that none of yours has."""
    one, other = kinds[mine], kinds[yours]
    return np.asarray((one != MISSING) & ~(one[:, :, None] == other[:, None, :]).any(axis=2))


def _lacks(e: Encoded, kinds: Ints, mine: Ints, yours: Ints) -> Flags:
    """Whether one of my words has a kind that none of yours has, and none of yours is like it."""
    pair, place = np.nonzero(_other_kind(kinds, mine, yours))
    words = np.repeat(mine[pair, place], yours.shape[1])
    others = yours[pair].reshape(-1)
    there = np.flatnonzero(others != MISSING)
    like = np.zeros(len(others), dtype=np.bool_)
    like[there] = word_similarity(words[there], others[there], e.words) > 0
    alone = ~like.reshape(len(pair), yours.shape[1]).any(axis=1)
    found = np.zeros(len(mine), dtype=np.bool_)
    found[pair[alone]] = True
    return found
