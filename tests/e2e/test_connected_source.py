"""A system that is read over SQL instead of from a file: the same customers, and nothing written twice."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

CONNECTOR = "connector: {{type: sql, url: 'sqlite:///{file}', table: kunden, changed_at: changed_at}}"


def connect_crm(project: Any) -> Path:
    """Move the CRM's records into a database and let the rules read them there."""
    file = project.folder / "crm.sqlite"
    rows = project.world.rows["crm"]
    names = ", ".join(f'"{name}" text' for name in rows[0])
    marks = ", ".join("?" * len(rows[0]))
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(f"CREATE TABLE kunden ({names}, changed_at timestamp)")
        values = [(*row.values(), "2026-01-01 00:00:00") for row in rows]
        database.executemany(f"INSERT INTO kunden VALUES ({marks}, ?)", values)  # noqa: S608 - a table of the test
    rules = project.folder / "rules" / "sources" / "crm.yaml"
    lines = rules.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(("path:", "format:"))]
    rules.write_text("\n".join([*kept, CONNECTOR.format(file=file)]) + "\n", encoding="utf-8")
    return file


def run_sql(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(statement)


def test_a_connected_system_gives_the_same_customers_as_its_file(project: Any) -> None:
    project.scan()
    from_files = project.ids()
    connect_crm(project)
    scanned = project.scan()
    assert project.ids() == from_files
    assert scanned["counts"]["rows_read"] == 40


def test_a_second_scan_of_a_connected_system_writes_nothing(project: Any) -> None:
    connect_crm(project)
    project.scan()
    assert project.scan()["rows_written"] == 0


def test_a_change_in_a_connected_system_reaches_its_customer(project: Any) -> None:
    file = connect_crm(project)
    project.scan()
    run_sql(file, "UPDATE kunden SET Phone = '+49 30 99999', changed_at = '2026-01-02' WHERE Id = 'A000'")
    assert project.scan()["rows_written"] > 0


def test_a_check_tells_what_is_connected_without_reading_it(project: Any) -> None:
    connect_crm(project)
    ran = project.mdm("check", project.folder)
    assert ran.code == 0, ran.err
    assert "crm: table kunden of sqlite://" in ran.words
    assert not (project.folder / "landing").exists()


def test_a_column_of_a_new_type_stops_the_scan_until_it_is_accepted(project: Any) -> None:
    file = connect_crm(project)
    project.scan()
    run_sql(file, "ALTER TABLE kunden RENAME COLUMN Phone TO old_phone")
    run_sql(file, "ALTER TABLE kunden ADD COLUMN Phone integer")
    refused = project.try_scan()
    assert refused.code == 2
    assert "Phone of table kunden" in refused.words
    assert "was text and is integer" in refused.words
    assert project.mdm("check", project.folder).code == 2
    assert project.mdm("check", project.folder, "--accept-types", "crm").code == 0
    assert project.scan()["rows_written"] > 0


def test_a_system_that_gives_no_answer_stops_the_scan_and_deletes_nothing(project: Any) -> None:
    connect_crm(project)
    project.scan()
    before = project.seen()
    rules = project.folder / "rules" / "sources" / "crm.yaml"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("crm.sqlite", "nowhere/crm.sqlite"), encoding="utf-8")
    refused = project.try_scan()
    assert refused.code == 7
    assert "gives no answer" in refused.words
    assert project.seen() == before


def test_a_row_that_was_deleted_there_is_a_record_that_is_gone(project: Any) -> None:
    file = connect_crm(project)
    project.scan()
    run_sql(file, "DELETE FROM kunden WHERE Id = 'B002'")
    project.scan()
    assert ("crm", "B002") not in project.ids()


def test_a_table_that_lost_many_rows_stops_the_scan_and_deletes_nothing(project: Any) -> None:
    file = connect_crm(project)
    project.scan()
    before = project.ids()
    run_sql(file, "DELETE FROM kunden WHERE Id < 'A005'")
    refused = project.try_scan()
    assert (refused.code, project.ids()) == (3, before)
    assert "crm has lost 5 of its 18 records" in refused.words
    assert project.try_scan().code == 3
    project.scan("--accept-shrink", "crm")
    assert set(before) - set(project.ids()) == {("crm", f"A{n:03d}") for n in range(5)}


def test_rows_that_were_missing_for_a_while_come_back_with_their_ids(project: Any) -> None:
    file = connect_crm(project)
    project.scan()
    before = project.ids()
    run_sql(file, "CREATE TABLE aside AS SELECT * FROM kunden WHERE Id < 'A005'")
    run_sql(file, "DELETE FROM kunden WHERE Id < 'A005'")
    assert project.try_scan().code == 3
    run_sql(file, "INSERT INTO kunden SELECT * FROM aside")
    project.scan()
    assert project.ids() == before
