"""What a system says of its own records is followed: merged ones lead to their survivor, deleted ones are gone."""

from __future__ import annotations

from typing import Any

import pytest

LONELY = {
    "Id": "C100",
    "Account Name": "Zwetschgenhof Obstbau eG",
    "Billing Street": "Am Hang 12",
    "Billing Postal Code": "79098",
    "Billing City": "Freiburg",
    "Billing Country": "DE",
    "Phone": "+49 761 887766",
    "Email": "hof@zwetschgen.example",
    "VAT Number": "",
    "Remark": "",
}
TARGET = "version: 1\ntargets:\n  - {system: crm, crosswalk_field: MDM_ID}\n"


@pytest.fixture
def crm(project: Any) -> Any:
    """The project with a CRM that says what it deleted and merged; scanned."""
    project.world.rows["crm"].append(LONELY)
    say(project)
    rules = project.folder / "rules" / "sources" / "crm.yaml"
    more = "merged_into: MasterRecordId\nmerged_from: Losers\ndeleted: {IsDeleted: 'true'}\n"
    rules.write_text(rules.read_text(encoding="utf-8") + more, encoding="utf-8")
    (project.folder / "rules" / "publish.yaml").write_text(TARGET, encoding="utf-8")
    project.scan()
    return project


def say(project: Any, **into: str) -> None:
    """Write the CRM's file, these records merged into others."""
    told = {"MasterRecordId": "", "IsDeleted": "false", "Losers": ""}
    for row in project.world.rows["crm"]:
        row.update(told if row["Id"] not in into else told | {"MasterRecordId": into[row["Id"]], "IsDeleted": "true"})
    project.world.write()


def test_a_merged_record_leads_to_its_survivor_and_the_ids_stay(crm: Any) -> None:
    before = crm.ids()
    say(crm, C100="A001")
    crm.scan()
    after = crm.ids()
    assert after["crm", "C100"] == before["crm", "A001"]
    assert {record: i for record, i in after.items() if record != ("crm", "C100")} == {
        record: i for record, i in before.items() if record != ("crm", "C100")
    }


def test_the_id_of_a_merged_record_stays_resolvable(crm: Any) -> None:
    before = crm.ids()
    say(crm, C100="A001")
    crm.scan()
    told = crm.mdm("resolve", before["crm", "C100"], "--project", crm.folder)
    assert told.code == 0, told.err
    assert before["crm", "A001"] in told.words


def test_records_of_other_systems_stay_with_their_customer(crm: Any) -> None:
    before = crm.ids()
    say(crm, A013="A003")
    crm.scan()
    after = crm.ids()
    assert after["crm", "A013"] == before["crm", "A003"]
    assert after["shop", "S-13"] == before["shop", "S-13"] != after["crm", "A013"]


def test_merges_are_followed_to_the_end_of_their_way(crm: Any) -> None:
    before = crm.ids()
    say(crm, C100="A013", A013="A003")
    crm.scan()
    assert {crm.ids()["crm", key] for key in ("C100", "A013")} == {before["crm", "A003"]}


def test_a_survivor_that_names_records_that_are_gone_keeps_their_keys(crm: Any) -> None:
    before = crm.ids()
    crm.world.rows["crm"].pop()
    next(row for row in crm.world.rows["crm"] if row["Id"] == "A001")["Losers"] = "C100;C099"
    crm.world.write()
    crm.scan()
    after = crm.ids()
    assert after["crm", "C100"] == after["crm", "C099"] == before["crm", "A001"]


def test_nothing_that_a_merged_record_says_counts_any_more(crm: Any) -> None:
    say(crm, C100="A001")
    crm.scan()
    with crm.store() as store:
        assert not any("Zwetschgen" in str(row) for row in store.read_golden().iter_rows())


def test_a_merged_record_is_told_nothing(crm: Any) -> None:
    say(crm, C100="A001", A013="A003")
    crm.scan()
    with crm.store() as store:
        told = set(store.read_publish_changes().filter(target="crm")["key"])
    assert "A001" in told
    assert not told & {"C100", "A013"}


def test_a_second_scan_after_a_merge_writes_nothing_and_all_holds(crm: Any) -> None:
    say(crm, C100="A001", A013="A003")
    crm.scan()
    assert crm.scan()["rows_written"] == 0
    verified = crm.mdm("verify", crm.folder)
    assert verified.code == 0, verified.out


def test_a_steward_who_said_otherwise_is_not_outvoted_by_a_merge(crm: Any) -> None:
    before = crm.ids()
    words = ("crm:A013", "crm:A003", "do-not-match", "--reason", "two sites", "--project", crm.folder)
    assert crm.mdm("decide", *words).code == 0
    say(crm, A013="A003")
    crm.scan()
    assert crm.ids()["crm", "A013"] != before["crm", "A003"]


def test_a_merge_into_a_record_that_is_not_there_is_a_deletion(crm: Any) -> None:
    say(crm, C100="A999")
    crm.scan()
    assert ("crm", "C100") not in crm.ids()


def test_a_record_that_counts_as_deleted_is_gone(crm: Any) -> None:
    crm.world.rows["crm"][-1]["IsDeleted"] = "true"
    crm.world.write()
    crm.scan()
    assert ("crm", "C100") not in crm.ids()


def test_records_merged_in_a_circle_are_gone_and_nothing_hangs(crm: Any) -> None:
    say(crm, C100="A001", A001="C100")
    crm.scan("--accept-shrink", "crm")
    assert not {("crm", "C100"), ("crm", "A001")} & crm.ids().keys()
