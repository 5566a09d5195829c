"""Adapts a model to the records of one run, without labels and within narrow bounds; guards refuse what went wrong.

Expectation maximisation on the distinct patterns of levels, begun at the model and drawn to it by pseudo counts. All
shares are shares among candidate pairs, as in the model itself: blocking chose the pairs, so they say nothing about
records drawn at random. A model's weights also make up for evidence that comes in twice, a name and its web address
say, and expectation maximisation is blind to that: therefore no weight may go far, and only half of the way is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from mdm.match.compare_values import Levels
from mdm.match.model import ComparisonModel, MatchModel, PopulationModel
from mdm.match.refine_guards import Course, RefineGuard, guard, stands
from mdm.match.scoring import distinct_patterns
from mdm.match.training import shares

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

LEVEL_BITS: Final = 1.0
PRIOR_BITS: Final = 2.0
PART: Final = 1.0
PSEUDO_MATCHES: Final = 300.0
PSEUDO_OTHERS: Final = 3_000.0
"""How many pairs the model's own shares count as. These five were chosen on labelled sets that the model refined had
not been fitted to (docs/decisions/0110)."""

MOST_ROUNDS: Final = 200
SETTLED: Final = 1e-4


@dataclass(frozen=True, slots=True)
class Refined:
    """The model to weigh with, and what the guards found; where one stopped, the model's population is as it was."""

    model: MatchModel
    guards: tuple[RefineGuard, ...]


def keep_model(model: MatchModel, levels: Mapping[str, Levels], people: Flags) -> Refined:  # noqa: ARG001 - called in place of refine_model
    """The model as it stands."""
    return Refined(model, ())


@dataclass(frozen=True, slots=True)
class _Patterns:
    """Distinct rows of levels (patterns, comparisons), -1 for missing, and how many pairs have each."""

    rows: npt.NDArray[np.int64]
    pairs: Floats

    def count(self, comparison: int, levels: int, part: Floats) -> Floats:
        """Pairs by level of one comparison, each pattern counting by `part`."""
        column = self.rows[:, comparison]
        known = column >= 0
        counted = np.bincount(column[known], weights=(self.pairs * part)[known], minlength=levels)
        return np.asarray(counted, dtype=np.float64)


WeighBy = Callable[[MatchModel, Mapping[str, Levels], Flags], Refined]
"""How a run comes to its model: `refine_model` or `keep_model`."""


def refine_model(model: MatchModel, levels: Mapping[str, Levels], people: Flags) -> Refined:
    """The model adapted to these candidate pairs; where a guard stops it, that population stays as it is.

    `levels` holds the level of each pair by comparison, `people` whether both records are persons. Each level keeps
    its place in the order, m and u of each comparison add up to one, and a level that no pair has keeps its weight.
    The result depends on how many pairs have which levels, not on their order.
    """
    guards: list[RefineGuard] = []
    adapted: dict[str, PopulationModel] = {}
    kinds: tuple[tuple[Literal["organisation", "person"], Flags], ...] = (("organisation", ~people), ("person", people))
    for kind, chosen in kinds:
        if not chosen.any():
            continue
        before = model.population(kind)
        patterns = _patterns({name: found[chosen] for name, found in levels.items()}, before)
        after, course = _refine(before, patterns)
        guards += guard(kind, course)
        if stands(course):
            adapted[kind] = after
    if not adapted:
        return Refined(model, tuple(guards))
    named = {
        "version": f"{model.version}, refined",
        "trained_on": f"{model.trained_on}; refined on {len(people):,} pairs",
    }
    # A copy would keep the digest of the model it began with.
    return Refined(MatchModel.model_validate({**model.model_dump(), **named, **adapted}), tuple(guards))


def _patterns(levels: Mapping[str, Levels], model: PopulationModel) -> _Patterns:
    first, place = distinct_patterns(levels, model)
    rows = np.stack([levels[c.name][first].astype(np.int64) for c in model.comparisons], axis=1)
    return _Patterns(rows, np.bincount(place, minlength=len(first)).astype(np.float64))


def _refine(model: PopulationModel, patterns: _Patterns) -> tuple[PopulationModel, Course]:
    start = [np.array([x.weight for x in c.levels]) for c in model.comparisons]
    bits, prior, rounds, change = start, model.prior_weight, 0, np.inf
    while rounds < MOST_ROUNDS and change >= SETTLED:
        rounds += 1
        chance = _chance(patterns, bits, prior)
        share = float((patterns.pairs * chance).sum() / patterns.pairs.sum())
        prior = float(np.clip(_bits(share), model.prior_weight - PRIOR_BITS, model.prior_weight + PRIOR_BITS))
        moved = [_level_weights(c, patterns, at, chance) for at, c in enumerate(model.comparisons)]
        change = max(float(np.abs(a - b).max()) for a, b in zip(moved, bits, strict=True))
        bits = moved
    away = np.concatenate([b - s for b, s in zip(bits, start, strict=True)])
    half = [s + PART * (b - s) for b, s in zip(bits, start, strict=True)]
    after = _with_weights(model, half, model.prior_weight + PART * (prior - model.prior_weight), patterns)
    return after, Course(
        pairs=int(patterns.pairs.sum()),
        rounds=rounds,
        settled=change < SETTLED,
        share=share,
        at_bound=int((np.abs(away) > LEVEL_BITS - SETTLED).sum()),
        levels=int((np.abs(away) > 0).sum()),
        fit_before=_fit(patterns, model),
        fit_after=_fit(patterns, after),
    )


def _level_weights(model: ComparisonModel, patterns: _Patterns, at: int, chance: Floats) -> Floats:
    """The next weights of one comparison: m and u from the pairs and the pseudo counts, kept in bounds and in order."""
    m, u = (np.array([getattr(x, name) for x in model.levels]) for name in ("m", "u"))
    start = np.log2(m / u)
    matches, others = (patterns.count(at, len(m), part) for part in (chance, 1 - chance))
    m = (matches + PSEUDO_MATCHES * m) / (matches.sum() + PSEUDO_MATCHES)
    u = (others + PSEUDO_OTHERS * u) / (others.sum() + PSEUDO_OTHERS)
    within = np.clip(np.log2(m / u), start - LEVEL_BITS, start + LEVEL_BITS)
    return np.asarray(np.maximum.accumulate(np.where(matches + others > 0, within, start)))


def _chance(patterns: _Patterns, bits: list[Floats], prior: float) -> Floats:
    """The match probability of each pattern."""
    weight = np.full(len(patterns.pairs), prior)
    for at, known in enumerate(bits):
        weight += np.append(known, 0.0)[patterns.rows[:, at]]
    return np.asarray(1 / (1 + np.exp2(-weight)))


def _with_weights(model: PopulationModel, bits: list[Floats], prior: float, patterns: _Patterns) -> PopulationModel:
    """The population with these weights, its m as near as can be to what is seen among the likely matches."""
    chance = _chance(patterns, bits, prior)
    comparisons = []
    for at, (c, wanted) in enumerate(zip(model.comparisons, bits, strict=True)):
        seen = patterns.count(at, len(wanted), chance)
        if not patterns.count(at, len(wanted), np.ones_like(chance)).any():
            comparisons.append(c)
            continue
        m, u = shares(wanted, seen)
        levels = (
            x.model_copy(update={"m": round(float(a), 9), "u": round(float(b), 9)})
            for x, a, b in zip(c.levels, m, u, strict=True)
        )
        comparisons.append(c.model_copy(update={"levels": tuple(levels)}))
    return PopulationModel(prior=round(float(1 / (1 + 2.0**-prior)), 9), comparisons=tuple(comparisons))


def _fit(patterns: _Patterns, model: PopulationModel) -> float:
    """The log likelihood of the pairs in bits a pair: how well the model foretells what levels there are."""
    match, other = (np.full(len(patterns.pairs), np.log2(x)) for x in (model.prior, 1 - model.prior))
    for at, c in enumerate(model.comparisons):
        column = patterns.rows[:, at]
        match += np.append(np.log2([x.m for x in c.levels]), 0.0)[column]
        other += np.append(np.log2([x.u for x in c.levels]), 0.0)[column]
    return float((patterns.pairs * np.logaddexp2(match, other)).sum() / patterns.pairs.sum())


def _bits(share: float) -> float:
    bounded = min(max(share, 1e-9), 1 - 1e-9)
    return float(np.log2(bounded / (1 - bounded)))
