"""A golden value or a master id that a steward holds fast stays, whatever the records and the next scans say."""

from __future__ import annotations

import json
import re
from typing import Any

import polars as pl

from tests.e2e.little_systems import crm_row

A0, E0 = ("crm", "A000"), ("erp", "0000000001")
A1 = ("crm", "A001")
KEPT = ("records", "crosswalk", "masters", "lineage", "golden", "changes", "links")


def override(project: Any, master_id: str, *words: str) -> Any:
    return project.mdm("override", master_id, *words, "--project", project.folder, "--author", "ann")


def pin(project: Any, record: tuple[str, str], master_id: str, *words: str) -> Any:
    return project.mdm("pin", ":".join(record), master_id, *words, "--project", project.folder, "--author", "ann")


def golden(project: Any, master_id: str) -> dict[str, str]:
    with project.store() as store:
        row = store.read_golden(pl.DataFrame({"master_id": [master_id]}))
    values: dict[str, str] = json.loads(row["body"][0])
    return values


def origins(project: Any, master_id: str) -> dict[str, Any]:
    with project.store() as store:
        return dict(store.get_customer(master_id).provenance)


def keeps(project: Any) -> None:
    """A scan of the same files changes no customer, a second one writes nothing at all."""
    before = {name: table for name, table in project.seen().items() if name in KEPT}
    project.scan("--full")
    after = project.seen()
    assert {name: after[name] for name in KEPT} == before
    assert project.scan("--full")["rows_written"] == 0


def test_an_overridden_value_is_golden_at_once_and_after_every_scan(scanned: Any) -> None:
    mine = scanned.ids()[A0]
    ran = override(scanned, mine, "city", "Neustadt")
    assert ran.code == 0, ran.err
    assert golden(scanned, mine)["city"] == "Neustadt"
    keeps(scanned)


def test_an_override_stands_when_a_record_changes(scanned: Any, world: Any) -> None:
    mine = scanned.ids()[A0]
    override(scanned, mine, "city", "Neustadt")
    column = next(c for c in world.rows["crm"][0] if "city" in c.lower())
    world.rows["crm"][0][column] = "Altstadt"
    world.write()
    scanned.scan()
    assert golden(scanned, mine)["city"] == "Neustadt"


def test_the_origin_of_an_overridden_value_names_the_decision_and_its_author(scanned: Any) -> None:
    mine = scanned.ids()[A0]
    override(scanned, mine, "city", "Neustadt")
    assert origins(scanned, mine)["city"].rule == "decision 1 of ann"
    scanned.scan()
    assert origins(scanned, mine)["city"].rule == "decision 1 of ann"


def test_an_override_that_is_taken_back_leaves_the_value_to_the_records(scanned: Any) -> None:
    mine = scanned.ids()[A0]
    before = golden(scanned, mine), origins(scanned, mine)
    override(scanned, mine, "city", "Neustadt")
    assert override(scanned, mine, "city", "--withdraw").code == 0
    assert (golden(scanned, mine), origins(scanned, mine)) == before
    keeps(scanned)


def test_an_override_rests_while_its_id_is_merged_and_is_back_with_it(scanned: Any) -> None:
    ids = scanned.ids()
    win, lose = ids[A0], ids[A1]
    override(scanned, lose, "city", "Neustadt")
    assert scanned.mdm("merge", win, lose, "--project", scanned.folder).code == 0
    assert golden(scanned, win)["city"] != "Neustadt"
    scanned.scan()
    assert golden(scanned, win)["city"] != "Neustadt"
    assert override(scanned, lose, "city", "Altstadt").code != 0
    assert scanned.mdm("unmerge", "2", "--project", scanned.folder).code == 0
    assert golden(scanned, lose)["city"] == "Neustadt"
    keeps(scanned)


def test_the_same_override_again_is_no_second_one(scanned: Any) -> None:
    mine = scanned.ids()[A0]
    override(scanned, mine, "city", "Neustadt")
    before = scanned.seen()["revision"]
    assert override(scanned, mine, "city", "Neustadt").code == 0
    assert scanned.seen()["revision"] == before


def test_a_field_or_a_value_that_is_none_changes_nothing(scanned: Any) -> None:
    mine = scanned.ids()[A0]
    before = scanned.seen()
    for words in (("shoe_size", "44"), ("vat", "DE123456789"), ("city", " "), ("city", "--withdraw"), ("city",)):
        assert override(scanned, mine, *words).code != 0
    assert scanned.seen() == before


def test_an_override_is_in_the_audit_without_its_value(scanned: Any) -> None:
    mine = scanned.ids()[A0]
    override(scanned, mine, "city", "Neustadt")
    told = scanned.mdm("audit", scanned.folder, "--json").json()
    assert [(row["actor"], row["action"]) for row in told][-1] == ("ann", "override")
    assert "Neustadt" not in json.dumps(told)
    assert scanned.mdm("verify", scanned.folder).code == 0


def test_a_pinned_record_takes_its_id_along(scanned: Any) -> None:
    before = scanned.ids()
    assert pin(scanned, A0, before[A1]).code == 0
    scanned.scan()
    after = scanned.ids()
    assert after[A0] == after[E0] == before[A1]
    assert after[A1] != before[A1]
    keeps(scanned)


def test_a_pin_to_the_id_it_has_changes_nothing(scanned: Any) -> None:
    before = scanned.ids()
    assert pin(scanned, A0, before[A0]).code == 0
    keeps(scanned)
    assert scanned.ids() == before


def test_pins_that_want_one_id_for_two_customers_are_refused_naming_both(scanned: Any) -> None:
    mine = scanned.ids()[A0]
    pin(scanned, A0, mine)
    ran = pin(scanned, A1, mine)
    assert ran.code != 0
    assert f"crm:A001 cannot keep {mine}" in ran.words
    assert f"ann pinned crm:A000 to {mine}" in ran.words


def test_pins_that_want_two_ids_for_one_customer_are_refused_naming_both(scanned: Any) -> None:
    ids = scanned.ids()
    pin(scanned, A0, ids[A0])
    ran = pin(scanned, E0, ids[A1])
    assert ran.code != 0
    assert f"ann pinned crm:A000 to {ids[A0]}" in ran.words


def test_a_pin_that_is_taken_back_holds_no_longer(scanned: Any) -> None:
    mine = scanned.ids()[A0]
    pin(scanned, A0, mine)
    assert pin(scanned, A0, mine, "--withdraw").code == 0
    assert pin(scanned, A1, mine).code == 0
    assert pin(scanned, A0, mine, "--withdraw").code != 0


def test_a_pin_to_an_id_or_of_a_record_that_is_not_there_is_refused(scanned: Any) -> None:
    mine = scanned.ids()[A0]
    assert pin(scanned, ("crm", "none"), mine).code != 0
    assert pin(scanned, A0, "M-ZZZZZZZ-1").code != 0


def decide(project: Any, one: tuple[str, str], other: tuple[str, str], answer: str) -> None:
    words = ("decide", ":".join(one), ":".join(other), answer, "--project", project.folder)
    assert project.mdm(*words).code == 0


def test_links_never_join_records_that_are_pinned_to_two_ids(scanned: Any, world: Any) -> None:
    before = scanned.ids()
    pin(scanned, A0, before[A0])
    pin(scanned, A1, before[A1])
    crm = sorted(world.rows["crm"], key=lambda row: row["Id"])
    world.rows["crm"] = [{**crm[1], "Id": "A000"}, *crm[1:]]
    world.write()
    scanned.scan()
    after = scanned.ids()
    assert (after[A0], after[A1]) == (before[A0], before[A1])
    keeps(scanned)


def test_links_that_go_never_part_records_that_are_pinned_to_one_id(scanned: Any, world: Any) -> None:
    mine = scanned.ids()[A0]
    pin(scanned, A0, mine)
    pin(scanned, E0, mine)
    world.rows["crm"] = [crm_row(21, "A000") if row["Id"] == "A000" else row for row in world.rows["crm"]]
    world.write()
    scanned.scan()
    after = scanned.ids()
    assert after[A0] == after[E0] == mine
    keeps(scanned)


def test_a_pin_against_a_match_that_waits_for_the_next_scan_is_refused_naming_both(scanned: Any) -> None:
    ids = scanned.ids()
    pin(scanned, A1, ids[A1])
    decide(scanned, A0, A1, "match")
    ran = pin(scanned, A0, ids[A0])
    assert ran.code != 0
    assert f"ann pinned crm:A001 to {ids[A1]}" in ran.words
    assert "says that crm:A000 and crm:A001 are one customer" in ran.words


def test_a_pin_against_a_do_not_match_that_waits_for_the_next_scan_is_refused_naming_both(scanned: Any) -> None:
    mine = scanned.ids()[A0]
    pin(scanned, A0, mine)
    decide(scanned, A0, E0, "do-not-match")
    ran = pin(scanned, E0, mine)
    assert ran.code != 0
    assert f"ann pinned crm:A000 to {mine}" in ran.words
    assert "are two customers" in ran.words


def test_an_unmerge_leaves_a_pin_as_it_was_before_the_merge(scanned: Any) -> None:
    ids = scanned.ids()
    pin(scanned, A1, ids[A0])
    number = re.search(r"mdm undo (\d+)", act(scanned, "merge", ids[A0], ids[A1]).words)
    assert number is not None
    assert act(scanned, "unmerge", number[1]).code == 0
    with scanned.store() as store:
        assert store.read_pins()["master_id"].to_list() == [ids[A0]]


def act(project: Any, *words: str) -> Any:
    return project.mdm(*words, "--project", project.folder, "--author", "ann")


def test_an_override_is_taken_back_by_its_number(scanned: Any) -> None:
    mine = scanned.ids()[A0]
    before = golden(scanned, mine)
    assert "mdm undo 1" in override(scanned, mine, "city", "Neustadt").words
    assert scanned.mdm("undo", "1", "--project", scanned.folder).code == 0
    assert golden(scanned, mine) == before
    assert scanned.mdm("undo", "1", "--project", scanned.folder).code != 0


def planned(project: Any, world: Any) -> str:
    """The id of a plan that waits."""
    world.rows["erp"].pop()
    world.write()
    ran = project.mdm("scan", project.folder, "--plan")
    found = re.search(r"mdm apply (?:\S+ )?([0-9a-f]{6,})", ran.words)
    assert found is not None, ran.words
    return found[1]


def test_a_plan_that_was_made_before_an_override_is_refused(scanned: Any, world: Any) -> None:
    plan = planned(scanned, world)
    override(scanned, scanned.ids()[A0], "city", "Neustadt")
    ran = scanned.mdm("apply", plan, scanned.folder)
    assert "customers were changed since" in ran.words


def test_a_plan_that_was_made_before_a_pin_is_refused(scanned: Any, world: Any) -> None:
    plan = planned(scanned, world)
    pin(scanned, A0, scanned.ids()[A1])
    ran = scanned.mdm("apply", plan, scanned.folder)
    assert "records were pinned" in ran.words


def test_an_override_that_is_made_during_a_scan_is_in_effect_with_the_next(scanned: Any) -> None:
    mine = scanned.ids()[A0]
    with scanned.store() as store, store.begin_scan("bob", "2026-01-01T00:00:00Z"):
        assert "with the next scan" in override(scanned, mine, "city", "Neustadt").words
    assert golden(scanned, mine)["city"] != "Neustadt"
    scanned.scan()
    assert golden(scanned, mine)["city"] == "Neustadt"
