"""What each level of evidence weighs, learnt from pairs whose answer is known.

A logistic model with one weight a level: higher levels of a comparison never weigh less than lower ones, and each
weight is drawn to the one it starts from, so that few answers move little. The weights then become m and u of the
Fellegi-Sunter form: log2(m / u) of each level is its weight, and both add up to one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.linalg import block_diag  # type: ignore[import-untyped] # SciPy ships no types
from scipy.optimize import brentq, minimize  # type: ignore[import-untyped] # SciPy ships no types

from mdm.match.compare_values import Levels

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

STRONGEST: Final = 12.0
"""No level weighs more bits than this, for or against, unless it did so from the start."""

LEAST_SHARE: Final = 2e-6


@dataclass(frozen=True, slots=True)
class Answered:
    """Pairs whose answer is known: their levels by comparison, whether they match, and as how many each counts."""

    levels: Mapping[str, Levels]
    match: Flags
    counts: Floats


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights in bits: that of the prior, and those of each comparison's levels from the lowest up."""

    prior: float
    levels: Mapping[str, tuple[float, ...]]


def learn_weights(
    answers: Sequence[Answered], start: Weights, *, ridge: float, prior_within: float, level_ridge: float = 0.0
) -> Weights:
    """The most likely weights, drawn to those of `start`: each step between two levels by `ridge` (per nat squared).

    `level_ridge` draws the weight of each level as a whole; then one answer moves none by more than 1 / it nats.
    The prior is not drawn anywhere, but may leave that of `start` by `prior_within` bits at most. Without answers
    nothing moves.
    """
    if not answers:
        return start
    x = np.concatenate([_indicators(a.levels, start) for a in answers])
    y = np.concatenate([a.match for a in answers]).astype(np.float64)
    w = np.concatenate([a.counts for a in answers])
    begin = np.append(_steps(start), start.prior * np.log(2))
    summed = block_diag(*[np.tri(len(bits)) for bits in start.levels.values()], np.zeros((1, 1)))

    def loss(b: Floats) -> tuple[float, Floats]:
        s = x @ b
        gradient = x.T @ (w * (1 / (1 + np.exp(-s)) - y))
        away = np.append(b[:-1] - begin[:-1], 0.0)
        moved = summed @ away
        penalty = ridge * away @ away / 2 + level_ridge * moved @ moved / 2
        pull = ridge * away + level_ridge * (moved @ summed)
        return float(w @ (np.logaddexp(0, s) - y * s) + penalty), gradient + pull

    rising = [(0.0 if level else -np.inf, np.inf) for bits in start.levels.values() for level in range(len(bits))]
    prior = (begin[-1] - prior_within * np.log(2), begin[-1] + prior_within * np.log(2))
    found = minimize(loss, begin, jac=True, method="L-BFGS-B", bounds=[*rising, prior], options={"maxiter": 2000}).x
    return _weights(found / np.log(2), start)


def _indicators(levels: Mapping[str, Levels], start: Weights) -> Floats:
    """For each comparison a column 'known', then 'at least level 1', 'at least level 2', …; a last one for the prior.

    The columns add up, so that their weights are the steps from one level to the next.
    """
    columns = [levels[name] >= level for name, bits in start.levels.items() for level in range(len(bits))]
    return np.stack([*columns, np.ones(len(columns[0]), dtype=np.bool_)], axis=1).astype(np.float64)


def _steps(weights: Weights) -> Floats:
    """The weights as the model's own parameters: the lowest level, then the step to each next one, in nats."""
    parts = [np.diff(np.array(bits, dtype=np.float64), prepend=0.0) for bits in weights.levels.values()]
    return np.asarray(np.concatenate(parts) * np.log(2), dtype=np.float64)


def _weights(bits: Floats, start: Weights) -> Weights:
    strongest = max([STRONGEST, *(abs(w) for known in start.levels.values() for w in known)])
    levels, at = {}, 0
    for name, known in start.levels.items():
        found = np.clip(np.cumsum(bits[at : at + len(known)]), -strongest, strongest)
        levels[name] = tuple(float(w) for w in found)
        at += len(known)
    return Weights(float(bits[-1]), levels)


def shares(weights: Floats, seen: Floats) -> tuple[Floats, Floats]:
    """M and u with log2(m / u) = weight and both adding up to one, m as near as can be to the shares seen."""
    w = weights.copy()
    if w.max() <= 0.02:
        w[-1] = 0.05
    if w.min() >= -0.02:
        w[0] = -0.05
    odds = 2.0**-w
    base = (seen + 0.5) / (seen + 0.5).sum()

    def tilted(k: float) -> Floats:
        m = base * np.exp(k * (w - w.max() if k > 0 else w - w.min()))
        return np.asarray(m / m.sum(), dtype=np.float64)

    k = brentq(lambda k: float(tilted(k) @ odds - 1), -400, 400)
    m: Floats = np.maximum(tilted(k), LEAST_SHARE)
    u: Floats = np.maximum(m * odds, LEAST_SHARE)
    return m / m.sum(), u / u.sum()
