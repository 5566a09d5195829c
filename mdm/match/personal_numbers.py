"""What the numbers of two persons say: social security, tax, passport, whatever has a kind and a value.

Numbers of one kind that differ speak against a match; to contradict takes a checksum and a kind that is held once.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from mdm.match.compare_names import shared_bits
from mdm.match.compare_values import Flags, Levels, rare
from mdm.match.encode import MISSING, Ints
from mdm.match.encoded import Encoded
from mdm.match.words import WORKERS

PERSONAL_NUMBER_LEVELS: Final = (
    "conflict",
    "different",
    "nearly the same",
    "the same, not verified",
    "the same, shared by many",
    "the same",
)
SHORTEST: Final = 6
"""Shorter numbers are often one sign apart by chance."""


def personal_number_level(e: Encoded, left: Ints, right: Ints) -> Levels:
    """Conflict: both hold a valid number of one kind of which a customer has one, and none in common."""
    numbers = e.identifiers
    bits = shared_bits(numbers.codes[left], numbers.codes[right], numbers.bits)
    doubtful = shared_bits(e.unverified.codes[left], e.unverified.codes[right], e.unverified.bits)
    every = np.ones(len(e.schemes.values), dtype=np.int64)
    exclusive = shared_bits(e.schemes.codes[left], e.schemes.codes[right], every) > 0
    one_kind, nearly = _near(e, left, right, np.asarray(bits == 0))
    level = np.select(
        [(bits > 0) & rare(bits, e.size), bits > 0, doubtful > 0, exclusive, nearly, one_kind],
        [5, 4, 3, 0, 2, 1],
        MISSING,
    )
    return level.astype(np.int8)


def _near(e: Encoded, left: Ints, right: Ints, open_: Flags) -> tuple[Flags, Flags]:
    """Whether both have a number of one kind, and whether two such numbers are one slip of the finger apart."""
    one_kind, nearly = np.zeros((2, len(left)), dtype=np.bool_)
    codes, kinds = e.identifiers.codes, np.append(e.persons.kinds.to_numpy(), MISSING)
    rows = np.flatnonzero(open_ & (codes[left, 0] != MISSING) & (codes[right, 0] != MISSING))
    a, b = codes[left[rows]], codes[right[rows]]
    at, i, j = np.nonzero((kinds[a][:, :, None] == kinds[b][:, None, :]) & (kinds[a] != MISSING)[:, :, None])
    if not len(at):
        return one_kind, nearly
    one_kind[rows[at]] = True
    low, high = np.minimum(a[at, i], b[at, j]).astype(np.int64), np.maximum(a[at, i], b[at, j]).astype(np.int64)
    count = len(e.identifiers.values)
    distinct, place = np.unique(low * count + high, return_inverse=True)
    values = e.identifiers.values.str.extract(r"([^:]*)$")
    texts = [values.gather(distinct // count).to_list(), values.gather(distinct % count).to_list()]
    near = process.cpdist(*texts, scorer=OSA.distance, score_cutoff=1, workers=WORKERS) <= 1
    near &= np.array([len(text) >= SHORTEST for text in texts[0]])
    nearly[rows[at[near[place]]]] = True
    return one_kind, nearly
