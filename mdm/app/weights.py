"""From the weights of a run to what its report shows of them: how they are spread and what they have been worth."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from mdm.match import Matched, expected
from mdm.report import CurvePoint, WeightRow, Weights

MICRO: Final = 1_000_000
EDGES: Final = (-np.inf, -8.0, -6.0, -4.0, -2.0, 0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, np.inf)
"""Steps of two bits: one that is less than the calibration's own step would promise what was not measured."""


def weights_told(matched: Matched) -> Weights:
    """How many pairs of each step of weight were joined, asked about or left alone, heaviest first."""
    points = matched.weighing.model.calibration
    bits = matched.evidence["weight"].to_numpy() / MICRO
    joined = (matched.evidence["band"] == "auto").to_numpy()
    asked = matched.links["weight"].to_numpy()[(matched.links["band"] == "review").to_numpy()] / MICRO
    rows = []
    for low, high in zip(EDGES[-2::-1], EDGES[:0:-1], strict=True):
        here = (bits >= low) & (bits < high)
        pairs, sure, doubtful = int(here.sum()), int((here & joined).sum()), _within(asked, low, high)
        share = float(expected(points, bits[here]).mean()) if points and pairs else None
        rows.append(WeightRow(_label(low, high), sure, doubtful, pairs - sure - doubtful, share))
    told = Weights(
        tuple(rows),
        curve=tuple(CurvePoint(p.weight, p.share, p.above, p.lowest) for p in points),
        asked_from=_least(asked),
        joined_from=_least(bits[joined]),
    )
    if not points or told.joined_from is None:
        return told
    least = told.joined_from
    worst = max((p for p in points if p.weight <= least), key=lambda p: p.weight, default=points[0]).lowest
    return replace(told, expected=float(expected(points, bits[joined]).mean()), worst=worst)


def _least(bits: npt.NDArray[np.float64]) -> float | None:
    return float(bits.min()) if len(bits) else None


def _within(bits: npt.NDArray[np.float64], low: float, high: float) -> int:
    return int(((bits >= low) & (bits < high)).sum())


def _label(low: float, high: float) -> str:
    if high == np.inf:
        return f"{low:.0f} and more"
    return f"below {high:.0f}" if low == -np.inf else f"{low:.0f} to {high:.0f}"
