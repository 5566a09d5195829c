"""Which pairs are worth asking a person about: those the model is unsure of, each unlike the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from mdm.match.encode import Ints, Longs
from mdm.match.encoded import Encoded
from mdm.match.learning import teaches
from mdm.match.matching import Weighed, probability_of
from mdm.match.scoring import MICRO
from mdm.match.training import Flags

SCALE: Final = 1_000_000
"""Worth is counted in whole numbers, so that no rounding decides between two pairs."""

LIKENESS: Final = ("person", "pattern", "bit", "systems")
"""What makes two pairs alike: the kind of customer, the levels, the weight to a bit, the two source systems."""


@dataclass(frozen=True, slots=True)
class WeighedPairs:
    """Candidate pairs by rid, sorted by (left, right), with what comparing them said."""

    left: Ints
    right: Ints
    weighed: Weighed


def worth_asking(encoded: Encoded, pairs: WeighedPairs, answered: Flags, *, count: int) -> list[int]:
    """Places of the pairs to ask about, the one that teaches most first; `answered` marks pairs that need no asking.

    A kind of pair (same levels, same two systems) is worth more the less sure the model is of it and the more pairs
    are of that kind. What was asked or answered before makes others more worth: of the same levels most, then of the
    same bit of weight and of the same two systems. Of a kind the pair in the middle is asked. Nothing is left to
    chance, and ties go to the first in order.
    """
    kinds = _kinds(encoded, pairs, answered)
    open_ = kinds.filter(pl.col("places").list.len() > 0)
    if open_.is_empty():
        return []
    worth = open_["worth"].to_numpy()
    codes = {name: open_[name].to_numpy() for name in LIKENESS[1:]}
    asked = {name: _times(kinds, name) for name in codes}
    left = open_["places"].list.len().to_numpy().copy()
    taken: list[int] = []
    while len(taken) < count and left.any():
        seen = {name: 1 + asked[name][code] for name, code in codes.items()}
        value = np.where(left > 0, worth // (seen["pattern"] ** 2 * seen["bit"] * seen["systems"]), -1)
        best = int(value.argmax())
        places = open_["places"][best]
        # The middle of what is left of a kind: the first pairs of an order are often of one sort.
        taken.append(int(places[int(_middle(len(places), int(left[best])))]))
        left[best] -= 1
        for name, code in codes.items():
            asked[name][code[best]] += 1
    return taken


def _kinds(encoded: Encoded, pairs: WeighedPairs, answered: Flags) -> pl.DataFrame:
    """A row for each kind of pair: its worth, how many were answered, and the places of those that were not."""
    systems = np.sort(np.stack([encoded.system.codes[pairs.left], encoded.system.codes[pairs.right]]), axis=0)
    frame = pl.DataFrame(
        {
            **{f"level_{name}": found for name, found in pairs.weighed.levels.items()},
            "person": encoded.person[pairs.left] & encoded.person[pairs.right],
            "low": systems[0],
            "high": systems[1],
            "weight": pairs.weighed.weight,
            "answered": answered,
            "open": ~answered & teaches(pairs.weighed),
        }
    ).with_row_index("place")
    levels = [name for name in frame.columns if name.startswith("level_")]
    coded = frame.select(
        "place",
        "weight",
        "answered",
        "open",
        pattern=pl.struct("person", *levels).rank("dense").cast(pl.Int64) - 1,
        systems=pl.struct("low", "high").rank("dense").cast(pl.Int64) - 1,
        bit=_bit(frame["weight"].to_numpy()),
    )
    kinds = coded.group_by("pattern", "systems", "bit").agg(
        pl.col("weight").first(),
        pairs=pl.len(),
        answered=pl.col("answered").sum().cast(pl.Int64),
        places=pl.col("place").filter("open").sort(),
    )
    ordered = kinds.sort("pattern", "systems")
    return ordered.with_columns(worth=_worth(ordered))


def _bit(weight: Longs) -> pl.Series:
    floor = weight // MICRO
    return pl.Series(floor - floor.min() if len(floor) else floor, dtype=pl.Int64)


def _worth(kinds: pl.DataFrame) -> pl.Series:
    """How unsure the model is (one where both answers are as likely), times the information in how many there are."""
    p = probability_of(kinds["weight"].to_numpy())
    return pl.Series(np.rint(SCALE * 4 * p * (1 - p) * np.log2(1 + kinds["pairs"].to_numpy())).astype(np.int64))


def _times(kinds: pl.DataFrame, name: str) -> Longs:
    """How often each code of a likeness was answered before."""
    return np.bincount(kinds[name].to_numpy(), weights=kinds["answered"].to_numpy()).astype(np.int64)


def _middle(size: int, left: int) -> int:
    """The places of a kind from its middle outwards, as `left` runs down from `size`."""
    step = size - left
    return (size // 2 + (step + 1) // 2 * (-1 if step % 2 else 1)) % size
