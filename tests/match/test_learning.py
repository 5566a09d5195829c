"""A model of one's own, learnt from answers."""

from __future__ import annotations

import numpy as np
import pytest

from mdm.match import Answers, learn_model, load_model
from mdm.match.compare import LEVEL_LABELS

MODEL = load_model()
NAMES = list(LEVEL_LABELS)


def answers(rows: list[tuple[dict[str, int], bool]], *, people: bool = False) -> Answers:
    """Pairs as (the levels that are known, whether they match)."""
    levels = {name: np.array([row.get(name, -1) for row, _ in rows], np.int8) for name in NAMES}
    match = np.array([match for _, match in rows], np.bool_)
    return Answers(levels, np.full(len(rows), people), match)


TELLING = answers([({"name": 9, "place": 0}, False), ({"name": 4, "phone": 2}, True)] * 20)
"""A firm has many sites of one name, and telephones tell: the shipped model thinks otherwise."""


def test_without_answers_the_model_is_the_same() -> None:
    assert learn_model(MODEL, answers([])).model == MODEL


def test_answers_that_the_model_gets_wrong_make_it_better() -> None:
    organisation, _ = learn_model(MODEL, TELLING).populations
    assert organisation.before is not None
    assert organisation.after is not None
    assert organisation.after.log_loss < organisation.before.log_loss


def test_answers_about_firms_leave_persons_alone() -> None:
    learnt = learn_model(MODEL, TELLING).model
    assert (learnt.person, learnt.organisation == MODEL.organisation) == (MODEL.person, False)


def test_too_few_answers_of_one_sort_change_nothing() -> None:
    rows = [({"name": 9, "place": 0}, False)] * 50 + [({"name": 9}, True)] * 4
    learnt = learn_model(MODEL, answers(rows))
    assert (learnt.model, learnt.better) == (MODEL, False)


def test_answers_without_a_rule_behind_them_change_nothing() -> None:
    rows = [({"name": n % 10}, bool(n // 10 % 2)) for n in range(40)]
    unsure = MODEL.organisation.model_copy(
        update={
            "prior": 0.5,
            "comparisons": tuple(
                c.model_copy(update={"levels": tuple(x.model_copy(update={"u": x.m}) for x in c.levels)})
                for c in MODEL.organisation.comparisons
            ),
        }
    )
    begun = MODEL.model_copy(update={"organisation": unsure})
    assert not learn_model(begun, answers(rows)).better


def test_the_prior_stays_where_it_was() -> None:
    assert learn_model(MODEL, TELLING).model.organisation.prior == MODEL.organisation.prior


def test_a_comparison_of_which_no_answer_speaks_stays_as_it_was() -> None:
    learnt = {c.name: c for c in learn_model(MODEL, TELLING).model.organisation.comparisons}
    before = {c.name: c for c in MODEL.organisation.comparisons}
    assert learnt["identifier"] == before["identifier"]


def test_the_learnt_shares_add_up_to_one() -> None:
    for c in learn_model(MODEL, TELLING).model.organisation.comparisons:
        assert (sum(x.m for x in c.levels), sum(x.u for x in c.levels)) == (
            pytest.approx(1, abs=1e-6),
            pytest.approx(1, abs=1e-6),
        )


def test_a_learnt_model_has_a_digest_of_its_own() -> None:
    _ = MODEL.digest  # known before it is learnt from, as in a run
    assert learn_model(MODEL, TELLING).model.digest != MODEL.digest
