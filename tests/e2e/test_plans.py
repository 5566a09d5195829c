"""Plan, then apply: what was shown becomes true, all of it and nothing else, or it is refused in words."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from mdm.records import RecordKey

A4, A5, A9 = (RecordKey("crm", key) for key in ("A004", "A005", "A009"))
E4 = RecordKey("erp", "0000000005")


def become(world: Any, system: str, at: int, other: int) -> None:
    """Let a record say all that another one says, under its own key."""
    rows = world.rows[system]
    key = next(iter(rows[at]))
    rows[at] = {**rows[other], key: rows[at][key]}
    world.write()


def merge_4_into_5(world: Any) -> None:
    become(world, "crm", 4, 5)
    become(world, "erp", 4, 5)


def plan(project: Any, *options: str) -> Any:
    """Make a plan, and what it says as JSON."""
    ran = project.mdm("scan", project.folder, "--plan", "--json", *options)
    assert ran.code == 0, ran.err
    return ran.json()


def apply(project: Any, plan_id: str) -> Any:
    return project.mdm("apply", plan_id, project.folder)


@pytest.fixture
def planned(scanned: Any, world: Any) -> Any:
    """A project whose next scan merges two customers, with that plan waiting."""
    merge_4_into_5(world)
    return scanned, plan(scanned)["plan"]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_plan_changes_nothing_that_a_reader_sees(scanned: Any, world: Any) -> None:
    before = scanned.seen()
    merge_4_into_5(world)
    plan(scanned)
    assert scanned.seen() == before


def test_a_plan_applied_is_what_a_scan_would_have_made(planned: Any) -> None:
    project, plan_id = planned
    said = project.mdm("apply", plan_id, project.folder, "--json").json()
    with project.store() as store:
        assert store.last_run().result_hash == said["result_hash"]
    again = project.scan("--full")
    assert (again["rows_written"], again["result_hash"]) == (0, said["result_hash"])
    assert project.mdm("verify", project.folder).code == 0


def test_the_plan_says_who_is_merged_into_whom(scanned: Any, world: Any) -> None:
    ids = scanned.ids()
    merge_4_into_5(world)
    ran = scanned.mdm("scan", scanned.folder, "--plan", "--out", scanned.folder / "look")
    four, five = ids["crm", "A004"], ids["crm", "A005"]
    assert f"{four} Tauberfeld Logistik GmbH (2 records) goes into {five} Ostermoor" in ran.words
    assert all(len(line) <= 80 for line in ran.out.splitlines() if str(scanned.folder) not in line)
    merged = rows(scanned.folder / "look" / "customers.csv")[0]
    assert (merged["change"], merged["master_id"], merged["other_id"]) == ("merged", four, five)
    moved = rows(scanned.folder / "look" / "records.csv")
    assert [(r["system"], r["key"], r["change"]) for r in moved] == [
        ("crm", "A004", "moved"),
        ("erp", "0000000005", "moved"),
    ]


def test_the_plan_shows_each_golden_value_old_and_new(scanned: Any, world: Any) -> None:
    world.rows["crm"][15]["Billing City"] = "Bremerhaven"
    world.write()
    scanned.mdm("scan", scanned.folder, "--plan", "--out", scanned.folder / "look")
    found = rows(scanned.folder / "look" / "values.csv")
    master_id = scanned.ids()["crm", "A015"]
    assert [tuple(value.values()) for value in found] == [(master_id, "city", "Köln", "Bremerhaven")]


def test_what_was_shown_is_what_changes(scanned: Any, world: Any) -> None:
    merge_4_into_5(world)
    world.rows["crm"][15]["Billing City"] = "Bremerhaven"
    del world.rows["shop"][3]
    world.write()
    ran = scanned.mdm("scan", scanned.folder, "--plan", "--json", "--out", scanned.folder / "look")
    before = scanned.ids()
    assert apply(scanned, ran.json()["plan"]).code == 0
    after = scanned.ids()
    shown = {(r["system"], r["key"]): (r["from_id"], r["to_id"]) for r in rows(scanned.folder / "look" / "records.csv")}
    changed = {r for r in before.keys() | after.keys() if before.get(r) != after.get(r)}
    assert changed <= shown.keys()
    assert all(shown[r] == (before.get(r, ""), after.get(r, "")) for r in shown)


def test_planning_twice_gives_the_same_plan(planned: Any) -> None:
    project, plan_id = planned
    assert plan(project)["plan"] == plan_id


def test_only_the_latest_plan_waits_and_none_after_it_was_applied(planned: Any, world: Any) -> None:
    project, first = planned
    world.rows["crm"][9]["Remark"] = "another"
    world.write()
    second = plan(project)["plan"]
    assert second != first
    assert f"The one that waits is {second}" in apply(project, first).words
    assert apply(project, second).code == 0
    assert "None waits" in apply(project, second).words
    assert not (project.folder / "plans").exists()


def test_a_scan_leaves_no_plan_that_is_out_of_date(planned: Any) -> None:
    project, plan_id = planned
    project.scan()
    assert "None waits" in apply(project, plan_id).words


def test_a_plan_where_nothing_would_change_is_none(scanned: Any) -> None:
    ran = scanned.mdm("scan", scanned.folder, "--plan")
    assert "Nothing would change" in ran.words
    assert plan(scanned)["plan"] is None


def test_a_file_that_changed_since_makes_the_plan_out_of_date(planned: Any, world: Any) -> None:
    project, plan_id = planned
    before = project.seen()
    world.rows["crm"][9]["Remark"] = "another"
    world.write()
    ran = apply(project, plan_id)
    assert ran.code == 3
    assert "the file files/crm.csv has changed" in ran.words
    assert "Make it again" in ran.words
    assert project.seen() == before


def test_rules_that_changed_since_make_the_plan_out_of_date(planned: Any) -> None:
    project, plan_id = planned
    match = project.folder / "rules" / "match.yaml"
    text = [line for line in match.read_text(encoding="utf-8").splitlines() if not line.startswith("largest_cluster")]
    match.write_text("\n".join([*text, "largest_cluster: 77", ""]), encoding="utf-8")
    assert "the rules have changed" in apply(project, plan_id).words


@pytest.mark.parametrize("kind", ["match", "do_not_match"])
def test_a_decision_on_a_customer_in_the_plan_makes_it_out_of_date(planned: Any, kind: str) -> None:
    project, plan_id = planned
    with project.store() as store:
        store.add_decision(kind, A4, A5, author="ann", at="2026-01-01T00:00:00Z", reason="called them")
    ran = apply(project, plan_id)
    assert ran.code == 3
    assert "decision 1 of ann (crm:A004 and crm:A005" in ran.words


def test_a_decision_on_other_customers_leaves_the_plan_as_it_is(planned: Any) -> None:
    project, plan_id = planned
    with project.store() as store:
        store.add_decision("do_not_match", A9, RecordKey("crm", "A010"), author="ann", at="2026-01-01", reason="")
    assert apply(project, plan_id).code == 0
    ids = project.ids()
    assert ids["crm", "A004"] == ids["crm", "A005"]


def test_a_decision_in_the_last_moment_stops_the_plan(planned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from mdm.store import Stage  # noqa: PLC0415 - the class to change

    project, plan_id = planned
    before = project.ids()
    put = Stage.put_input_files

    def decide_then(stage: Stage, files: pl.DataFrame) -> int:
        with project.store() as store:
            store.add_decision("do_not_match", A4, E4, author="ann", at="2026-01-01T00:00:00Z", reason="")
        return put(stage, files)

    monkeypatch.setattr(Stage, "put_input_files", decide_then)
    ran = apply(project, plan_id)
    assert (ran.code, "decision 1 of ann" in ran.words) == (3, True)
    assert project.ids() == before
    assert project.mdm("verify", project.folder).code == 0


def test_rows_of_a_plan_that_somebody_changed_are_refused(planned: Any) -> None:
    project, plan_id = planned
    path = project.folder / "plans" / plan_id / "golden.parquet"
    pl.read_parquet(path).with_columns(name=pl.lit("Mallory Ltd")).write_parquet(path)
    ran = apply(project, plan_id)
    assert ran.code == 2
    assert "were changed after it was made (golden.parquet)" in ran.words


def test_the_first_scan_may_be_planned_too(project: Any) -> None:
    said = plan(project)
    assert (said["customers_before"], said["customers"]) == (0, 16)
    assert project.ids() == {}
    assert apply(project, said["plan"]).code == 0
    assert len(project.ids()) == 40
    assert project.scan("--full")["rows_written"] == 0


def test_the_audit_names_the_plan_and_who_applied_it(planned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    project, plan_id = planned
    monkeypatch.setenv("USER", "bob")
    apply(project, plan_id)
    with project.store() as store:
        last = store.audit().row(-1, named=True)
    assert last["actor"].startswith("bob@")
    assert f'"plan":"{plan_id}"' in last["details"].replace(" ", "")


def test_an_out_folder_without_plan_is_refused(scanned: Any) -> None:
    ran = scanned.mdm("scan", scanned.folder, "--out", "x")
    assert (ran.code, "--plan" in ran.words) == (2, True)


def test_a_plan_does_not_survive_a_restore(planned: Any, tmp_path: Path) -> None:
    """On another past the numbers of revisions and decisions that it rests on could mean something else."""
    project, plan_id = planned
    assert project.mdm("backup", project.folder, tmp_path / "b.mdm").code == 0
    assert project.mdm("restore", tmp_path / "b.mdm", project.folder, "--replace").code == 0
    assert "None waits" in apply(project, plan_id).words
