"""The files that target systems load."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from mdm.errors import GuardTripped, SettingsInvalid
from mdm.publish import render
from mdm.records import PUBLISH_CHANGES
from mdm.rulebook.stages import PublishRules, TargetRules

CSV = PublishRules(targets=(TargetRules(system="crm", allow={"phone": "Phone"}),))
JSONL = PublishRules(targets=(TargetRules(system="crm", format="jsonl", allow={"phone": "Phone"}),))
EXCEL = PublishRules(targets=(TargetRules(system="crm", format="excel", allow={"phone": "Phone"}),))


def changes(*rows: tuple[str, str, str], target: str = "crm") -> pl.DataFrame:
    full = [(target, key, "M-0000001-1", field, None, new) for key, field, new in rows]
    return pl.DataFrame(full, schema=dict(PUBLISH_CHANGES), orient="row")


def table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


def manifest(folder: Path) -> dict[str, dict[str, object]]:
    content = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return {entry["file"]: entry for entry in content["files"]}


def test_a_csv_has_a_row_for_each_record_and_a_column_for_each_field(tmp_path: Path) -> None:
    render(changes(("1", "MDM_ID", "M-0000001-1"), ("2", "Phone", "030 1")), CSV, tmp_path, run_id="r")
    assert table(tmp_path / "crm.csv") == [["key", "MDM_ID", "Phone"], ["1", "M-0000001-1", ""], ["2", "", "030 1"]]


def test_a_telephone_number_reaches_the_system_as_it_is(tmp_path: Path) -> None:
    render(changes(("1", "Phone", "+49 30 1234-0")), CSV, tmp_path, run_id="r")
    assert table(tmp_path / "crm.csv")[1] == ["1", "", "+49 30 1234-0"]


def test_a_dangerous_record_is_held_out_of_the_csv_and_kept_unaltered_beside_it(tmp_path: Path) -> None:
    plan = changes(("1", "Phone", "=cmd|' /C calc'!A0"), ("2", "Phone", "030 1"), ("@SUM(1)", "Phone", "5"))
    render(plan, CSV, tmp_path, run_id="r")
    assert [row[0] for row in table(tmp_path / "crm.csv")] == ["key", "2"]
    held = [json.loads(line) for line in (tmp_path / "crm.held.jsonl").read_text().splitlines()]
    assert held == [{"key": "1", "Phone": "=cmd|' /C calc'!A0"}, {"key": "@SUM(1)", "Phone": "5"}]
    assert manifest(tmp_path)["crm.held.jsonl"]["held_back"] is True


def test_json_lines_name_only_the_fields_that_change_in_the_order_of_keys(tmp_path: Path) -> None:
    plan = changes(("3", "Phone", "=1\n\u2028ü"), ("1", "MDM_ID", "M-0000001-1"), ("2", "Phone", 'a"b'))
    render(plan, JSONL, tmp_path, run_id="r")
    rows = [json.loads(line) for line in (tmp_path / "crm.jsonl").read_text(encoding="utf-8").split("\n")[:-1]]
    assert rows == [
        {"key": "1", "MDM_ID": "M-0000001-1"},
        {"key": "2", "Phone": 'a"b'},
        {"key": "3", "Phone": "=1\n\u2028ü"},
    ]


def test_an_excel_file_types_every_value_as_text(tmp_path: Path) -> None:
    render(changes(("007", "Phone", "=1+1")), EXCEL, tmp_path, run_id="r")
    sheet = openpyxl.load_workbook(tmp_path / "crm.xlsx").active
    assert [(c.value, c.data_type) for c in sheet[2] if c.value is not None] == [("007", "s"), ("=1+1", "s")]


def test_the_manifest_vouches_for_each_file(tmp_path: Path) -> None:
    paths = render(changes(("1", "Phone", "030 1")), CSV, tmp_path, run_id="run 17")
    assert json.loads(paths[-1].read_text())["run"] == "run 17"
    entry = manifest(tmp_path)["crm.csv"]
    assert entry["sha256"] == hashlib.sha256(paths[0].read_bytes()).hexdigest()
    assert (entry["target"], entry["rows"]) == ("crm", 1)


@pytest.mark.parametrize("rules", [CSV, JSONL, EXCEL])
def test_a_target_without_changes_gets_a_file_without_rows(rules: PublishRules, tmp_path: Path) -> None:
    path = render(changes(), rules, tmp_path, run_id="r")[0]
    assert manifest(tmp_path)[path.name]["rows"] == 0


def test_files_of_an_earlier_run_do_not_stay_beside_the_new_one(tmp_path: Path) -> None:
    render(changes(("1", "Phone", "=1+A1")), CSV, tmp_path, run_id="1")
    render(changes(("1", "Phone", "2")), JSONL, tmp_path, run_id="2")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["crm.jsonl", "manifest.json"]


@pytest.mark.parametrize("rules", [CSV, JSONL, EXCEL])
def test_the_same_plan_gives_the_same_bytes(rules: PublishRules, tmp_path: Path) -> None:
    plan = changes(("2", "Phone", "1"), ("1", "Phone", "2"), ("1", "MDM_ID", "M-0000001-1"))
    one = render(plan, rules, tmp_path / "one", run_id="r")
    two = render(plan.reverse(), rules, tmp_path / "two", run_id="r")
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]


def test_a_field_off_the_list_cannot_leave_the_tool(tmp_path: Path) -> None:
    with pytest.raises(GuardTripped, match="CreditLimit"):
        render(changes(("1", "CreditLimit", "9")), CSV, tmp_path, run_id="r")
    assert list(tmp_path.iterdir()) == []


def test_a_target_off_the_list_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(GuardTripped, match="erp"):
        render(changes(("1", "MDM_ID", "M-0000001-1"), target="erp"), CSV, tmp_path, run_id="r")


@pytest.mark.parametrize("name", ["../outside", "..", "a/b", "CRM: Köln", "x\\y"])
def test_a_system_name_never_leads_out_of_the_folder(name: str, tmp_path: Path) -> None:
    into = tmp_path / "out"
    rules = PublishRules(targets=(TargetRules(system=name),))
    paths = render(changes(("1", "MDM_ID", "M-0000001-1"), target=name), rules, into, run_id="r")
    assert {p.resolve().parent for p in paths} == {into.resolve()}
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_cannot_be_written_is_a_plain_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SettingsInvalid, match="was not written"):
        render(changes(), CSV, tmp_path / "file" / "out", run_id="r")
