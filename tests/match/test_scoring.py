"""Splink's weights are those of the model, pair by pair, and the shipped model keeps its promises."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from mdm.errors import RulesInvalid
from mdm.match import load_model
from mdm.match.compare import FIRM_LABELS, LEVEL_LABELS, PERSON_LABELS
from mdm.match.model import PopulationModel
from mdm.match.scoring import MICRO, match_weights

MODEL = load_model()


def random_levels(pairs: int) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(7)
    return {n: draw.integers(-1, len(labels), pairs).astype(np.int8) for n, labels in LEVEL_LABELS.items()}


@pytest.mark.parametrize("population", [MODEL.organisation, MODEL.person], ids=["organisation", "person"])
def test_splink_adds_up_exactly_the_weights_of_the_model(population: PopulationModel) -> None:
    found = random_levels(2_000)
    expected = np.full(2_000, population.prior_weight)
    for c in population.comparisons:
        expected += np.array([0.0, *(x.weight for x in c.levels)])[found[c.name] + 1]
    assert np.abs(match_weights(found, population) / MICRO - expected).max() < 1e-5


def test_the_model_and_the_comparisons_have_the_same_levels() -> None:
    for population, known in ((MODEL.organisation, FIRM_LABELS), (MODEL.person, PERSON_LABELS)):
        found = [(c.name, tuple(x.label for x in c.levels)) for c in population.comparisons]
        assert found == list(known.items())


@pytest.mark.parametrize("population", [MODEL.organisation, MODEL.person], ids=["organisation", "person"])
def test_a_higher_level_never_weighs_less(population: PopulationModel) -> None:
    for c in population.comparisons:
        weights = [x.weight for x in c.levels]
        assert all(b >= a - 0.02 for a, b in itertools.pairwise(weights)), c.name


def test_no_pairs_have_no_weights() -> None:
    assert len(match_weights(random_levels(0), MODEL.organisation)) == 0


def test_a_file_that_is_no_model_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "wrong.json"
    path.write_text('{"version": "1"}')
    with pytest.raises(RulesInvalid, match=r"wrong\.json"):
        load_model(path)
