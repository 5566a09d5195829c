"""Publishing at the desk: the plan as a difference, and each step at a press; the CRM is a database of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from mdm.app.desk import Said, open_desk
from mdm.store import open_store
from tests.ui import project
from tests.ui.conftest import Page

Opener = Callable[..., Page]
PUBLISH = """version: 1
targets:
- {{system: crm, connector: {{type: sql, url: "sqlite:///{file}", table: accounts}}}}
- {{system: erp, crosswalk_field: ID, connector: {{type: files, folder: out/feed}}}}
"""


@dataclass
class Crm:
    file: Path

    def sql(self, statement: str) -> list[tuple[str, str | None]]:
        with closing(sqlite3.connect(self.file)) as database, database:
            return database.execute(statement).fetchall()

    def told(self) -> int:
        return sum(master_id is not None for _, master_id in self.sql("SELECT id, MDM_ID FROM accounts"))


@pytest.fixture
def crm(folder: Path) -> Crm:
    made = Crm(folder / "crm.sqlite")
    made.sql("CREATE TABLE accounts (id text primary key, MDM_ID text)")
    for n in range(project.FIRMS):
        made.sql(f"INSERT INTO accounts VALUES ('C{n:03d}', NULL)")  # noqa: S608 - a test
    (folder / "rules" / "publish.yaml").write_text(PUBLISH.format(file=made.file), encoding="utf-8")
    return made


def test_a_project_without_a_connector_is_told_what_to_do(opened: Opener) -> None:
    assert "Name a connector of a target in rules/publish.yaml" in opened("publish").text


def test_a_plan_shows_what_each_record_says_and_shall_say_and_writes_nothing(opened: Opener, crm: Crm) -> None:
    crm.sql("UPDATE accounts SET MDM_ID = 'theirs' WHERE id = 'C001'")
    page = opened("publish")
    assert "publish_approve" not in [button.key for button in page.app.button]
    page.press("publish_plan")
    assert f"Would be told: {project.FIRMS - 1} records" in page.text
    assert "A person must look at: 1 record" in page.text
    assert "theirs" in page.texts
    assert "C000" in page.texts
    assert "(empty)" in page.texts
    assert crm.told() == 1


def test_what_is_approved_is_sent_and_confirmed(opened: Opener, crm: Crm) -> None:
    page = opened("publish")
    page.press("publish_plan")
    page.press("publish_approve")
    assert crm.told() == 0
    page.press("publish_send")
    assert f"{project.FIRMS} confirmed" in page.text
    assert crm.told() == project.FIRMS
    assert [button.key for button in page.app.button] == ["publish_plan", "publish_duplicates"]


def test_an_approval_can_be_taken_back(opened: Opener, crm: Crm) -> None:
    page = opened("publish")
    page.press("publish_plan")
    page.press("publish_approve")
    page.press("publish_hold")
    assert f"{project.FIRMS} records held" in page.text
    assert "publish_send" not in [button.key for button in page.app.button]
    assert f"Would be told: {project.FIRMS} records" in page.text
    assert crm.told() == 0


def test_a_conflict_is_planned_anew_at_a_press(opened: Opener, crm: Crm, folder: Path) -> None:
    page = opened("publish")
    page.press("publish_plan")
    page.press("publish_approve")
    crm.sql("UPDATE accounts SET MDM_ID = 'theirs' WHERE id = 'C001'")
    page.press("publish_send")
    assert "which is not what the plan rests on" in page.text
    assert crm.told() == project.FIRMS
    for step in ("retry", "approve", "send"):
        page.press(f"publish_{step}")
    assert "theirs" not in [master_id for _, master_id in crm.sql("SELECT id, MDM_ID FROM accounts")]
    with open_store(f"sqlite:///{folder / 'mdm.sqlite'}") as store:
        assert set(store.outbox.counts()["state"]) == {"confirmed"}
        assert "tester" in store.audit()["actor"].to_list()


def test_a_system_that_does_not_answer_is_told_on_the_page(opened: Opener, crm: Crm) -> None:
    page = opened("publish")
    page.press("publish_plan")
    page.press("publish_approve")
    crm.sql("ALTER TABLE accounts RENAME COLUMN MDM_ID TO other")
    page.press("publish_send")
    assert "has no column MDM_ID" in page.text


def test_another_system_is_chosen_by_its_address(opened: Opener, crm: Crm) -> None:
    page = opened("publish", system="erp")
    page.press("publish_plan")
    assert "Tell erp" in page.text
    assert "E000" in page.texts
    assert crm.told() == 0


def test_what_the_users_of_a_system_could_merge_is_listed_when_it_is_asked_for(
    opened: Opener, crm: Crm, folder: Path
) -> None:
    rules = folder / "rules" / "sources" / "crm.yaml"
    said = "merging: {most: 3, how: Press Merge., is_final: true}\n"
    rules.write_text(rules.read_text(encoding="utf-8") + said, encoding="utf-8")
    with open_store(f"sqlite:///{folder / 'mdm.sqlite'}") as store:
        of = {(system, key): master_id for system, key, master_id in store.read_crosswalk().iter_rows()}
    desk = open_desk(folder, {"USER": "tester"})
    desk.merge(of["crm", "C020"], of["crm", "C021"], Said("tester", "2026-02-01T09:00:00+00:00", "one firm"))
    desk.close()
    page = opened("publish")
    assert "Press Merge." not in page.text
    page.press("publish_duplicates")
    assert "Repeat another record of crm: 1 record" in page.text
    assert "3 records a merge, the kept one among them: Press Merge. It cannot be taken back." in page.text
    assert {"C020", "C021"} <= set(page.texts)
    assert crm.told() == 0


def test_a_system_without_duplicates_says_so(opened: Opener, crm: Crm) -> None:
    page = opened("publish")
    page.press("publish_duplicates")
    assert "Each of its customers has one record there." in page.text
    assert crm.told() == 0
