"""Ids that a system already has are never given to another customer."""

from __future__ import annotations

import polars as pl
import pytest

from mdm.app.published import highest_published
from mdm.errors import GuardTripped
from mdm.publish import CURRENT
from mdm.records import format_master_id
from mdm.rulebook import PublishRules

RULES = PublishRules.model_validate({"targets": [{"system": "crm", "crosswalk_field": "MDM_ID"}]})


def highest(*values: str | None, field: str = "MDM_ID") -> int:
    rows = [("crm", str(n), field, value) for n, value in enumerate(values)]
    return highest_published(pl.DataFrame(rows, schema=dict(CURRENT), orient="row"), RULES, 0)


def test_the_highest_id_a_system_has_is_found() -> None:
    assert highest(format_master_id(7), format_master_id(40), None, format_master_id(9)) == 40


def test_a_system_without_an_id_says_nothing() -> None:
    assert highest(None, "", "12345") == 0


def test_a_mistyped_id_counts_for_nothing() -> None:
    assert highest("M-ZZZZZZZ-0", format_master_id(3)) == 3


def test_other_fields_count_for_nothing() -> None:
    assert highest(format_master_id(7), field="NOTE") == 0


def test_an_absurd_id_stops_the_run_and_is_named() -> None:
    with pytest.raises(GuardTripped, match="M-ZZZZZZZ-"):
        highest(format_master_id(32**7 - 1))
