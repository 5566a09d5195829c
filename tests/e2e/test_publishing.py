"""`mdm publish`: systems are told what was planned, shown and approved; once, and only where nobody else was there."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PUBLISH = """version: 1
targets:
- system: crm
  crosswalk_field: MDM_ID
  connector: {{type: sql, url: "sqlite:///{file}", table: accounts}}
- system: erp
"""


@dataclass
class Crm:
    """The CRM's own database, which the project publishes to."""

    project: Any
    file: Path

    def sql(self, statement: str, *values: str) -> list[Any]:
        with closing(sqlite3.connect(self.file)) as database, database:
            return database.execute(statement, values).fetchall()

    def ids(self) -> dict[str, str | None]:
        return dict(self.sql("SELECT Id, MDM_ID FROM accounts"))

    def publish(self, *options: str) -> Any:
        return self.project.mdm("publish", self.project.folder, *options)

    def status(self) -> dict[str, int]:
        row = self.publish("--status", "--json").json()[0]
        return {state: int(row[state]) for state in row if state not in ("target", "next try") and row[state] != "0"}

    def wanted(self) -> dict[str, str]:
        return {key: master_id for (system, key), master_id in self.project.ids().items() if system == "crm"}

    def changes(self) -> int:
        """How often a row of any table was written."""
        return int(self.sql("SELECT count(*) FROM written")[0][0])


@pytest.fixture
def crm(scanned: Any) -> Crm:
    file = scanned.folder / "crm.sqlite"
    rows = [(row["Id"], row["Account Name"]) for row in scanned.world.rows["crm"]]
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE TABLE accounts (Id text primary key, name text, MDM_ID text)")
        database.execute("CREATE TABLE written (id text)")
        database.executemany("INSERT INTO accounts (Id, name) VALUES (?, ?)", rows)
        database.execute("CREATE TRIGGER t AFTER UPDATE ON accounts BEGIN INSERT INTO written VALUES (NEW.Id); END")
    (scanned.folder / "rules" / "publish.yaml").write_text(PUBLISH.format(file=file), encoding="utf-8")
    return Crm(scanned, file)


def test_a_plan_shows_what_each_record_would_be_told_and_writes_nothing(crm: Crm) -> None:
    ran = crm.publish()
    assert ran.code == 0, ran.words
    assert f"A000: MDM_ID (empty) -> {crm.wanted()['A000']}" in ran.words
    assert "Nothing was written to any system" in ran.words
    assert set(crm.ids().values()) == {None}
    assert crm.status() == {"planned": len(crm.ids())}


def test_what_is_not_approved_is_not_sent(crm: Crm) -> None:
    crm.publish("--send")
    assert set(crm.ids().values()) == {None}


def test_what_nobody_was_shown_is_not_approved(crm: Crm) -> None:
    crm.publish("--approve", "--send")
    assert set(crm.ids().values()) == {None}


def test_what_is_approved_and_sent_is_what_the_crosswalk_says(crm: Crm) -> None:
    crm.publish()
    crm.publish("--approve")
    assert set(crm.ids().values()) == {None}
    assert crm.publish("--send").code == 0
    assert crm.ids() == crm.wanted()
    assert crm.status() == {"confirmed": len(crm.ids())}


def test_publishing_again_writes_nothing(crm: Crm) -> None:
    published(crm)
    written = crm.changes()
    for options in ((), ("--approve", "--send"), ("--retry", "--approve", "--send")):
        assert crm.publish(*options).code == 0
    assert crm.changes() == written == len(crm.ids())


def test_an_approval_that_is_held_is_planned_anew_and_not_sent(crm: Crm) -> None:
    crm.publish()
    crm.publish("--approve")
    assert "held: planned anew" in crm.publish("--hold", "--send").words
    assert set(crm.ids().values()) == {None}
    assert crm.status() == {"planned": len(crm.ids())}
    assert "hold" in crm.project.mdm("audit", crm.project.folder, "--subject", "target crm").words


def test_a_system_without_a_connector_is_told_nothing(crm: Crm) -> None:
    published(crm)
    assert [row["target"] for row in crm.publish("--status", "--json").json()] == ["crm"]


def test_a_record_changed_by_somebody_else_is_refused_alone(crm: Crm) -> None:
    crm.publish()
    crm.publish("--approve")
    crm.sql("UPDATE accounts SET MDM_ID = 'theirs' WHERE Id = 'A000'")
    crm.publish("--send")
    assert crm.ids() == crm.wanted() | {"A000": "theirs"}
    assert crm.status() == {"conflict": 1, "confirmed": len(crm.ids()) - 1}
    assert "which is not what the plan rests on" in crm.publish().words
    assert "which is not what the plan rests on" in crm.publish("--status").words


def test_a_conflict_can_be_settled_by_planning_it_anew(crm: Crm) -> None:
    crm.sql("UPDATE accounts SET MDM_ID = 'theirs' WHERE Id = 'A000'")
    published(crm)
    assert crm.ids()["A000"] == "theirs"
    shown = crm.publish("--retry")
    assert "A000: MDM_ID theirs ->" in shown.words
    crm.publish("--approve", "--send")
    assert crm.ids() == crm.wanted()


def test_a_merge_by_a_steward_is_told_without_another_scan(crm: Crm) -> None:
    published(crm)
    win, lose = (crm.wanted()[key] for key in ("A000", "A001"))
    assert crm.project.mdm("merge", win, lose, "--project", crm.project.folder).code == 0
    assert f"A001: MDM_ID {lose} -> {win}" in crm.publish().words
    crm.publish("--approve", "--send")
    assert crm.ids()["A001"] == win


def test_a_merge_that_was_taken_back_before_it_was_sent_is_not_told(crm: Crm) -> None:
    published(crm)
    win, lose = (crm.wanted()[key] for key in ("A000", "A001"))
    merged = crm.project.mdm("merge", win, lose, "--project", crm.project.folder)
    crm.publish()
    number = merged.words.rpartition("mdm undo ")[2].split()[0]
    assert crm.project.mdm("undo", number, "--project", crm.project.folder).code == 0
    written = crm.changes()
    crm.publish("--approve", "--send")
    crm.publish("--approve", "--send")
    assert crm.ids()["A001"] == lose
    assert crm.changes() == written


def test_a_field_that_is_missing_stops_that_system_before_anything_is_sent(crm: Crm) -> None:
    crm.publish()
    crm.publish("--approve")
    crm.sql("ALTER TABLE accounts RENAME COLUMN MDM_ID TO other")
    ran = crm.publish("--send")
    assert ran.code == 7
    assert "has no column MDM_ID" in ran.words
    crm.sql("ALTER TABLE accounts RENAME COLUMN other TO MDM_ID")
    assert crm.publish("--send").code == 0
    assert crm.ids() == crm.wanted()


def test_a_wrong_target_is_told_with_those_that_are_there(crm: Crm) -> None:
    ran = crm.publish("--target", "erp")
    assert ran.code == 2
    assert "There are crm" in ran.words


def test_a_project_without_a_connector_is_told_what_to_do(scanned: Any) -> None:
    ran = scanned.mdm("publish", scanned.folder)
    assert ran.code == 2
    assert "rules/publish.yaml" in ran.words


def test_a_store_that_published_verifies_and_audits_it(crm: Crm) -> None:
    published(crm)
    assert crm.project.mdm("verify", crm.project.folder).code == 0
    assert "publish" in crm.project.mdm("audit", crm.project.folder, "--subject", "target crm").words


def published(crm: Crm) -> None:
    for options in ((), ("--approve",), ("--send",)):
        ran = crm.publish(*options)
        assert ran.code == 0, ran.words


FILES = """version: 1
targets:
- system: erp
  format: jsonl
  connector: {type: files, folder: out/feed}
"""


def test_an_integration_platform_gets_numbered_files_with_each_change_once(scanned: Any) -> None:
    (scanned.folder / "rules" / "publish.yaml").write_text(FILES, encoding="utf-8")
    for options in ((), ("--approve",), ("--send",), ("--approve", "--send")):
        ran = scanned.mdm("publish", scanned.folder, *options)
        assert ran.code == 0, ran.words
    feed = scanned.folder / "out" / "feed"
    assert sorted(path.name for path in feed.iterdir()) == ["erp.000001.jsonl", "erp.000001.manifest.json"]
    lines = [json.loads(line) for line in (feed / "erp.000001.jsonl").read_text(encoding="utf-8").splitlines()]
    wanted = {key: master_id for (system, key), master_id in scanned.ids().items() if system == "erp"}
    assert {line["key"]: line["MDM_ID"] for line in lines} == wanted


def test_a_merge_is_one_more_file(scanned: Any) -> None:
    (scanned.folder / "rules" / "publish.yaml").write_text(FILES, encoding="utf-8")
    steps = ((), ("--approve", "--send"))
    for options in steps:
        scanned.mdm("publish", scanned.folder, *options)
    erp = [(key, master_id) for (system, key), master_id in sorted(scanned.ids().items()) if system == "erp"]
    (_, win), (moved, lose) = erp[0], erp[1]
    assert scanned.mdm("merge", win, lose, "--project", scanned.folder).code == 0
    for options in steps:
        assert scanned.mdm("publish", scanned.folder, *options).code == 0
    lines = (scanned.folder / "out" / "feed" / "erp.000002.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [{"key": moved, "MDM_ID": win}]


def test_a_kind_of_target_that_does_not_exist_is_told_with_those_that_do(scanned: Any) -> None:
    text = FILES.replace("type: files", "type: pigeon")
    (scanned.folder / "rules" / "publish.yaml").write_text(text, encoding="utf-8")
    ran = scanned.mdm("publish", scanned.folder)
    assert ran.code == 2
    assert "publish.yaml:5" in ran.words
    assert "type must be sql, files" in ran.words
