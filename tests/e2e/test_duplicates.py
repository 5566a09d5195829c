"""Records of one system that are one customer are proposed to its users with what it can do, and left alone."""

from __future__ import annotations

import csv
from typing import Any

from tests.e2e.little_systems import crm_row


def listed(project: Any, system: str = "crm") -> list[dict[str, str]]:
    ran = project.mdm("duplicates", project.folder, "--out", project.folder / "told")
    assert ran.code == 0, ran.err
    with (project.folder / "told" / f"{system}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def add_rules(project: Any, text: str) -> None:
    path = project.folder / "rules" / "sources" / "crm.yaml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_each_record_that_repeats_another_is_listed_once_with_the_one_to_keep(scanned: Any) -> None:
    found = {frozenset((row["keep"], row["merge"])) for row in listed(scanned)}
    assert found == {frozenset(("A002", "B002")), frozenset(("A005", "B005"))}
    assert {row["master_id"] for row in listed(scanned)} == {scanned.ids()["crm", key] for key in ("A002", "A005")}


def test_a_system_without_duplicates_has_an_empty_file(scanned: Any) -> None:
    assert listed(scanned, "erp") == []


def test_the_record_that_gave_most_golden_values_is_kept_and_the_reason_told(project: Any) -> None:
    project.world.rows["crm"] = [row for row in project.world.rows["crm"] if row["Id"] not in ("A002", "B002")]
    poor = crm_row(2, "A002") | {"Phone": "", "Email": "", "Billing Street": ""}
    project.world.rows["crm"] += [poor, crm_row(2, "Z002")]
    project.world.write()
    project.scan()
    row = next(row for row in listed(project) if row["merge"] == "A002")
    assert row["keep"] == "Z002"
    assert row["why"].startswith("gave ")


def test_a_merge_takes_no_more_records_than_the_system_does(project: Any) -> None:
    project.world.rows["crm"] += [crm_row(2, "C002"), crm_row(2, "D002")]
    project.world.write()
    add_rules(project, "merging: {most: 3, how: Press Merge.}\n")
    project.scan()
    mine = [row for row in listed(project) if row["master_id"] == project.ids()["crm", "A002"]]
    assert [int(row["step"]) for row in mine] == [1, 1, 2]


def test_what_the_system_lets_its_users_do_stands_beside_each_record(scanned: Any) -> None:
    add_rules(scanned, "merging: {most: 1, how: Set LOEVM., is_final: true, follow_up: Clear its items first.}\n")
    told = "It merges none: Set LOEVM. It cannot be taken back. Clear its items first."
    assert {row["how"] for row in listed(scanned)} == {told}


def test_what_its_users_merged_is_listed_no_more(project: Any) -> None:
    for row in project.world.rows["crm"]:
        row["Into"] = ""
    project.world.write()
    add_rules(project, "merged_into: Into\n")
    project.scan()
    assert len(listed(project)) == 2
    next(row for row in project.world.rows["crm"] if row["Id"] == "B002")["Into"] = "A002"
    project.world.write()
    project.scan()
    assert [{row["keep"], row["merge"]} for row in listed(project)] == [{"A005", "B005"}]


def test_nothing_is_written_to_any_system(scanned: Any) -> None:
    before, seen = {f: f.read_bytes() for f in scanned.world.files.values()}, scanned.seen()
    listed(scanned)
    assert {f: f.read_bytes() for f in scanned.world.files.values()} == before
    assert scanned.seen() == seen


def test_a_format_that_is_none_is_refused(scanned: Any) -> None:
    ran = scanned.mdm("duplicates", scanned.folder, "--format", "pdf")
    assert ran.code == 2
    assert "csv, parquet, excel" in ran.err
