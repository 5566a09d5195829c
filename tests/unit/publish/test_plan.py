"""What a publish plan holds, and what it never holds."""

from __future__ import annotations

import polars as pl
import pytest

from mdm.errors import RulesInvalid, SchemaMismatch
from mdm.publish import CURRENT, plan_publish
from mdm.records import CROSSWALK, GOLDEN, PUBLISH_CHANGES, empty
from mdm.rulebook.stages import PublishRules, TargetRules

CROSSWALK_ROWS = pl.DataFrame(
    [("crm", "1", "M-0000001-1"), ("crm", "2", "M-0000002-2"), ("erp", "7", "M-0000001-1")],
    schema=dict(CROSSWALK),
    orient="row",
)


def golden(**values: str | None) -> pl.DataFrame:
    row = {**dict.fromkeys(GOLDEN), "master_id": "M-0000001-1", "records": 2, "systems": ["crm", "erp"], **values}
    return pl.DataFrame([row], schema=dict(GOLDEN))


def current(*rows: tuple[str, str, str, str | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(CURRENT), orient="row")


def plan(
    rules: PublishRules, *said: tuple[str, str, str, str | None], **values: str | None
) -> list[tuple[object, ...]]:
    return plan_publish(CROSSWALK_ROWS, golden(**values), current(*said), rules).rows()


CRM = PublishRules(targets=(TargetRules(system="crm"),))
CRM_VAT = PublishRules(targets=(TargetRules(system="crm", allow={"vat": "Tax_ID"}),))


def test_no_target_means_no_change() -> None:
    assert plan(PublishRules(), vat="DE136695976") == []


def test_a_listed_target_gets_its_master_ids_and_nothing_else() -> None:
    assert plan(CRM, vat="DE136695976", name="Example") == [
        ("crm", "1", "M-0000001-1", "MDM_ID", None, "M-0000001-1"),
        ("crm", "2", "M-0000002-2", "MDM_ID", None, "M-0000002-2"),
    ]


def test_an_allowed_attribute_goes_to_its_field() -> None:
    rows = plan(CRM_VAT, ("crm", "1", "Tax_ID", "DE1"), vat="DE136695976")
    assert ("crm", "1", "M-0000001-1", "Tax_ID", "DE1", "DE136695976") in rows


def test_a_value_that_the_system_already_has_is_no_change() -> None:
    said = [("crm", "1", "MDM_ID", "M-0000001-1"), ("crm", "2", "MDM_ID", "M-0000002-2")]
    assert plan(CRM, *said) == []


def test_writing_the_plan_leaves_nothing_to_plan() -> None:
    first = plan_publish(CROSSWALK_ROWS, golden(vat="DE1"), empty(CURRENT), CRM_VAT)
    said = first.select("target", "key", "field", value="new")
    assert plan_publish(CROSSWALK_ROWS, golden(vat="DE1"), said, CRM_VAT).height == 0


@pytest.mark.parametrize("missing", [None, "", "  "])
def test_a_golden_record_without_a_value_empties_no_field(missing: str | None) -> None:
    rows = plan(CRM_VAT, ("crm", "1", "Tax_ID", "DE1"), vat=missing)
    assert [row for row in rows if row[3] == "Tax_ID"] == []


@pytest.mark.parametrize("blank", [None, "", " "])
def test_a_blank_in_the_system_is_an_old_value_of_null(blank: str | None) -> None:
    assert plan(CRM, ("crm", "1", "MDM_ID", blank))[0] == ("crm", "1", "M-0000001-1", "MDM_ID", None, "M-0000001-1")


def test_a_value_of_another_system_under_the_same_key_does_not_count() -> None:
    assert len(plan(CRM, ("erp", "1", "MDM_ID", "M-0000001-1"))) == 2


def test_a_changed_master_id_shows_the_former_one() -> None:
    rows = plan(CRM, ("crm", "2", "MDM_ID", "M-0000009-9"))
    assert rows[1][4:] == ("M-0000009-9", "M-0000002-2")


def test_the_plan_is_sorted_whatever_the_order_of_its_tables() -> None:
    rules = PublishRules(targets=(TargetRules(system="erp"), TargetRules(system="crm", allow={"vat": "A", "lei": "Z"})))
    one = plan_publish(CROSSWALK_ROWS, golden(vat="V", lei="L"), empty(CURRENT), rules)
    two = plan_publish(CROSSWALK_ROWS.reverse(), golden(vat="V", lei="L"), empty(CURRENT), rules)
    assert one.equals(two)
    assert one.equals(one.sort("target", "key", "field"))


def test_the_plan_has_the_declared_schema_with_and_without_rows() -> None:
    for rules in (PublishRules(), CRM):
        assert dict(plan_publish(CROSSWALK_ROWS, golden(), empty(CURRENT), rules).schema) == dict(PUBLISH_CHANGES)


def test_two_current_values_of_one_field_are_a_fault() -> None:
    with pytest.raises(SchemaMismatch, match="twice"):
        plan(CRM, ("crm", "1", "MDM_ID", "a"), ("crm", "1", "MDM_ID", "b"))


@pytest.mark.parametrize(
    "targets",
    [
        (TargetRules(system="crm"), TargetRules(system="CRM")),
        (TargetRules(system="crm", allow={"vat": "X", "lei": "X"}),),
        (TargetRules(system="crm", allow={"vat": "MDM_ID"}),),
        (TargetRules(system="crm", allow={"vat": "key"}),),
        (TargetRules(system="crm", crosswalk_field="=1+1"),),
        (TargetRules(system="crm", crosswalk_field=""),),
    ],
)
def test_targets_that_contradict_each_other_are_refused(targets: tuple[TargetRules, ...]) -> None:
    with pytest.raises(RulesInvalid, match=r"^publish\.yaml: targets\[\d\]"):
        plan(PublishRules(targets=targets))
