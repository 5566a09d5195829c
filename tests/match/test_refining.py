"""A model adapts to the pairs of a run within its bounds, and stays as it is where a guard stops it."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import pytest

from mdm.match import MatchModel, load_model, refine_model
from mdm.match.compare import FIRM_LABELS
from mdm.match.compare_values import Levels
from mdm.match.model import PopulationModel
from mdm.match.refine import LEVEL_BITS, PRIOR_BITS
from mdm.match.unconfirmed import unconfirmed

MODEL = load_model()
DIGEST = MODEL.digest
PAIRS = 20_000
SEEN = ("name", "place", "country", "phone", "legal_form")


Flags = npt.NDArray[np.bool_]
Pairs = tuple[dict[str, Levels], Flags, Flags]
"""Levels, whether both are persons, whether they are surely two."""


def drawn(pairs: int, share: float) -> Pairs:
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
    return found, np.zeros(pairs, dtype=np.bool_), np.zeros(pairs, dtype=np.bool_)


def weights(model: MatchModel) -> dict[str, list[float]]:
    return {c.name: [x.weight for x in c.levels] for c in model.organisation.comparisons}


LEVELS, PEOPLE, TWO = drawn(PAIRS, 0.1)
REFINED = refine_model(MODEL, LEVELS, PEOPLE, TWO)


def test_every_guard_is_told_for_each_population_that_there_is() -> None:
    assert [(g.population, g.passed) for g in REFINED.guards] == [("organisation", True)] * 5


def test_the_share_of_matches_is_found_without_a_label() -> None:
    (found,) = [g.found for g in REFINED.guards if "share" in g.name]
    assert abs(float(found.split("%")[0]) - 10) < 3


def test_the_prior_moves_towards_the_share_that_was_found() -> None:
    moved = REFINED.model.organisation.prior_weight - MODEL.organisation.prior_weight
    assert -PRIOR_BITS - 1e-6 <= moved < -0.4


def test_no_weight_moves_further_than_it_may() -> None:
    before, after = weights(MODEL), weights(REFINED.model)
    moved = [abs(a - b) for name in before for a, b in zip(after[name], before[name], strict=True)]
    assert 0 < max(moved) <= LEVEL_BITS + 0.08


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
    shuffled = refine_model(MODEL, {name: found[order] for name, found in LEVELS.items()}, PEOPLE, TWO)
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


def people(groups: dict[str, tuple[int, dict[str, str]]]) -> Pairs:
    """Pairs of persons: so many of each group, with these levels; what a group says nothing of is missing."""
    labels = {c.name: [x.label for x in c.levels] for c in MODEL.person.comparisons}
    total = sum(count for count, _ in groups.values())
    found = {name: np.full(total, -1, dtype=np.int8) for name in labels}
    at = 0
    for count, said in groups.values():
        for name, label in said.items():
            found[name][at : at + count] = labels[name].index(label)
        at += count
    return found, np.ones(total, dtype=np.bool_), np.zeros(total, dtype=np.bool_)


SAME_NAME = {"given_name": "the same", "family_name": "the same"}
STRANGERS = {"given_name": "different", "family_name": "different", "born": "different", "home": "different"}
DATED = {
    "matches": (1_500, {**SAME_NAME, "born": "the same", "home": "the same house"}),
    "moved": (300, {**SAME_NAME, "born": "the same", "home": "different"}),
    "strangers": (8_000, STRANGERS),
}
TOWNSMEN = {**SAME_NAME, "home": "the same town or postcode area"}
STRANGE_TOWNS = {**SAME_NAME, "home": "different"}
NAMESAKES = {
    "namesakes with dates": (700, {**STRANGE_TOWNS, "born": "different"}),
    "namesakes without": (900, STRANGE_TOWNS),
}
MORE_NAMESAKES = {
    "namesakes with dates": (700, {**TOWNSMEN, "born": "different"}),
    "namesakes without": (900, TOWNSMEN),
}
SURE = "Joins that no birth date confirms are as sure as before"


def prior_moved(pairs: Pairs) -> tuple[float, str]:
    """How far the prior of persons moved, and what the guard of unconfirmed joins found."""
    refined = refine_model(MODEL, *pairs)
    (found,) = [g.found for g in refined.guards if g.name == SURE and g.population == "person"]
    return refined.model.person.prior_weight - MODEL.person.prior_weight, found


def test_where_birth_dates_confirm_the_joins_the_whole_way_is_gone() -> None:
    assert prior_moved(people(DATED))[1].endswith("the whole way gone")


def test_where_namesakes_would_join_without_their_birth_dates_only_a_part_of_the_way_is_gone() -> None:
    free, _ = prior_moved(people(DATED))
    held, found = prior_moved(people(DATED | NAMESAKES))
    assert found.endswith(("a quarter of the way gone", "half of the way gone"))
    assert 0 < held < free


def test_where_even_a_small_step_would_join_namesakes_the_model_stays_as_it_is() -> None:
    moved, found = prior_moved(people(DATED | MORE_NAMESAKES))
    assert found.endswith("even a quarter of the way is too far")
    assert moved == 0


def test_who_is_surely_two_is_learnt_from_as_two() -> None:
    family = {"given_name": "different", "family_name": "the same", "home": "the same house", "born": "the same"}
    levels, both, two = people(DATED | {"twins": (600, family)})
    known = two.copy()
    known[-600:] = True
    unaware, aware = (
        next(c for c in refine_model(MODEL, levels, both, which).model.person.comparisons if c.name == "given_name")
        for which in (two, known)
    )
    assert aware.levels[0].weight < unaware.levels[0].weight


def test_dates_tell_how_often_joins_without_them_are_wrong() -> None:
    levels, _, two = people(DATED | MORE_NAMESAKES)
    two[-1_600:-900] = True
    rows = np.stack([levels[c.name].astype(np.int64) for c in MODEL.person.comparisons], axis=1)
    counts = ((~two).astype(np.float64), two.astype(np.float64))
    eager = MODEL.person.model_copy(update={"prior": 0.5})
    found = unconfirmed(rows, counts, eager, auto_from=0.585)
    assert (found.dated, found.wrong) == (1_500 + 300 + 700, pytest.approx(700 / 2_500))
    assert found.share == pytest.approx(900 * 0.28 / (1_500 + 300 + 900), abs=0.001)
