"""Adapts a model to the records of one run, without labels and within narrow bounds; guards refuse what went wrong.

Expectation maximisation on the distinct patterns of levels, begun at the model and drawn to it by pseudo counts. All
shares are shares among candidate pairs, as in the model itself: blocking chose the pairs, so they say nothing about
records drawn at random. A model's weights also make up for evidence that comes in twice, a name and its web address
say, and expectation maximisation is blind to that: therefore no weight may go far.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from mdm.match.compare_values import Levels
from mdm.match.model import ComparisonModel, MatchModel, PopulationModel
from mdm.match.refine_guards import Course, RefineGuard, as_sure, guard, stands
from mdm.match.scoring import distinct_patterns
from mdm.match.training import shares
from mdm.match.unconfirmed import Unconfirmed, unconfirmed

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

LEVEL_BITS: Final = 1.0
PRIOR_BITS: Final = 2.0
PSEUDO_MATCHES: Final = 300.0
PSEUDO_OTHERS: Final = 3_000.0
"""How many pairs the model's own shares count as. These four were chosen on labelled sets that the model refined had
not been fitted to (docs/decisions/0110)."""

PARTS: Final = (1.0, 0.5, 0.25)
"""How much of the way to the estimate is gone: the first part that the guard of unconfirmed joins lets pass."""

MOST_ROUNDS: Final = 200
SETTLED: Final = 1e-4


@dataclass(frozen=True, slots=True)
class Refined:
    """The model to weigh with, and what the guards found; where one stopped, the model's population is as it was."""

    model: MatchModel
    guards: tuple[RefineGuard, ...]


def keep_model(model: MatchModel, levels: Mapping[str, Levels], people: Flags, two: Flags) -> Refined:  # noqa: ARG001 - called in place of refine_model
    """The model as it stands."""
    return Refined(model, ())


@dataclass(frozen=True, slots=True)
class _Patterns:
    """Distinct rows of levels (patterns, comparisons), -1 for missing; how many pairs have each whose answer is open,
    and how many who are surely two.
    """

    rows: npt.NDArray[np.int64]
    pairs: Floats
    two: Floats

    @property
    def all(self) -> float:
        return float(self.pairs.sum() + self.two.sum())

    def count(self, comparison: int, levels: int, counted: Floats) -> Floats:
        """Pairs by level of one comparison; `counted` says how many of each pattern."""
        column = self.rows[:, comparison]
        known = column >= 0
        found = np.bincount(column[known], weights=counted[known], minlength=levels)
        return np.asarray(found, dtype=np.float64)


WeighBy = Callable[[MatchModel, Mapping[str, Levels], Flags, Flags], Refined]
"""How a run comes to its model: `refine_model` or `keep_model`."""


def refine_model(model: MatchModel, levels: Mapping[str, Levels], people: Flags, two: Flags) -> Refined:
    """The model adapted to these candidate pairs; where a guard stops it, that population stays as it is.

    `levels` holds the level of each pair by comparison, `people` whether both records are persons, `two` whether they
    are surely two: such a pair is no match, however much a household makes it look like one. Each level keeps
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
        patterns = _patterns({name: found[chosen] for name, found in levels.items()}, before, two[chosen])
        after, course = _refine(before, patterns, auto_from=_bits(model.auto_from))
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


def _patterns(levels: Mapping[str, Levels], model: PopulationModel, two: Flags) -> _Patterns:
    first, place = distinct_patterns(levels, model)
    rows = np.stack([levels[c.name][first].astype(np.int64) for c in model.comparisons], axis=1)
    open_, sure = (np.bincount(place[which], minlength=len(first)).astype(np.float64) for which in (~two, two))
    return _Patterns(rows, open_, sure)


def _refine(model: PopulationModel, patterns: _Patterns, *, auto_from: float) -> tuple[PopulationModel, Course]:
    start = [np.array([x.weight for x in c.levels]) for c in model.comparisons]
    bits, prior, rounds, change = start, model.prior_weight, 0, np.inf
    while rounds < MOST_ROUNDS and change >= SETTLED:
        rounds += 1
        chance = _chance(patterns, bits, prior)
        share = float((patterns.pairs * chance).sum() / patterns.all)
        prior = float(np.clip(_bits(share), model.prior_weight - PRIOR_BITS, model.prior_weight + PRIOR_BITS))
        moved = [_level_weights(c, patterns, at, chance) for at, c in enumerate(model.comparisons)]
        change = max(float(np.abs(a - b).max()) for a, b in zip(moved, bits, strict=True))
        bits = moved
    away = np.concatenate([b - s for b, s in zip(bits, start, strict=True)])
    after, part, unsure = _as_far_as_sure(model, (bits, prior), patterns, auto_from=auto_from)
    return after, Course(
        pairs=int(patterns.all),
        rounds=rounds,
        settled=change < SETTLED,
        share=share,
        at_bound=int((np.abs(away) > LEVEL_BITS - SETTLED).sum()),
        levels=int((np.abs(away) > 0).sum()),
        fit_before=_fit(patterns, model),
        fit_after=_fit(patterns, after),
        part=part,
        unsure=unsure,
    )


def _as_far_as_sure(
    model: PopulationModel, goal: tuple[list[Floats], float], patterns: _Patterns, *, auto_from: float
) -> tuple[PopulationModel, float, tuple[Unconfirmed, Unconfirmed]]:
    """The model moved to the goal; half or a quarter of the way where else too many joins would rest on nothing sure.

    With the part that was gone, and what was not confirmed before and after.
    """
    counts = (patterns.pairs, patterns.two)
    before = unconfirmed(patterns.rows, counts, model, auto_from=auto_from)
    bits, prior = goal
    for part in PARTS:
        moved = [
            np.array([x.weight for x in c.levels]) * (1 - part) + part * b
            for c, b in zip(model.comparisons, bits, strict=True)
        ]
        after = _with_weights(model, moved, model.prior_weight + part * (prior - model.prior_weight), patterns)
        unsure = unconfirmed(patterns.rows, counts, after, auto_from=auto_from)
        if as_sure(before, unsure):
            break
    return after, part, (before, unsure)


def _level_weights(model: ComparisonModel, patterns: _Patterns, at: int, chance: Floats) -> Floats:
    """The next weights of one comparison: m and u from the pairs and the pseudo counts, kept in bounds and in order."""
    m, u = (np.array([getattr(x, name) for x in model.levels]) for name in ("m", "u"))
    start = np.log2(m / u)
    likely = patterns.pairs * chance
    matches, others = (patterns.count(at, len(m), x) for x in (likely, patterns.pairs - likely + patterns.two))
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
        seen = patterns.count(at, len(wanted), patterns.pairs * chance)
        if not patterns.count(at, len(wanted), patterns.pairs + patterns.two).any():
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
    told = patterns.pairs * np.logaddexp2(match, other) + patterns.two * other
    return float(told.sum() / patterns.all)


def _bits(share: float) -> float:
    bounded = min(max(share, 1e-9), 1 - 1e-9)
    return float(np.log2(bounded / (1 - bounded)))
