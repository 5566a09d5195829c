"""Arranges the calibration of the match weights as a plot: plain geometry, no markup."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mdm.report.weights import CurvePoint, Weights

Line = Literal["share", "above", "lowest"]

WIDTH: Final = 640.0
HEIGHT: Final = 240.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 12.0, 22.0, 30.0
BITS_APART: Final = 4
SHARES: Final = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on an axis and what stands there."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    """The three lines of the calibration as the points of polylines, the ticks of both axes, and the run's own marks.

    All in units of a drawing of WIDTH x HEIGHT whose frame is `left` to `right` and `top` to `bottom`.
    """

    share: str
    above: str
    lowest: str
    bits: tuple[Mark, ...]
    shares: tuple[Mark, ...]
    marks: tuple[Mark, ...]
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT
    top: float = TOP
    bottom: float = HEIGHT - BOTTOM


def plot(weights: Weights) -> Plot | None:
    """The calibration drawn to scale; None where the model has none."""
    points = weights.curve
    if len(points) < 2:
        return None
    low, high = points[0].bits, points[-1].bits
    ticks = [b for b in range(round(low), round(high) + 1) if b % BITS_APART == 0]
    named = (("asked from", weights.asked_from), ("joined from", weights.joined_from))
    return Plot(
        share=_line(points, "share"),
        above=_line(points, "above"),
        lowest=_line(points, "lowest"),
        bits=tuple(Mark(_across(b, low, high), str(b)) for b in ticks),
        shares=tuple(Mark(_down(s), f"{s:.0%}") for s in SHARES),
        marks=tuple(
            Mark(_across(min(max(b, low), high), low, high), f"{what} {b:.1f}") for what, b in named if b is not None
        ),
    )


def _line(points: Sequence[CurvePoint], line: Line) -> str:
    low, high = points[0].bits, points[-1].bits
    return " ".join(f"{_across(p.bits, low, high)},{_down(getattr(p, line))}" for p in points)


def _across(bits: float, low: float, high: float) -> float:
    return round(LEFT + (bits - low) / (high - low) * (WIDTH - LEFT - RIGHT), 1)


def _down(share: float) -> float:
    return round(TOP + (1 - share) * (HEIGHT - TOP - BOTTOM), 1)
