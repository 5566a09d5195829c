"""A model adapts to the pairs of a run within its bounds, and stays as it is where a guard stops it."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt

from mdm.match import MatchModel, load_model, refine_model
from mdm.match.compare import FIRM_LABELS
from mdm.match.compare_values import Levels
from mdm.match.model import PopulationModel
from mdm.match.refine import LEVEL_BITS, PART, PRIOR_BITS

MODEL = load_model()
DIGEST = MODEL.digest
PAIRS = 20_000
SEEN = ("name", "place", "country", "phone", "legal_form")


def drawn(pairs: int, share: float) -> tuple[dict[str, Levels], npt.NDArray[np.bool_]]:
    """Pairs of organisations as the model itself would draw them, but with another share of matches."""
    draw = np.random.default_rng(5)
    match = draw.random(pairs) < share
    found: dict[str, Levels] = {}
    for c in MODEL.organisation.comparisons:
        m, u = (np.array([getattr(x, name) for x in c.levels]) for name in ("m", "u"))
        if c.name in SEEN:
            level = np.where(
                match, draw.choice(len(m), pairs, p=m / m.sum()), draw.choice(len(u), pairs, p=u / u.sum())
            )
        else:
            level = np.full(pairs, -1)
        found[c.name] = level.astype(np.int8)
    return found, np.zeros(pairs, dtype=np.bool_)


def weights(model: MatchModel) -> dict[str, list[float]]:
    return {c.name: [x.weight for x in c.levels] for c in model.organisation.comparisons}


LEVELS, PEOPLE = drawn(PAIRS, 0.1)
REFINED = refine_model(MODEL, LEVELS, PEOPLE)


def test_every_guard_is_told_for_each_population_that_there_is() -> None:
    assert [(g.population, g.passed) for g in REFINED.guards] == [("organisation", True)] * 5


def test_the_share_of_matches_is_found_without_a_label() -> None:
    (found,) = [g.found for g in REFINED.guards if "share" in g.name]
    assert abs(float(found.split("%")[0]) - 10) < 3


def test_the_prior_moves_towards_the_share_that_was_found() -> None:
    moved = REFINED.model.organisation.prior_weight - MODEL.organisation.prior_weight
    assert -PRIOR_BITS * PART - 1e-6 <= moved < -0.4


def test_no_weight_moves_further_than_it_may() -> None:
    before, after = weights(MODEL), weights(REFINED.model)
    moved = [abs(a - b) for name in before for a, b in zip(after[name], before[name], strict=True)]
    assert 0 < max(moved) <= LEVEL_BITS * PART + 0.08


def test_a_higher_level_never_weighs_less_after_refining() -> None:
    for found in weights(REFINED.model).values():
        assert all(b >= a - 0.02 for a, b in itertools.pairwise(found))


def test_a_comparison_that_no_pair_has_keeps_its_weights() -> None:
    before, after = weights(MODEL), weights(REFINED.model)
    for name in set(FIRM_LABELS) - set(SEEN):
        assert after[name] == before[name]


def test_the_shares_of_each_comparison_add_up_to_one() -> None:
    again = PopulationModel.model_validate(REFINED.model.organisation.model_dump())
    assert again == REFINED.model.organisation


def test_the_order_of_pairs_changes_nothing() -> None:
    order = np.random.default_rng(3).permutation(PAIRS)
    shuffled = refine_model(MODEL, {name: found[order] for name, found in LEVELS.items()}, PEOPLE)
    assert shuffled.model.digest == REFINED.model.digest


def test_an_adapted_model_has_a_digest_of_its_own() -> None:
    assert REFINED.model.digest == MatchModel.model_validate(REFINED.model.model_dump()).digest
    assert REFINED.model.digest != DIGEST


def test_few_pairs_leave_the_model_as_it_is() -> None:
    found = refine_model(MODEL, *drawn(4_999, 0.1))
    assert found.model is MODEL
    assert [(g.name, g.passed) for g in found.guards] == [("Enough pairs to learn from", False)]


def test_pairs_that_are_all_matches_are_not_believed() -> None:
    found = refine_model(MODEL, *drawn(PAIRS, 1.0))
    assert found.model is MODEL
    assert not next(g for g in found.guards if "share" in g.name).passed


def test_no_pairs_at_all_leave_the_model_as_it_is() -> None:
    assert refine_model(MODEL, *drawn(0, 0.5)).model is MODEL
