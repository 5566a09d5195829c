"""How the match weights of a run are spread, by what became of the pairs, and what such weights have been worth."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WeightRow:
    """Pairs of one step of weight: joined without asking, left for a person, left alone; and their expected share.

    `label` names the step in bits; `expected` is the share of matches that such pairs had on labelled sets.
    """

    label: str
    joined: int
    asked: int
    alone: int
    expected: float | None = None

    @property
    def linked(self) -> int:
        """Pairs that were joined or asked about."""
        return self.joined + self.asked


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What pairs were worth on labelled sets: `share` of matches at this weight in bits, `above` from it upward.

    `lowest` is the share from it upward in the worst of the sets.
    """

    bits: float
    share: float
    above: float
    lowest: float


@dataclass(frozen=True, slots=True)
class Weights:
    """The steps from the heaviest down, and of all pairs joined the share that is expected to be right.

    `worst` is the share of such links in the worst of the labelled sets; `curve` is the calibration by rising weight.
    `asked_from` and `joined_from` are the lowest weights of this run that a person is asked about and that joined, in
    bits; None where there was no such pair.
    """

    rows: tuple[WeightRow, ...]
    expected: float | None = None
    worst: float | None = None
    curve: tuple[CurvePoint, ...] = ()
    asked_from: float | None = None
    joined_from: float | None = None
