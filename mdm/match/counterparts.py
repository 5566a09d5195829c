"""Which native names and which names in Latin letters may be one name, and how alike they are.

A native name is told by its sound (味全, Wei Chuan), by its meaning (台泥, Taiwan Cement), or begins by sound and ends
by meaning (和泰車, Hotai Motor). Such names are short and many sound alike, so much depends on whether another name of
these very records fits as well: beside one equal rival a name is worth about one bit less than alone.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from mdm.match.encode import BITS, Ints, Longs
from mdm.match.meanings import Meant
from mdm.match.name_sides import CHARACTERS, WORDS, LatinNames, NativeNames

SHARED_BY_MANY: Final = 2_500
"""A sound or two meanings that more pairs of names share than this are no way of telling."""

SLICE: Final = 50_000

SOUND: Final = 1_780
NEAR: Final = 155
FAR: Final = 58
"""A spelling loses so much for each tenth of distance, up to one and beyond."""
LETTER: Final = 330
MORE_CHARACTERS: Final = 480
MEANING: Final = 130
MOST_OF_MEANING: Final = 14 * BITS
UNTOLD: Final = 560
FURTHER: Final = 750
NATIVE_RIVALS: Final = 940
LATIN_RIVALS: Final = 1_230
MOST_OF_RIVALS: Final = 4 * BITS
"""Thousandths of a bit, from a logistic model of Taiwanese firms (docs/decisions/0225)."""


def find_counterparts(natives: NativeNames, latins: LatinNames) -> pl.DataFrame:
    """Pairs (native, latin, likeness), each once, sorted: the likeness of the way of telling that fits best."""
    ways = pl.concat([_by_sound(natives, latins), _by_meaning(natives, latins)]).sort(
        "native", "latin", "characters", "words", "far"
    )
    slices = [_fit(ways[at : at + SLICE], natives, latins) for at in range(0, max(ways.height, 1), SLICE)]
    best = (
        pl.concat(slices)
        .sort("native", "latin", "fit", "likeness", descending=[False, False, True, True])
        .unique(["native", "latin"], keep="first", maintain_order=True)
    )
    fit, likeness = best["fit"].to_numpy(), best["likeness"].to_numpy()
    beside_native, beside_latin = (_rivals(best[side].to_numpy(), fit) for side in ("native", "latin"))
    less = (beside_native * NATIVE_RIVALS + beside_latin * LATIN_RIVALS) // BITS
    return best.select("native", "latin", likeness=pl.Series(likeness - less))


def _by_sound(natives: NativeNames, latins: LatinNames) -> pl.DataFrame:
    """Names that begin with the same sound."""
    found = _meet(natives.heads, latins.heads, "sound")
    letters = pl.col("sound").str.len_chars().cast(pl.Int64)
    return found.select("native", "latin", "characters", "words", "far", letters=letters)


def _by_meaning(natives: NativeNames, latins: LatinNames) -> pl.DataFrame:
    """Names that have two meanings in common, told by two characters and by two words."""
    one, other = _meanings(natives.characters, natives.meant, "native"), _meanings(latins.words, latins.meant, "latin")
    left = _in_twos(one.join(other, on="meaning", how="semi"), "native")
    right = _in_twos(other.join(one, on="meaning", how="semi"), "latin").join(left, on="meanings", how="semi")
    nothing = (pl.lit(0, dtype=pl.Int64).alias(c) for c in ("characters", "words", "far", "letters"))
    return _meet(left, right, "meanings").select("native", "latin").unique().with_columns(*nothing)


def _meet(native: pl.DataFrame, latin: pl.DataFrame, key: str) -> pl.DataFrame:
    """All pairs of one key, but keys that too many share."""
    sizes = (
        native.group_by(key)
        .agg(pl.col("native").n_unique().cast(pl.Int64))
        .join(latin.group_by(key).agg(pl.col("latin").n_unique().cast(pl.Int64)), on=key)
    )
    few = sizes.filter(pl.col("native") * pl.col("latin") <= SHARED_BY_MANY).select(key)
    return native.join(few, on=key, how="semi").join(latin, on=key)


def _meanings(parts: Ints, meant: Meant, name: str) -> pl.DataFrame:
    """By name and place what the part there may mean."""
    part, meaning = np.nonzero(
        ((meant[..., None] >> np.arange(64, dtype=np.uint64)) & np.uint64(1)).reshape(len(meant), -1)
    )
    table = pl.DataFrame({"part": part.astype(np.int32), "meaning": meaning.astype(np.int32)})
    row, place = np.indices(parts.shape)
    used = pl.DataFrame(
        {name: row.reshape(-1), "place": place.reshape(-1).astype(np.int8), "part": parts.reshape(-1).astype(np.int32)}
    )
    return used.join(table, on="part").select(name, "place", "meaning")


def _in_twos(single: pl.DataFrame, name: str) -> pl.DataFrame:
    """By name every two meanings that two places of it have, as one number."""
    return (
        single.join(single, on=name)
        .filter((pl.col("place") != pl.col("place_right")) & (pl.col("meaning") < pl.col("meaning_right")))
        .select(name, meanings=pl.col("meaning") * 65_536 + pl.col("meaning_right"))
        .unique()
    )


def _fit(ways: pl.DataFrame, natives: NativeNames, latins: LatinNames) -> pl.DataFrame:
    """How well each way fits beside others, and what it is worth before its rivals are counted."""
    a, b, head, words, far, letters = (
        ways[c].to_numpy() for c in ("native", "latin", "characters", "words", "far", "letters")
    )
    meant, said = natives.meant[natives.characters[a]], latins.meant[latins.words[b]]
    rest, after = np.arange(CHARACTERS) >= head[:, None], np.arange(WORDS) >= words[:, None]
    told = (meant & np.bitwise_or.reduce(said, axis=1)[:, None, :]).any(axis=2)
    untold = (rest & ~told & (np.arange(CHARACTERS) < natives.length[a][:, None])).sum(axis=1)
    wanted = np.bitwise_or.reduce(np.where(rest[:, :, None], meant, np.uint64(0)), axis=1)
    answered = (said & wanted[:, None, :]).any(axis=2) & after
    meaning = np.minimum((latins.bits[latins.words[b]] * answered).sum(axis=1), MOST_OF_MEANING)
    further = (after & ~answered & latins.distinctive[latins.words[b]]).sum(axis=1)
    sound = head > 0
    fit = (
        np.where(sound, 1_500 - 200 * far + 700 * letters, -2_000)
        + meaning * 7 // 10
        - 2_500 * untold
        - 1_500 * further
    )
    likeness = (
        np.where(sound, SOUND - _distance(far) + LETTER * np.clip(letters - 4, 0, 5), 0)
        + np.where(head > 2, MORE_CHARACTERS, 0)
        + meaning * MEANING // BITS
        - UNTOLD * np.minimum(untold, 2)
        - FURTHER * np.minimum(further, 2)
    )
    return ways.select("native", "latin", fit=pl.Series(fit), likeness=pl.Series(likeness))


def _distance(far: Longs) -> Longs:
    return np.asarray(NEAR * np.minimum(far, 10) + FAR * np.maximum(far - 10, 0), dtype=np.int64)


def _rivals(names: Longs, fit: Longs) -> Longs:
    """How many pairs of the same name fit as well as each, in thousandths of a bit: none for one that is alone."""
    _, place = np.unique(names, return_inverse=True)
    top = np.full(place.max(initial=-1) + 1, np.iinfo(np.int64).min)
    np.maximum.at(top, place, fit)
    below = (top[place] - fit).astype(np.float64)
    together = np.log2(np.bincount(place, weights=np.exp2(-below / BITS)))[place] * BITS if len(fit) else below
    return np.asarray(np.clip(np.rint(together + below), 0, MOST_OF_RIVALS), dtype=np.int64)
