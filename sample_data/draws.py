"""Chance that repeats: every draw is a pure function of seed, purpose and number, on every machine.

Draws are counter based (splitmix64 over unsigned 64-bit integers), so no library's stream of random numbers is part of
the promise that the same seed gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
SECOND: Final = np.uint64(0x94D049BB133111EB)


@dataclass(frozen=True, slots=True)
class Draws:
    """All chance of one generated world. `purpose` names a decision; `ids` number the things it is taken for."""

    seed: int

    def bits(self, purpose: str, ids: Ints) -> NDArray[np.uint64]:
        """64 evenly spread bits for each id (splitmix64, Steele, Lea and Flood 2014)."""
        key = np.uint64(int.from_bytes(blake2b(f"{self.seed}/{purpose}".encode(), digest_size=8).digest(), "little"))
        z = (ids.astype(np.uint64) + np.uint64(1)) * GOLDEN + key
        z = (z ^ (z >> np.uint64(30))) * FIRST
        z = (z ^ (z >> np.uint64(27))) * SECOND
        return z ^ (z >> np.uint64(31))

    def below(self, purpose: str, ids: Ints, limit: int | Ints) -> Ints:
        """An integer from 0 to limit - 1 for each id; limits are below 2^31."""
        high = self.bits(purpose, ids) >> np.uint64(32)
        return ((high * np.asarray(limit, dtype=np.uint64)) >> np.uint64(32)).astype(np.int64)

    def hits(self, purpose: str, ids: Ints, per_mille: int | Ints) -> Mask:
        """True for about `per_mille` of a thousand ids."""
        return self.below(purpose, ids, 1000) < per_mille

    def weighted(self, purpose: str, ids: Ints, weights: Sequence[int]) -> Ints:
        """An index into `weights` for each id, as often as its weight says."""
        edges = np.cumsum(np.asarray(weights, dtype=np.int64))
        return np.searchsorted(edges, self.below(purpose, ids, int(edges[-1])), side="right").astype(np.int64)
