"""An older extract never moves data back: a record that is known from a later change stays as it is."""

from __future__ import annotations

from typing import Any

import pytest

THEN, NOW, LATER = "2026-01-10T08:00:00Z", "2026-02-10T08:00:00Z", "2026-03-10T08:00:00Z"


def write(world: Any, city: str, changed: str, *, of: str = "A000") -> None:
    for row in world.rows["crm"]:
        if row["Id"] == of:
            row |= {"Billing City": city, "LastModifiedDate": changed}
    world.write()


@pytest.fixture
def dated(project: Any, world: Any) -> Any:
    """A scanned project whose CRM says when its records were changed."""
    for row in world.rows["crm"]:
        row["LastModifiedDate"] = THEN
    write(world, "Neustadt", NOW)
    rules = project.folder / "rules" / "sources" / "crm.yaml"
    mapped = "columns:\n  changed_at: {columns: LastModifiedDate}\n"
    rules.write_text(rules.read_text(encoding="utf-8").replace("columns:\n", mapped, 1), encoding="utf-8")
    project.scan()
    return project


def city(project: Any, key: str = "A000") -> str:
    with project.store() as store:
        records = store.read_records()
    return str(records.filter(records["key"] == key)["body"][0])


def test_an_older_version_of_a_record_changes_nothing_and_is_told(dated: Any, world: Any) -> None:
    write(world, "Altstadt", THEN)
    scan = dated.scan()
    assert "Neustadt" in city(dated)
    assert scan["rows_written"] == 0


def test_an_older_version_beside_a_newer_one_is_kept_out_and_counted(dated: Any, world: Any) -> None:
    write(world, "Altstadt", THEN)
    write(world, "Oberstadt", LATER, of="A001")
    scan = dated.scan()
    assert scan["counts"]["older_than_known"] == 1
    assert "Neustadt" in city(dated)
    assert "Oberstadt" in city(dated, "A001")


def test_an_older_extract_does_not_remove_what_came_after_it(dated: Any, world: Any) -> None:
    write(world, "Altstadt", THEN)
    world.rows["crm"] = [row for row in world.rows["crm"] if row["Id"] != "A005"]
    world.write()
    before = dated.seen()
    ran = dated.try_scan()
    assert ran.code == 3
    assert "crm has 1 records from before their last change (such as A000" in ran.words
    assert "--accept-older crm" in ran.words
    assert dated.seen() == before


def test_an_extract_that_went_back_on_purpose_is_accepted_once(dated: Any, world: Any) -> None:
    write(world, "Altstadt", THEN)
    assert dated.scan("--accept-older", "crm")["rows_written"] > 0
    assert "Altstadt" in city(dated)
    assert dated.try_scan("--accept-older", "nobody").code != 0


def test_a_record_that_does_not_say_when_it_was_changed_is_taken_as_it_comes(dated: Any, world: Any) -> None:
    write(world, "Altstadt", "")
    dated.scan()
    assert "Altstadt" in city(dated)
