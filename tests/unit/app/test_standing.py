"""A project's adapted model is made once, used as it is, and made anew for another base model."""

from __future__ import annotations

from pathlib import Path

import pytest

from mdm.app.standing import STANDING, keep_standing, model_of, standing_of, weighing_of
from mdm.errors import RulesInvalid
from mdm.match import MatchModel, Refined, RefineGuard, keep_model, load_model, refine_model
from mdm.rulebook import MatchRules

RULES = MatchRules(refine=True)
ADAPTED = Refined(
    MatchModel.model_validate(load_model().model_dump() | {"version": "adapted"}),
    (RefineGuard("organisation", "Enough pairs to learn from", True, "9,000 candidate pairs"),),
)


def test_the_adapted_model_is_what_a_project_weighs_with(tmp_path: Path) -> None:
    keep_standing(tmp_path, RULES, ADAPTED)
    assert model_of(tmp_path, RULES) == ADAPTED.model
    assert standing_of(tmp_path, RULES) == ADAPTED


def test_a_kept_model_is_never_written_over(tmp_path: Path) -> None:
    keep_standing(tmp_path, RULES, ADAPTED)
    keep_standing(tmp_path, RULES, Refined(load_model(), ()))
    assert standing_of(tmp_path, RULES) == ADAPTED


def test_a_model_is_adapted_only_where_there_is_none_yet(tmp_path: Path) -> None:
    assert weighing_of(standing_of(tmp_path, RULES), RULES) is refine_model
    keep_standing(tmp_path, RULES, ADAPTED)
    assert weighing_of(standing_of(tmp_path, RULES), RULES) is not refine_model


def test_rules_that_do_not_ask_for_it_adapt_nothing(tmp_path: Path) -> None:
    keep_standing(tmp_path, MatchRules(), ADAPTED)
    assert not (tmp_path / STANDING).exists()
    assert weighing_of(standing_of(tmp_path, MatchRules()), MatchRules()) is keep_model


def test_another_base_model_is_adapted_anew(tmp_path: Path) -> None:
    keep_standing(tmp_path, RULES, ADAPTED)
    own = MatchModel.model_validate(load_model().model_dump() | {"version": "own"})
    (tmp_path / "own.json").write_text(own.model_dump_json(), encoding="utf-8")
    rules = MatchRules(refine=True, model="own.json")
    assert standing_of(tmp_path, rules) is None
    keep_standing(tmp_path, rules, Refined(own, ()))
    assert standing_of(tmp_path, rules) == Refined(own, ())


def test_a_damaged_file_is_refused_with_what_to_do(tmp_path: Path) -> None:
    keep_standing(tmp_path, RULES, ADAPTED)
    (tmp_path / STANDING).write_text("{}", encoding="utf-8")
    with pytest.raises(RulesInvalid, match=r"refined\.json"):
        model_of(tmp_path, RULES)
