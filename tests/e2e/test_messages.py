"""What a wrong option or file is answered: what is wrong, where, and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mdm.app.desk import Said, open_desk
from mdm.records import RecordKey, SystemName


def test_a_missing_file_of_a_run_without_rules_is_told_without_rules(mdm: Any, tmp_path: Path) -> None:
    ran = mdm("dedupe", tmp_path / "no.csv", "--out", tmp_path / "out")
    assert ran.code == 2
    assert "There is no file" in ran.words
    assert "rules" not in ran.words


def test_accepting_the_shrinking_of_an_unknown_system_is_refused_with_the_known_ones(scanned: Any) -> None:
    ran = scanned.try_scan("--accept-shrink", "foo")
    assert ran.code == 2
    assert "--accept-shrink foo: no system is called that. The systems are crm, erp, shop." in ran.words


def test_a_wrong_separator_is_answered_with_the_columns_and_the_right_one(mdm: Any, world: Any, tmp_path: Path) -> None:
    ran = mdm("dedupe", world.files["crm"], "--separator", ";", "--out", tmp_path / "out")
    assert ran.code == 2
    assert "crm.csv has 1 column with the separator ;, 10 with ,." in ran.words
    assert '--separator ","' in ran.words


def test_a_file_without_a_key_is_answered_with_its_columns(mdm: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("name,city\nNordwerk AG,Köln\nNordwerk AG,Köln\nSüdwerk AG,Bonn\n", encoding="utf-8")
    ran = mdm("dedupe", path, "--out", tmp_path / "out")
    assert ran.code == 2
    assert "--key-column COLUMN" in ran.words
    assert "a.csv has name, city." in ran.words


def test_one_file_for_a_mapping_of_three_is_told_in_right_grammar(deduped: Any, mdm: Any, tmp_path: Path) -> None:
    ran = mdm("dedupe", deduped.world.files["crm"], "--mapping", deduped.out / "mapping.yaml", "--out", tmp_path / "o")
    assert ran.code == 2
    assert "describes 3 files, 1 was given. Give one for each" in ran.words


def test_a_mapping_that_is_not_there_is_told_with_a_next_step(mdm: Any, world: Any, tmp_path: Path) -> None:
    ran = mdm("dedupe", world.files["crm"], "--mapping", tmp_path / "no.yaml", "--out", tmp_path / "o")
    assert ran.code == 2
    assert "There is no mapping" in ran.words
    assert "Name the mapping.yaml of an earlier run" in ran.words


def test_a_scan_says_how_many_customers_there_were_and_which_decisions_it_obeyed(scanned: Any, world: Any) -> None:
    one, other = (RecordKey(SystemName("crm"), row["Id"]) for row in world.rows["crm"][:2])
    desk = open_desk(scanned.folder, {"USER": "tester"})
    desk.decide("match", one, other, Said("tester", "2099-01-01T00:00:00+00:00", "same"))
    desk.close()
    words = scanned.try_scan().words
    assert "customers 15 (before: 16)" in words
    assert "decisions applied 1 (1 since the last scan)" in words
