"""What weights are worth, measured on answers; and the threshold that a stated precision asks for."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from mdm.match import load_model, thresholds
from mdm.match.calibration import Known, calibrate, isotonic, weight_for
from mdm.match.model import CalibrationPoint
from mdm.match.scoring import MICRO
from mdm.rulebook import MatchRules

MODEL = load_model()
POINTS = (
    CalibrationPoint(weight=1, share=0.5, above=0.8, lowest=0.7),
    CalibrationPoint(weight=6, share=0.9, above=0.95, lowest=0.9),
)


def answered(pairs: int) -> Known:
    """Pairs whose share of matches is what their weight says."""
    draw = np.random.default_rng(2)
    bits = draw.uniform(-6, 12, pairs)
    return Known(bits, draw.random(pairs) < 1 / (1 + np.exp2(-bits)))


def test_weights_that_mean_what_they_say_are_found_to() -> None:
    for point in calibrate([answered(200_000)]):
        if -5 <= point.weight <= 8:
            assert 1 / (1 + 2**-point.weight) <= point.share + 0.01
            assert point.share - 0.01 <= 1 / (1 + 2 ** -(point.weight + 1))


def test_each_set_counts_the_same_however_large() -> None:
    right = Known(np.full(100, 5.5), np.ones(100, dtype=np.bool_))
    wrong = Known(np.full(10_000, 5.5), np.zeros(10_000, dtype=np.bool_))
    (point,) = [p for p in calibrate([right, wrong]) if p.weight == 5]
    assert (point.share, point.lowest) == (0.5, 0.0)


def test_neither_share_falls_as_the_weight_rises() -> None:
    found = calibrate([answered(500), answered(3_000)])
    assert all(a.share <= b.share and a.above <= b.above for a, b in itertools.pairwise(found))


@pytest.mark.parametrize(
    ("values", "counts", "expected"),
    [
        ([1, 3, 2], [1, 1, 1], [1, 2.5, 2.5]),
        ([3, 2, 1], [1, 1, 2], [1.75, 1.75, 1.75]),
        ([1, 0, 2], [1, 0, 1], [1, 1, 2]),
        ([], [], []),
    ],
)
def test_falling_neighbours_are_drawn_together(values: list[float], counts: list[float], expected: list[float]) -> None:
    assert isotonic(values, counts) == expected


@pytest.mark.parametrize(("precision", "bits"), [(0.7, 1), (0.8, 1), (0.9, 6), (0.99, None)])
def test_a_precision_asks_for_the_lowest_weight_that_promises_it(precision: float, bits: float | None) -> None:
    assert weight_for(POINTS, precision) == bits


def test_links_join_from_the_weight_of_the_stated_precision() -> None:
    model = MODEL.model_copy(update={"calibration": POINTS})
    assert thresholds(model, MatchRules(precision=0.9))[0] == 6 * MICRO


def test_a_precision_that_no_weight_promises_joins_nothing() -> None:
    model = MODEL.model_copy(update={"calibration": POINTS})
    assert thresholds(model, MatchRules(precision=0.999))[0] > 100 * MICRO


def test_auto_from_overrules_the_precision() -> None:
    assert thresholds(MODEL, MatchRules(precision=0.9, auto_from=0.5))[0] == 0


def test_the_shipped_model_says_what_its_weights_are_worth() -> None:
    assert weight_for(MODEL.calibration, 0.95) is not None
