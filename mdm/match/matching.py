"""Candidate pairs to scored links: compare in slices, weigh by the model, decide the band of each."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from mdm.match.calibration import weight_for
from mdm.match.compare import UNLIKE, compare
from mdm.match.compare_values import Levels
from mdm.match.encode import MISSING, Ints, Longs
from mdm.match.encoded import Encoded
from mdm.match.families import only_names_agree, two_of_a_family
from mdm.match.model import MatchModel
from mdm.match.numbered import numbered_apart
from mdm.match.refine import Refined, WeighBy, keep_model
from mdm.match.scoring import MICRO, match_weights
from mdm.match.sisters import sisters_apart
from mdm.match.words import WORKERS
from mdm.records import LINKS, conform
from mdm.rulebook import MatchRules

SLICE: Final = 100_000
"""Pairs compared at once: the word tables of one slice take some 200 MB."""

Flags = npt.NDArray[np.bool_]
CONFLICT: Final = 0
SURELY_TWO: Final = -7 * MICRO
"""The weight for clusters of two who are surely two persons, at most: two records that say nothing of the difference
(each some four bits for being of either) do not bring them together, a good number in common with a third does."""
NEVER: Final = 1_000 * MICRO
"""A weight that no pair has."""
NO_PAIRS: Final = pl.DataFrame(schema={"left": pl.Int32, "right": pl.Int32})


@dataclass(frozen=True, slots=True)
class Matched:
    """The model that was used, links of the bands auto and review (LINKS), every compared pair and its weight.

    `evidence` has left, right, weight and band: auto where a pair joins two clusters, no where it does not. Its weight
    is the one that counts when clusters are formed: of two who are surely two it is lower than that of their link.
    `apart` (left, right) are firms that their names tell apart: no third record may bring them into one cluster.
    """

    weighing: Refined
    links: pl.DataFrame
    evidence: pl.DataFrame
    compared: int
    vetoed: int
    apart: pl.DataFrame = field(default_factory=NO_PAIRS.clone)


@dataclass(frozen=True, slots=True)
class Compared:
    """Pairs (left, right) in the order given: the level of each comparison, whether both are persons, the veto.

    The veto stands where both records hold valid but different numbers of one kind, where one is the parent, where
    two firms of different names have nothing but the place in common, and where two persons are of one family or have
    nothing but a name in common, and where the names of two firms differ by their number or by what tells sister firms
    apart. `named_apart` are the last two; `two` are these and persons of a register of households who are surely two:
    they also speak against each other in clusters.
    """

    left: Ints
    right: Ints
    levels: dict[str, Levels]
    people: Flags
    veto: Flags
    two: Flags
    named_apart: Flags


@dataclass(frozen=True, slots=True)
class Weighed:
    """Pairs in the order given: their levels, the match weight in millionths of a bit, the veto."""

    levels: dict[str, Levels]
    weight: Longs
    veto: Flags


def score_candidates(
    encoded: Encoded,
    candidates: pl.DataFrame,
    model: MatchModel,
    rules: MatchRules,
    *,
    weigh_by: WeighBy = keep_model,
) -> Matched:
    """Weigh each candidate pair. Two persons are judged by the model for persons, every other pair by that for firms.

    `weigh_by` may adapt the model to the pairs first. A link is vetoed when both records hold valid but different
    numbers of one kind, when one record is the parent of the other, or when two firms have different names and nothing
    but the place agrees: it then goes to review at most.
    """
    compared = compare_pairs(encoded, candidates["left"].to_numpy(), candidates["right"].to_numpy())
    weighing = weigh_by(model, compared.levels, compared.people, compared.two)
    model = weighing.model
    left, right, veto = compared.left, compared.right, compared.veto
    weight = _weights(compared, model)
    auto_from, review_from = thresholds(model, rules)
    auto = (weight >= auto_from) & ~veto & rules.auto
    kept = weight >= review_from
    told = np.where(compared.two, np.minimum(weight, SURELY_TWO), weight)
    links = pl.DataFrame(
        {
            "left": left[kept],
            "right": right[kept],
            "weight": weight[kept],
            "probability": probability_of(weight[kept]),
            "band": np.where(auto[kept], "auto", "review"),
            "veto": (veto & (weight >= auto_from))[kept],
            "levels": pl.Series(np.stack([v[kept] for v in compared.levels.values()], axis=1)).arr.to_list(),
        }
    )
    return Matched(
        weighing=weighing,
        links=conform(links, LINKS, "links"),
        evidence=pl.DataFrame({"left": left, "right": right, "weight": told, "auto": auto}).select(
            "left", "right", "weight", band=pl.when("auto").then(pl.lit("auto")).otherwise(pl.lit("no"))
        ),
        compared=len(left),
        vetoed=int((veto & (weight >= auto_from)).sum()),
        apart=pl.DataFrame({"left": left[compared.named_apart], "right": right[compared.named_apart]}),
    )


def weigh_pairs(encoded: Encoded, left: Ints, right: Ints, model: MatchModel) -> Weighed:
    """The evidence of the pairs (left[i], right[i]), whether or not a blocking rule found them."""
    compared = compare_pairs(encoded, left, right)
    return Weighed(compared.levels, _weights(compared, model), compared.veto)


def compare_pairs(encoded: Encoded, left: Ints, right: Ints) -> Compared:
    """The levels of the pairs (left[i], right[i])."""
    levels = _compare_all(encoded, left, right)
    people = np.asarray(encoded.person[left] & encoded.person[right])
    family = people & two_of_a_family(encoded, left, right, levels)
    named = numbered_apart(encoded, left, right, levels) | sisters_apart(encoded, left, right, levels)
    veto = family | named | _vetoed(encoded, left, right, levels)
    return Compared(left, right, levels, people, veto, (family & encoded.persons.households) | named, named & ~people)


def _weights(compared: Compared, model: MatchModel) -> Longs:
    weight = np.zeros(len(compared.left), dtype=np.int64)
    people = compared.people
    kinds: tuple[tuple[Literal["organisation", "person"], Flags], ...] = (("organisation", ~people), ("person", people))
    for kind, chosen in kinds:
        weight[chosen] = match_weights({k: v[chosen] for k, v in compared.levels.items()}, model.population(kind))
    return weight


def probability_of(weight: Longs) -> npt.NDArray[np.float64]:
    """The match probability that belongs to a weight in millionths of a bit."""
    return 1 / (1 + np.exp2(-np.clip(weight / MICRO, -60, 60)))


def thresholds(model: MatchModel, rules: MatchRules) -> tuple[int, int]:
    """The weights from which a pair is joined and from which a person is asked, in millionths of a bit.

    A stated precision is looked up in the model's calibration; where no weight promises it, no pair is joined.
    """
    review = _weight_of(rules.review_from if rules.review_from is not None else model.review_from)
    if rules.auto_from is not None:
        return _weight_of(rules.auto_from), review
    if rules.precision is None:
        return _weight_of(model.auto_from), review
    promised = weight_for(model.calibration, rules.precision)
    return max(review, NEVER if promised is None else int(promised * MICRO)), review


def _weight_of(probability: float) -> int:
    bounded = min(max(probability, 1e-12), 1 - 1e-12)
    return int(np.rint(np.log2(bounded / (1 - bounded)) * MICRO))


def _compare_all(encoded: Encoded, left: Ints, right: Ints) -> dict[str, Levels]:
    def part(at: int) -> dict[str, Levels]:
        return compare(encoded, left[at : at + SLICE], right[at : at + SLICE])

    with ThreadPoolExecutor(WORKERS) as workers:
        slices = list(workers.map(part, range(0, max(len(left), 1), SLICE)))
    return {name: np.concatenate([s[name] for s in slices]) for name in slices[0]}


def _vetoed(encoded: Encoded, left: Ints, right: Ints, levels: dict[str, Levels]) -> Flags:
    family = (encoded.parent[left] == right) | (encoded.parent[right] == left)
    apart = _only_the_place(encoded, left, right, levels) | only_names_agree(levels)
    return np.asarray(family | contradicts(levels) | apart)


def contradicts(levels: Mapping[str, Levels]) -> Flags:
    """Whether both records hold valid numbers of one kind of which a customer has one, and not the same."""
    return np.asarray((levels["identifier"] == CONFLICT) | (levels["personal_number"] == CONFLICT))


def _only_the_place(encoded: Encoded, left: Ints, right: Ints, levels: dict[str, Levels]) -> Flags:
    """Two firms with different names of which nothing else agrees: a house has many tenants."""
    unlike = (levels["name"] != MISSING) & (levels["name"] <= UNLIKE)
    for name in ("other_name", "phone", "web", "email", "identifier"):
        unlike &= levels[name] <= 0
    return np.asarray(unlike & ~(encoded.person[left] & encoded.person[right]))
