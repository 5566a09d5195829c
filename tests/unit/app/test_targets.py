"""Every system is told the master id; more only where a rule says so."""

from __future__ import annotations

from mdm.app.targets import complete_targets
from mdm.records import SystemName
from mdm.rulebook import PublishRules, SourceRules, TargetRules


def source(name: str, **more: str) -> SourceRules:
    return SourceRules.model_validate({"system": name, "path": f"{name}.csv", "key": "Id", **more})


def test_a_system_without_a_rule_gets_its_master_id_only() -> None:
    targets = complete_targets(PublishRules(), [source("crm"), source("erp", crosswalk_field="ZZ_MDM")]).targets
    assert [(t.system, t.crosswalk_field, t.allow) for t in targets] == [("crm", "MDM_ID", {}), ("erp", "ZZ_MDM", {})]


def test_a_rule_that_is_there_stays_as_it_is() -> None:
    rule = TargetRules(system=SystemName("crm"), crosswalk_field="X__c", allow={"vat": "VAT__c"})
    assert complete_targets(PublishRules(targets=(rule,)), [source("crm")]).targets == (rule,)


def test_a_file_of_many_systems_waits_until_they_are_known() -> None:
    assert complete_targets(PublishRules(), [source("all", source_column="system")]).targets == ()
