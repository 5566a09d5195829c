"""What a match weight has been worth: the share of true matches by weight, and the weight for a stated precision.

Measured on labelled sets, each weighed by a model that was not fitted to it, each set counting the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from mdm.match.model import CalibrationPoint

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

FROM, TO = -8, 24
STEPS: Final = tuple(float(bits) for bits in range(FROM, TO + 1))
LEAST_LINKS: Final = 50
"""A set with fewer pairs at some weight says nothing about that weight."""


@dataclass(frozen=True, slots=True)
class Known:
    """The pairs of one labelled set: their weights in bits and whether they match."""

    bits: Floats
    match: Flags


def calibrate(sets: Sequence[Known]) -> tuple[CalibrationPoint, ...]:
    """A point for each whole bit: the share of matches from it to the next point, and from it upward.

    Both are means over the sets that have pairs there, drawn together by isotonic regression where they fall (Ayer
    and others, 1955), so that neither falls as the weight rises. `lowest` is the share upward in the worst set.
    """
    at = [[_share(s, low, high) for s in sets] for low, high in zip(STEPS, [*STEPS[1:], np.inf], strict=True)]
    upward = [[_share(s, low, np.inf) for s in sets] for low in STEPS]
    at_means, counts = zip(*(_mean(found) for found in at), strict=True)
    up_means, up_counts = zip(*(_mean(found) for found in upward), strict=True)
    local, above = isotonic(at_means, counts), isotonic(up_means, up_counts)
    worst = [min((x for x in found if x is not None), default=0.0) for found in upward]
    return tuple(
        CalibrationPoint(weight=w, share=round(a, 4), above=round(b, 4), lowest=round(c, 4))
        for w, a, b, c in zip(STEPS, local, above, worst, strict=True)
        if b > 0
    )


def _share(known: Known, low: float, high: float) -> float | None:
    chosen = known.match[(known.bits >= low) & (known.bits < high)]
    return float(chosen.mean()) if len(chosen) >= LEAST_LINKS else None


def _mean(found: Sequence[float | None]) -> tuple[float, float]:
    seen = [x for x in found if x is not None]
    return (float(np.mean(seen)), float(len(seen))) if seen else (0.0, 0.0)


def isotonic(values: Sequence[float], counts: Sequence[float]) -> list[float]:
    """The rising sequence nearest to the values, each counting by its count; one that counts nothing takes its left's.

    Pool adjacent violators.
    """
    blocks: list[list[float]] = []  # mean, count, places
    for value, count in zip(values, counts, strict=True):
        if not count and blocks:
            blocks[-1][2] += 1
            continue
        blocks.append([value, count, 1])
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            mean, more, places = blocks.pop()
            before = blocks[-1]
            total = before[1] + more
            before[0] = (before[0] * before[1] + mean * more) / total if total else mean
            before[1], before[2] = total, before[2] + places
    return [mean for mean, _, places in blocks for _ in range(int(places))]


def weight_for(calibration: Sequence[CalibrationPoint], precision: float) -> float | None:
    """The lowest weight in bits from which links have that precision; None where no weight promises it."""
    return next((p.weight for p in calibration if p.above >= precision), None)


def expected(calibration: Sequence[CalibrationPoint], bits: Floats) -> Floats:
    """The share of matches that pairs of these weights have had; below the first point that of the first."""
    starts = np.array([p.weight for p in calibration])
    place = np.clip(np.searchsorted(starts, bits, side="right") - 1, 0, len(starts) - 1)
    return np.asarray(np.array([p.share for p in calibration])[place], dtype=np.float64)
