"""`mdm resolve` and `mdm crosswalk`: where ids lead and which record has which, today and on any past day."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

A4, A5, B5, E4 = ("crm", "A004"), ("crm", "A005"), ("crm", "B005"), ("erp", "0000000005")
YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()


def become(world: Any, system: str, at: int, other: int) -> None:
    rows = world.rows[system]
    key = next(iter(rows[at]))
    rows[at] = {**rows[other], key: rows[at][key]}


def merge(project: Any, world: Any) -> None:
    """Customer 4 (two records) turns out to be customer 5 (three)."""
    become(world, "crm", 4, 5)
    become(world, "erp", 4, 5)
    world.write()
    project.scan()


def resolved(project: Any, *words: str) -> Any:
    ran = project.mdm("resolve", *words, "--project", project.folder, "--json")
    assert ran.code == 0, ran.err
    return ran.json()


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_an_active_id_leads_to_itself(scanned: Any) -> None:
    mine = scanned.ids()[A5]
    found = resolved(scanned, mine)
    assert (found["state"], found["active"]) == ("active", mine)
    assert found["successors"] == [{"master_id": mine, "records": 3}]
    assert [e["kind"] for e in found["events"]] == ["create"]


def test_a_merged_id_leads_to_its_successor_and_says_when_and_by_which_run(scanned: Any, world: Any) -> None:
    before = scanned.ids()
    merge(scanned, world)
    found = resolved(scanned, before[A4])
    assert (found["state"], found["active"]) == ("merged", before[A5])
    assert found["successors"] == [{"master_id": before[A5], "records": 2}]
    event = found["events"][-1]
    assert (event["kind"], event["to_id"], event["revision"]) == ("merge", before[A5], 2)
    assert datetime.fromisoformat(event["at"]) <= datetime.now(UTC)
    said = scanned.mdm("resolve", before[A4], "--project", scanned.folder).words
    assert f"{before[A4]} was merged; it is {before[A5]} (2 records of it) now." in said
    assert f"revision 2 {before[A4]} was merged into {before[A5]}." in said


def test_a_split_names_all_successors_and_the_primary_one(scanned: Any, world: Any) -> None:
    before = scanned.ids()
    other = {**world.rows["crm"][17], "Account Name": "Zaunkönig Verlag AG", "Phone": "", "Email": "", "VAT Number": ""}
    world.rows["crm"][17] = other | {"Billing Street": "Am Zaun 9", "Billing City": "Ulm", "Billing Postal Code": "1"}
    world.write()
    scanned.scan()
    after = scanned.ids()
    found = resolved(scanned, before[A5])
    assert (found["state"], found["active"]) == ("active", before[A5])
    assert found["successors"] == [
        {"master_id": before[A5], "records": 2},
        {"master_id": after[B5], "records": 1},
    ]
    assert f"once had: 1 record at {after[B5]}" in scanned.mdm("resolve", before[A5], "--project", scanned.folder).words


def test_a_retired_id_leads_nowhere_and_says_so(scanned: Any, world: Any) -> None:
    gone = scanned.ids()["crm", "A015"]
    world.rows["crm"].pop(15)
    world.rows["shop"].pop(9)
    world.write()
    scanned.scan()
    assert (resolved(scanned, gone)["state"], resolved(scanned, gone)["active"]) == ("retired", None)
    assert "it has no record any more" in scanned.mdm("resolve", gone, "--project", scanned.folder).words


def test_a_mistyped_id_is_told_and_finds_nobody(scanned: Any) -> None:
    ran = scanned.mdm("resolve", "M-0000001-2", "--project", scanned.folder)
    assert ran.code == 2
    assert "M-0000001-2 is mistyped: its check character does not fit." in ran.words


@pytest.mark.parametrize(("typed", "said"), [("M-00000ZZ-R", "No customer has ever had the id"), ("17", "no")])
def test_an_unknown_id_is_told(scanned: Any, typed: str, said: str) -> None:
    ran = scanned.mdm("resolve", typed, "--project", scanned.folder)
    assert ran.code == 2
    assert said in ran.words


def test_an_id_is_read_as_people_type_it(scanned: Any) -> None:
    assert resolved(scanned, " m-ooooooi-i")["master_id"] == "M-0000001-1"


def test_an_id_is_resolved_as_of_a_past_moment(scanned: Any, world: Any) -> None:
    before = scanned.ids()
    with scanned.store() as store:
        first = store.last_run().finished_at
    merge(scanned, world)
    with scanned.store() as store:
        assert store.last_run().finished_at >= first
        known = store.revision_at(datetime.fromisoformat(first))
    then = resolved(scanned, before[A4], "--as-of", first)
    assert then["revision"] == known
    ran = scanned.mdm("resolve", before[A4], "--project", scanned.folder, "--as-of", YESTERDAY)
    assert ran.code == 2
    assert f"was not given out before {YESTERDAY}" in ran.words


def test_the_crosswalk_has_every_record_once_with_the_time_it_got_its_id(scanned: Any) -> None:
    ran = scanned.mdm("crosswalk", scanned.folder)
    table = rows(ran.out)
    assert list(table[0]) == ["source_system", "source_key", "master_id", "since"]
    assert {(r["source_system"], r["source_key"]): r["master_id"] for r in table} == scanned.ids()
    assert "40 records as of revision 1." in ran.err
    with scanned.store() as store:
        assert {r["since"] for r in table} == {store.last_run().finished_at}


def test_the_crosswalk_is_as_it_stood_on_a_past_day(scanned: Any, world: Any, monkeypatch: Any) -> None:
    before = scanned.ids()
    monkeypatch.setattr("mdm.cli.projects.now", lambda: "2036-05-31T23:59:58+00:00")
    merge(scanned, world)
    after = scanned.ids()
    assert before != after

    def as_of(day: str) -> dict[tuple[str, str], str]:
        table = rows(scanned.mdm("crosswalk", scanned.folder, "--as-of", day).out)
        return {(r["source_system"], r["source_key"]): r["master_id"] for r in table}

    assert as_of("2036-05-30") == before
    assert as_of("2036-05-31T23:59:57") == before
    assert as_of("2036-06-01T01:59:57+02:00") == before
    assert as_of("2036-05-31") == after
    assert as_of(YESTERDAY) == {}


def test_a_day_before_the_first_scan_gives_no_records_and_says_so(scanned: Any) -> None:
    ran = scanned.mdm("crosswalk", scanned.folder, "--as-of", YESTERDAY)
    assert (ran.code, len(ran.out.splitlines())) == (0, 1)
    assert f"Nothing was scanned before {YESTERDAY}." in ran.err


def test_the_crosswalk_of_one_record_as_json(scanned: Any) -> None:
    ran = scanned.mdm("crosswalk", scanned.folder, "--system", "crm", "--key", "A005", "--format", "json")
    (row,) = json.loads(ran.out)
    assert (row["source_system"], row["source_key"], row["master_id"]) == (*A5, scanned.ids()[A5])
    none = scanned.mdm("crosswalk", scanned.folder, "--system", "nobody", "--format", "json")
    assert json.loads(none.out) == []


def test_the_crosswalk_goes_into_a_file(scanned: Any, tmp_path: Any) -> None:
    out = tmp_path / "x" / "crosswalk.csv"
    assert scanned.mdm("crosswalk", scanned.folder, "--out", out).code == 0
    assert out.read_text(encoding="utf-8") == scanned.mdm("crosswalk", scanned.folder).out


@pytest.mark.parametrize(
    ("options", "said"), [(["--as-of", "31.5.2026"], "is no date"), (["--format", "xml"], "No such format: xml")]
)
def test_a_wrong_option_of_the_crosswalk_is_told(scanned: Any, options: list[str], said: str) -> None:
    ran = scanned.mdm("crosswalk", scanned.folder, *options)
    assert ran.code == 2
    assert said in ran.words


def test_a_scan_says_what_it_did_to_ids_and_what_that_costs(scanned: Any, world: Any) -> None:
    become(world, "crm", 4, 5)
    become(world, "erp", 4, 5)
    world.write()
    said = scanned.try_scan().words
    assert "master ids 1 merged" in said
    assert "records moved 2" in said
    assert "writes for ids 2 (crm 1, erp 1)" in said


def test_a_scan_that_is_stopped_burns_its_ids(scanned: Any, world: Any, monkeypatch: Any) -> None:
    from mdm.store import Stage  # noqa: PLC0415 - the class to change

    def fail(*_: object) -> int:
        raise OSError(28, "No space left on device")

    world.rows["crm"].append({**world.rows["crm"][0], "Id": "A900", "Account Name": "Quittenhof Obst eG"})
    new = {"Billing Street": "Am Hang 1", "Phone": "", "Email": "", "VAT Number": "", "Billing City": "Jena"}
    world.rows["crm"][-1] |= new
    world.write()
    with monkeypatch.context() as patch:
        patch.setattr(Stage, "apply", fail)
        assert scanned.try_scan().code != 0
    assert ("crm", "A900") not in scanned.ids()
    scanned.scan()
    assert scanned.ids()["crm", "A900"] == "M-000000J-J"  # the 18th: the stopped scan had the 17th
    ran = scanned.mdm("resolve", "M-000000H-H", "--project", scanned.folder)
    assert "No customer has ever had the id M-000000H-H" in ran.words
