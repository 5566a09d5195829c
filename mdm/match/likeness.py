"""How alike two names are as one number of bits: what each piece of name evidence is worth, learnt and kept as data.

A sum of broken lines (a generalised additive model): each piece of evidence counts by a line through a few knots, and
more likeness never counts less. `benchmarks/train_names.py` learns the lines from labelled pairs.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from mdm.match.compare_names import NameEvidence

SHIPPED: Final = Path(__file__).parent / "models" / "names.json"

Longs = npt.NDArray[np.int64]


class NameScale(BaseModel):
    """For each piece of evidence its knots and the thousandths of a bit gained from each knot to the next."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: int
    lines: Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]]

    def likeness(self, evidence: Mapping[str, Longs]) -> Longs:
        """The likeness of each pair in thousandths of a bit; at zero its names speak for nothing."""
        total = np.full(len(next(iter(evidence.values()))), self.start, dtype=np.int64)
        for name, (knots, gains) in self.lines.items():
            for low, high, gain in zip(knots[:-1], knots[1:], gains, strict=True):
                total += np.clip(evidence[name] - low, 0, high - low) * gain // (high - low)
        return total


@cache
def shipped_scale() -> NameScale:
    """The scale that every run uses; it is part of the comparisons, like the bounds of their levels."""
    return NameScale.model_validate_json(SHIPPED.read_bytes())


def likeness(n: NameEvidence) -> Longs:
    """The likeness of each pair of names in thousandths of a bit."""
    evidence = {
        "lower": n.lower,
        "higher": n.higher,
        "surplus": n.surplus,
        "joined": n.joined,
        "start": n.start,
        "fewer": n.fewer,
        "more": n.more,
    }
    return shipped_scale().likeness(evidence)
