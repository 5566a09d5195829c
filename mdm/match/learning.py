"""A model of one's own: the weights of a model that stands, moved as far as people's answers say and no further.

The answers are about pairs the model was unsure of, so they say nothing about the share of matches among all
candidate pairs: the prior stays as it is. (decision 0105)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from mdm.match.compare_values import Levels
from mdm.match.matching import Weighed, contradicts
from mdm.match.model import ComparisonModel, Level, MatchModel, PopulationModel
from mdm.match.training import Answered, Flags, Floats, Weights, learn_weights, shares

Kind = Literal["organisation", "person"]
KINDS: Final[tuple[Kind, ...]] = ("organisation", "person")

RIDGE: Final = 0.5
"""How strongly each level is drawn to the weight it had: one answer moves none by more than 2.9 bits.

Measured by benchmarks/bench_labels.py.
"""

CREDIBLE: Final = 6.0
"""Bits of surprise up to which an answer counts in full; beyond, it counts by that much less (decision 0106)."""

FOLDS: Final = 5
FEWEST: Final = 5
"""Answers of each sort that a population needs: with fewer, some part would be judged without one of a sort."""

KEPT_SHARES: Final = 1000.0
DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class Answers:
    """Pairs in a fixed order with their levels, whether both are persons, and whether people said that they match."""

    levels: Mapping[str, Levels]
    people: Flags
    match: Flags

    def of(self, chosen: Flags) -> Answered:
        levels = {name: found[chosen] for name, found in self.levels.items()}
        return Answered(levels, self.match[chosen], np.ones(int(chosen.sum())))


@dataclass(frozen=True, slots=True)
class Held:
    """How right weights are about answers they were not learnt from: log loss in nats, F1 from `auto_from` on."""

    log_loss: float
    f1: float


@dataclass(frozen=True, slots=True)
class PopulationLearnt:
    """What learning did for one population. `before` and `after` are None where there were too few answers to say."""

    kind: Kind
    matches: int
    others: int
    before: Held | None
    after: Held | None

    @property
    def better(self) -> bool:
        return self.before is not None and self.after is not None and self.after.log_loss < self.before.log_loss


@dataclass(frozen=True, slots=True)
class Learnt:
    """The model with every population that became better, and what was found out about each."""

    model: MatchModel
    populations: tuple[PopulationLearnt, ...]

    @property
    def better(self) -> bool:
        return any(p.better for p in self.populations)


def teaches(weighed: Weighed) -> Flags:
    """False for a record and its parent: two customers by rule, however alike, so no answer on them is about levels."""
    return np.asarray(~weighed.veto | contradicts(weighed.levels))


def learn_model(model: MatchModel, answers: Answers) -> Learnt:
    """Learn from answers, beginning from `model`; a population that is not better on held-out answers stays as it was.

    Each fifth of the answers is judged by weights learnt from the other four; the model itself learns from all.
    Without answers the model comes back as it is. The result does not depend on chance.
    """
    reports: list[PopulationLearnt] = []
    changed: dict[str, PopulationModel] = {}
    for kind in KINDS:
        population = model.population(kind)
        mine = answers.of(answers.people == (kind == "person"))
        report = _judge(kind, population, mine, _bits(model.auto_from))
        reports.append(report)
        if report.better:
            changed[kind] = with_weights(population, learn_from(population, mine))
    return Learnt(model.altered(**changed), tuple(reports))


def learn_from(population: PopulationModel, answers: Answered) -> Weights:
    """The weights of a population after those answers; without any, its own.

    An answer that surprises the model beyond belief counts less: a slip of the hand, or a reason that is not in the
    records, such as a firm that was renamed and moved.
    """
    start = weights_of(population)
    counted = replace(answers, counts=answers.counts * credible(answers, start))
    return learn_weights([counted], start, ridge=0.0, level_ridge=RIDGE, prior_within=0.0)


def credible(answers: Answered, weights: Weights) -> Floats:
    """As how many each answer counts: one up to six bits of surprise, half at twelve."""
    bits = weigh(answers.levels, weights)
    surprise = np.logaddexp2(0, np.where(answers.match, -bits, bits))
    return np.asarray(np.minimum(1.0, CREDIBLE / np.maximum(surprise, CREDIBLE)))


def weights_of(population: PopulationModel) -> Weights:
    """The weights of a model's population in bits."""
    return Weights(population.prior_weight, {c.name: tuple(x.weight for x in c.levels) for c in population.comparisons})


def with_weights(population: PopulationModel, weights: Weights) -> PopulationModel:
    """The population with other weights, m as near as can be to what it was; the prior stays."""
    comparisons = tuple(_reweighed(c, np.array(weights.levels[c.name])) for c in population.comparisons)
    return population.model_copy(update={"comparisons": comparisons})


def _reweighed(comparison: ComparisonModel, bits: Floats) -> ComparisonModel:
    if np.allclose(bits, [x.weight for x in comparison.levels], rtol=0, atol=1e-6):
        return comparison
    m, u = shares(bits, np.array([x.m for x in comparison.levels]) * KEPT_SHARES)
    levels = tuple(
        Level(level=x.level, label=x.label, m=round(float(m[n]), DIGITS), u=round(float(u[n]), DIGITS))
        for n, x in enumerate(comparison.levels)
    )
    return ComparisonModel(name=comparison.name, levels=levels)


def _judge(kind: Kind, population: PopulationModel, answers: Answered, auto_from: float) -> PopulationLearnt:
    matches, others = int(answers.match.sum()), int((~answers.match).sum())
    if min(matches, others) < FEWEST:
        return PopulationLearnt(kind, matches, others, None, None)
    fold = _folds(answers.match)
    before = weigh(answers.levels, weights_of(population))
    after = np.zeros(len(before))
    for n in range(FOLDS):
        learnt = learn_from(population, _some(answers, fold != n))
        after[fold == n] = weigh(_some(answers, fold == n).levels, learnt)
    judged = replace(answers, counts=credible(answers, weights_of(population)))
    return PopulationLearnt(kind, matches, others, _held(before, judged, auto_from), _held(after, judged, auto_from))


def _folds(match: Flags) -> npt.NDArray[np.int64]:
    """Every fifth match and every fifth other in their order, so that each part has both."""
    fold = np.zeros(len(match), dtype=np.int64)
    for chosen in (match, ~match):
        fold[chosen] = np.arange(int(chosen.sum())) % FOLDS
    return fold


def _some(answers: Answered, chosen: Flags) -> Answered:
    levels = {name: found[chosen] for name, found in answers.levels.items()}
    return Answered(levels, answers.match[chosen], answers.counts[chosen])


def weigh(levels: Mapping[str, Levels], weights: Weights) -> Floats:
    """The weight of each pair in bits: the prior's and that of each level known."""
    total = np.full(len(next(iter(levels.values()))), weights.prior)
    for name, bits in weights.levels.items():
        total += np.append(np.array(bits), 0.0)[levels[name]]  # -1, missing, takes the last: nothing
    return total


def _held(bits: Floats, answers: Answered, auto_from: float) -> Held:
    nats, match = bits * np.log(2), answers.match
    loss = float(np.average(np.logaddexp(0, nats) - match * nats, weights=answers.counts))
    said = bits >= auto_from
    hit, wrong = int((said & match).sum()), int((said != match).sum())
    return Held(loss, 2 * hit / (2 * hit + wrong) if hit + wrong else 1.0)


def _bits(probability: float) -> float:
    return float(np.log2(probability / (1 - probability)))
