"""Names of one firm in two scripts: the counterparts of every name, found once and looked up by pairs of records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from mdm.match.counterparts import find_counterparts
from mdm.match.encode import BITS, MISSING, Column, Ints, Longs
from mdm.match.name_sides import NATIVE, LatinNames, NativeNames, written_by_sound

Flags = npt.NDArray[np.bool_]

LATIN: Final = "^[ -~]*[a-z][ -~]*$"
KEPT: Final = 4
"""Of each name so many counterparts are compared: the likeliest."""

UNLIKE: Final = -4 * BITS
"""The likeness of names that are no counterparts, and the least that counterparts have."""


@dataclass(frozen=True, slots=True)
class TwoScripts:
    """By the code of a name whether it is native or Latin, and the places of its counterparts in `pairs`.

    `pairs` are the sorted numbers of (native, Latin), `likeness` that of each in thousandths of a bit.
    """

    native: Flags
    latin: Flags
    pairs: Longs
    likeness: Longs
    counterparts: Ints

    def apart(self, left: Ints, right: Ints) -> Flags:
        """Whether each two names, by their codes, are in two scripts."""
        if not len(self.native):
            return np.zeros(len(left), dtype=np.bool_)
        there = (left != MISSING) & (right != MISSING)
        found = (self.native[left] & self.latin[right]) | (self.latin[left] & self.native[right])
        return np.asarray(there & found)

    def likenesses(self, left: Ints, right: Ints) -> Longs:
        """How alike each two names in two scripts are; `UNLIKE` where they are no counterparts."""
        first = self.native[left]
        number = np.where(first, left, right).astype(np.int64) * len(self.native) + np.where(first, right, left)
        at = np.searchsorted(self.pairs, number)
        found = np.append(self.pairs, MISSING)[at] == number
        return np.asarray(np.where(found, np.append(self.likeness, UNLIKE)[at], UNLIKE), dtype=np.int64)

    def keys(self, names: Ints) -> Longs:
        """Of each record the places of its name's counterparts: records that share one are worth comparing."""
        if not len(self.pairs):
            return np.full((len(names), 1), MISSING, dtype=np.int64)
        return np.where((names == MISSING)[:, None], np.int64(MISSING), self.counterparts[names].astype(np.int64))


def find_two_scripts(joined: Column, cores: pl.Series) -> TwoScripts:
    """The counterparts of all names, `joined` by record and `cores` beside it; none where all are in one script."""
    if not cores.str.contains(NATIVE).any():
        return _nothing()
    names = (
        pl.DataFrame({"code": joined.codes.astype(np.int64), "core": cores})
        .filter((pl.col("code") != MISSING) & pl.col("core").is_not_null())
        .group_by("code")
        .agg(pl.col("core").min())
        .sort("code")
    )
    native, latin = (names.filter(pl.col("core").str.contains(letters)) for letters in (NATIVE, LATIN))
    if not (native.height and latin.height):
        return _nothing()
    latins = LatinNames.read(latin["core"], by_consonants=written_by_sound(native["core"]))
    found = find_counterparts(NativeNames.read(native["core"], latins), latins).filter(pl.col("likeness") > UNLIKE)
    pairs = found.select(
        "likeness", native=native["code"].gather(found["native"]), latin=latin["code"].gather(found["latin"])
    )
    return _as_table(pairs.sort("native", "latin"), native["code"], latin["code"], len(joined.values))


def _nothing() -> TwoScripts:
    none, flags = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_)
    return TwoScripts(flags, flags, none, none, np.zeros((0, KEPT), dtype=np.int32))


def _as_table(pairs: pl.DataFrame, native: pl.Series, latin: pl.Series, count: int) -> TwoScripts:
    flags = np.zeros((2, count), dtype=np.bool_)
    flags[0, native.to_numpy()] = True
    flags[1, latin.to_numpy()] = True
    counterparts = np.full((count, KEPT), MISSING, dtype=np.int32)
    placed = pairs.with_row_index("pair")
    for side in ("native", "latin"):
        best = (
            placed.sort(side, "likeness", "pair", descending=[False, True, False])
            .with_columns(place=pl.int_range(pl.len()).over(side))
            .filter(pl.col("place") < KEPT)
        )
        counterparts[best[side].to_numpy(), best["place"].to_numpy()] = best["pair"].to_numpy()
    number = pairs["native"].to_numpy() * count + pairs["latin"].to_numpy()
    return TwoScripts(flags[0], flags[1], number, pairs["likeness"].to_numpy().astype(np.int64), counterparts)
