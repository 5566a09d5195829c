"""How many true pairs no blocking rule found: an estimate from what the rules found, and from pairs they did not.

*Capture and recapture.* Every rule is a catch. Of the compared pairs that ended as one customer, f1 were found by one
rule only and f2 by just two: then at least about f1(f1 - 1) / 2(f2 + 1) were found by none (Chao, 1987; a lower bound
where pairs are not equally easy to find). The pairs of one customer are not independent, so its variance is the
jackknife over groups of customers, and that of a count besides. The lower limit is Chao's, of the logarithm. The upper
limit allows for as many as one rule alone found, the first-order estimate where pairs are not equally easy to find
(Burnham and Overton, 1978).

*A sample of the pairs that were never compared*, drawn from coarser keys than those of blocking, from blocks above
their cap, and from all pairs; weighed by the model. Each pair that it would join counts by how unlikely it was to be
drawn (Hansen and Hurwitz, 1943). The draws follow from the data alone: no generator, no seed to lose.

Neither sees pairs that have nothing in common for the tool, such as a name in two scripts. How far they are from known
truth: docs/decisions/0100 and 0258.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from mdm.match.compare_values import Levels
from mdm.match.encode import Ints, Longs
from mdm.match.encoded import Encoded
from mdm.match.matching import compare_pairs
from mdm.match.model import MatchModel, PopulationModel
from mdm.match.scoring import MICRO
from mdm.match.unblocked import draw_unblocked, scattered

Floats = npt.NDArray[np.float64]

GROUPS: Final = 20
DIGITS: Final = 5
LIKELY: Final = 1.96
"""Standard errors to either side that hold 95 of 100 normal values."""
NONE_SEEN: Final = 3.0
"""So many may there be where none was seen: the limit of 95 % of a count of zero."""
MOST_DRAWS: Final = 100_000
FEWEST_DRAWS: Final = 20_000
SHARE_DRAWN: Final = 50
"""Drawn is one pair for so many that were compared: that bounds the work to some percent of the scoring."""


@dataclass(frozen=True, slots=True)
class BlockingLoss:
    """True pairs that were never compared, as a share of all true pairs, and between which shares it likely lies.

    `joinable` are those pairs, of all that were never compared, that the model would have joined, rightly or wrongly.
    `found` are the compared pairs that ended as one customer, `drawn` the never compared ones that were weighed.
    """

    missed: float
    missed_low: float
    missed_high: float
    joinable: float
    joinable_error: float
    found: int
    drawn: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scan made of its pairs: CANDIDATES, the cluster of every record by rid, the cap of blocking."""

    candidates: pl.DataFrame
    cluster: Longs
    cap: int


def estimate_blocking_loss(encoded: Encoded, outcome: Outcome, model: MatchModel, *, auto_from: int) -> BlockingLoss:
    """Estimate what blocking missed. `auto_from` is the weight from which pairs are joined, in micro bits.

    The order of rows makes no difference: records are known by rid, and candidates are sorted.
    """
    candidates, cluster = outcome.candidates, outcome.cluster
    left, right = candidates["left"].to_numpy(), candidates["right"].to_numpy()
    same = np.flatnonzero(cluster[left] == cluster[right])
    rules = np.bitwise_count(candidates["rules"].to_numpy()[same])
    low, missed, high = (round(share, DIGITS) for share in recapture(rules, cluster[left[same]]))
    budget = int(np.clip(len(left) // SHARE_DRAWN, FEWEST_DRAWS, MOST_DRAWS))
    drawn = draw_unblocked(encoded, candidates, budget, cap=outcome.cap)
    joins = _joins(encoded, drawn.left, drawn.right, model, auto_from=auto_from)
    error = np.sqrt(np.square(drawn.stands_for[joins & drawn.by_chance]).sum())
    return BlockingLoss(
        missed=missed,
        missed_low=low,
        missed_high=high,
        joinable=round(float(drawn.stands_for[joins].sum()), 1),
        joinable_error=round(float(error), 1),
        found=len(same),
        drawn=len(drawn.left),
    )


def recapture(rules: npt.NDArray[np.uint8], customer: Longs) -> tuple[float, float, float]:
    """The share of pairs found by no rule, between its limits; `rules` says for each pair how many found it."""
    group = (scattered(customer.astype(np.uint64)) % np.uint64(GROUPS)).astype(np.int64)
    once, twice = (np.bincount(group[rules == k], minlength=GROUPS) for k in (1, 2))
    unseen = _unseen(int(once.sum()), int(twice.sum()))
    without = [_unseen(int(once.sum() - a), int(twice.sum() - b)) for a, b in zip(once, twice, strict=True)]
    spread = _spread(unseen, np.square(np.array(without) - np.mean(without)).sum() * (GROUPS - 1) / GROUPS)
    alone = float(once.sum())
    error = np.sqrt(np.square(once - once.mean()).sum() * GROUPS / (GROUPS - 1) + alone)
    most = max(unseen * spread, alone + LIKELY * float(error)) if alone else NONE_SEEN
    low, middle, high = (x / (len(rules) + x) if len(rules) else 0.0 for x in (unseen / spread, unseen, most))
    return low, middle, high


def _unseen(once: int, twice: int) -> float:
    return once * (once - 1) / (2 * (twice + 1))


def _spread(unseen: float, variance: float) -> float:
    """By which factor the pairs found by no rule may be fewer or more: log-normal, as they cannot be below zero."""
    if not unseen:
        return 1.0
    return float(np.exp(LIKELY * np.sqrt(np.log1p((variance + unseen) / unseen**2))))


def _joins(encoded: Encoded, left: Ints, right: Ints, model: MatchModel, *, auto_from: int) -> npt.NDArray[np.bool_]:
    """Whether the model would join each pair by itself."""
    pairs = compare_pairs(encoded, left, right)
    weight = np.where(pairs.people, _add_up(pairs.levels, model.person), _add_up(pairs.levels, model.organisation))
    return np.asarray((np.rint(weight * MICRO) >= auto_from) & ~pairs.veto)


def _add_up(levels: dict[str, Levels], population: PopulationModel) -> Floats:
    """The match weights in bits, as Splink adds them up; without it, because starting it takes longer than the sum."""
    total = np.full(len(next(iter(levels.values()))), population.prior_weight)
    for c in population.comparisons:
        total += np.array([*(x.weight for x in c.levels), 0.0])[levels[c.name]]  # -1, missing, is the last: 0
    return total
