"""Weights learnt from answered pairs."""

from __future__ import annotations

import numpy as np
import pytest

from mdm.match.training import Answered, Weights, learn_weights, shares

START = Weights(-1.0, {"name": (-4.0, 1.0, 5.0), "place": (-2.0, 3.0)})


def answered(rows: list[tuple[int, int, bool]]) -> Answered:
    """Pairs as (level of the name, level of the place, whether they match)."""
    levels = {"name": np.array([r[0] for r in rows], np.int8), "place": np.array([r[1] for r in rows], np.int8)}
    return Answered(levels, np.array([r[2] for r in rows], np.bool_), np.ones(len(rows)))


def learnt(rows: list[tuple[int, int, bool]], *, ridge: float = 3.0, prior_within: float = 0.0) -> Weights:
    return learn_weights([answered(rows)], START, ridge=ridge, prior_within=prior_within)


def test_a_level_that_answers_contradict_weighs_less() -> None:
    assert learnt([(1, -1, False)] * 10).levels["name"][1] < START.levels["name"][1]


def test_a_level_that_answers_confirm_weighs_more() -> None:
    assert learnt([(1, -1, True)] * 10).levels["name"][1] > START.levels["name"][1]


def test_a_comparison_of_which_no_answer_speaks_keeps_its_weights() -> None:
    assert learnt([(1, -1, False)] * 10).levels["place"] == pytest.approx(START.levels["place"])


def test_the_prior_is_kept_where_it_may_not_move() -> None:
    assert learnt([(1, 1, False)] * 50).prior == pytest.approx(START.prior)


def test_the_prior_is_learnt_where_it_may_move() -> None:
    assert learnt([(1, 1, False)] * 50, prior_within=np.inf).prior < START.prior - 1


def test_no_weight_becomes_a_veto_nobody_asked_for() -> None:
    found = learnt([(0, 0, False)] * 1000, ridge=1e-9)
    assert min(min(bits) for bits in found.levels.values()) >= -12


@pytest.mark.parametrize("weights", [(-4.0, 1.0, 5.0), (0.5, 1.0), (-2.0, -1.0), (0.0, 0.0, 0.0)])
def test_shares_add_up_to_one(weights: tuple[float, ...]) -> None:
    m, u = shares(np.array(weights), np.ones(len(weights)))
    assert (m.sum(), u.sum()) == (pytest.approx(1), pytest.approx(1))


def test_shares_weigh_what_was_asked() -> None:
    m, u = shares(np.array([-4.0, 1.0, 5.0]), np.array([1.0, 10.0, 50.0]))
    assert np.log2(m / u) == pytest.approx([-4, 1, 5], abs=1e-3)
