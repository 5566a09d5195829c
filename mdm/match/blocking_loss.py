"""How many true pairs no blocking rule found: an estimate from what the rules found, and from pairs they did not.

*Capture and recapture.* Every rule is a catch. Of the compared pairs that ended as one customer, f1 were found by one
rule only and f2 by just two: then at least about f1(f1 - 1) / 2(f2 + 1) were found by none (Chao, 1987; a lower bound
where pairs are not equally easy to find). Its error is the jackknife over groups of customers, since the pairs of one
customer are not independent.

*A sample of the pairs that were never compared*, drawn from coarser keys than those of blocking, from blocks above
their cap, and from all pairs; weighed by the model. Each pair that it would join counts by how unlikely it was to be
drawn (Hansen and Hurwitz, 1943). The draws follow from the data alone: no generator, no seed to lose.

Neither sees pairs that have nothing in common for the tool, such as a name in two scripts. How far they are from known
truth: docs/decisions/0100.
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
MOST_DRAWS: Final = 100_000
FEWEST_DRAWS: Final = 20_000
SHARE_DRAWN: Final = 50
"""Drawn is one pair for so many that were compared: that bounds the work to some percent of the scoring."""


@dataclass(frozen=True, slots=True)
class BlockingLoss:
    """True pairs that were never compared, as a share of all true pairs, with its standard error: at least so many.

    `joinable` are those pairs, of all that were never compared, that the model would have joined, rightly or wrongly.
    `found` are the compared pairs that ended as one customer, `drawn` the never compared ones that were weighed.
    """

    missed: float
    missed_error: float
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
    missed, missed_error = _recapture(rules, cluster[left[same]])
    budget = int(np.clip(len(left) // SHARE_DRAWN, FEWEST_DRAWS, MOST_DRAWS))
    drawn = draw_unblocked(encoded, candidates, budget, cap=outcome.cap)
    joins = _joins(encoded, drawn.left, drawn.right, model, auto_from=auto_from)
    error = np.sqrt(np.square(drawn.stands_for[joins & drawn.by_chance]).sum())
    return BlockingLoss(
        missed=round(missed, DIGITS),
        missed_error=round(missed_error, DIGITS),
        joinable=round(float(drawn.stands_for[joins].sum()), 1),
        joinable_error=round(float(error), 1),
        found=len(same),
        drawn=len(drawn.left),
    )


def _recapture(rules: npt.NDArray[np.uint8], customer: Longs) -> tuple[float, float]:
    """The share of pairs found by no rule, and its error; `rules` says for each pair how many found it."""
    group = (scattered(customer.astype(np.uint64)) % np.uint64(GROUPS)).astype(np.int64)
    counts = np.stack([np.bincount(group[rules == k], minlength=GROUPS) for k in (1, 2)])
    pairs = np.bincount(group, minlength=GROUPS)
    share = _unseen(counts.sum(axis=1), int(pairs.sum()))
    without = [_unseen(counts.sum(axis=1) - counts[:, g], int(pairs.sum() - pairs[g])) for g in range(GROUPS)]
    spread = np.square(np.array(without) - np.mean(without)).sum() * (GROUPS - 1) / GROUPS
    return share, float(np.sqrt(spread))


def _unseen(counts: Longs, pairs: int) -> float:
    once, twice = int(counts[0]), int(counts[1])
    unseen = once * (once - 1) / (2 * (twice + 1))
    return unseen / (pairs + unseen) if unseen else 0.0


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
