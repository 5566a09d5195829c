"""What holds for every set of answers."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mdm.match.compare import LEVEL_LABELS
from mdm.match.learning import RIDGE, learn_from, weigh, weights_of, with_weights
from mdm.match.model import load_model
from mdm.match.training import Answered

EXAMPLES = settings(max_examples=15, deadline=None)
POPULATION = load_model().organisation
START = weights_of(POPULATION)
LABELS = {name: LEVEL_LABELS[name] for name in START.levels}
ROUNDING = 1e-3
"""Bits by which a minimum may be missed."""

PATTERN = st.fixed_dictionaries({name: st.integers(-1, len(labels) - 1) for name, labels in LABELS.items()})
ANSWER = st.tuples(PATTERN, st.booleans())
LEVEL = st.sampled_from([(name, n) for name, labels in LABELS.items() for n in range(len(labels))])


def answered(rows: list[tuple[dict[str, int], bool]]) -> Answered:
    levels = {name: np.array([row[name] for row, _ in rows], np.int8) for name in LABELS}
    return Answered(levels, np.array([match for _, match in rows], np.bool_), np.ones(len(rows)))


@EXAMPLES
@given(rows=st.lists(ANSWER, min_size=1, max_size=12))
def test_higher_levels_never_weigh_less(rows: list[tuple[dict[str, int], bool]]) -> None:
    for bits in learn_from(POPULATION, answered(rows)).levels.values():
        assert (np.diff(bits) >= -ROUNDING).all()


@EXAMPLES
@given(rows=st.lists(ANSWER, max_size=8), pattern=PATTERN, more=st.integers(1, 20))
def test_more_matches_of_one_sort_never_lower_its_weight(
    rows: list[tuple[dict[str, int], bool]], pattern: dict[str, int], more: int
) -> None:
    some = learn_from(POPULATION, answered([*rows, (pattern, True)]))
    all_ = learn_from(POPULATION, answered([*rows, *[(pattern, True)] * (1 + more)]))
    levels = answered([(pattern, True)]).levels
    assert weigh(levels, all_)[0] >= weigh(levels, some)[0] - ROUNDING


@EXAMPLES
@given(level=LEVEL, matches=st.integers(0, 10), others=st.integers(0, 10), more=st.integers(1, 20))
def test_more_matches_at_a_level_alone_never_lower_the_weight_of_the_level(
    level: tuple[str, int], matches: int, others: int, more: int
) -> None:
    name, place = level
    alone = dict.fromkeys(LABELS, -1) | {name: place}
    rows = [(alone, True)] * matches + [(alone, False)] * others
    few = learn_from(POPULATION, answered([*rows, (alone, False)]))
    many = learn_from(POPULATION, answered([*rows, (alone, False), *[(alone, True)] * more]))
    assert many.levels[name][place] >= few.levels[name][place] - ROUNDING


@EXAMPLES
@given(rows=st.lists(ANSWER, min_size=1, max_size=12))
def test_the_prior_never_moves(rows: list[tuple[dict[str, int], bool]]) -> None:
    learnt = learn_from(POPULATION, answered(rows))
    assert with_weights(POPULATION, learnt).prior == POPULATION.prior
    assert abs(learnt.prior - START.prior) < ROUNDING


@EXAMPLES
@given(rows=st.lists(ANSWER, min_size=1, max_size=12))
def test_a_model_weighs_what_was_learnt(rows: list[tuple[dict[str, int], bool]]) -> None:
    learnt = learn_from(POPULATION, answered(rows))
    kept = weights_of(with_weights(POPULATION, learnt))
    for name, bits in learnt.levels.items():
        clear = max(bits) > 0.02 and min(bits) < -0.02  # else m and u of it could not both add up to one
        assert not clear or np.allclose(kept.levels[name], bits, atol=0.05)


@EXAMPLES
@given(pattern=PATTERN, match=st.booleans())
def test_one_answer_moves_no_level_far(pattern: dict[str, int], match: bool) -> None:  # noqa: FBT001 - drawn
    learnt = learn_from(POPULATION, answered([(pattern, match)]))
    for name, bits in learnt.levels.items():
        assert np.abs(np.subtract(bits, START.levels[name])).max() <= 1 / RIDGE / np.log(2) + ROUNDING
