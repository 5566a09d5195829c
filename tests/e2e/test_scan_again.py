"""Scanning twice: what did not change writes nothing, and how a file is written makes no difference."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mdm.store import open_store


def dump(file: Path) -> list[str]:
    """Every statement that would make this database again: all rows of all tables."""
    with closing(sqlite3.connect(file)) as connection:
        return list(connection.iterdump())


@pytest.mark.parametrize("options", [(), ("--full",)])
def test_a_second_scan_writes_nothing_and_has_the_same_hash(project: Any, options: tuple[str, ...]) -> None:
    first = project.scan()
    before = dump(project.folder / "mdm.sqlite")
    second = project.scan(*options)
    assert first["rows_written"] > 0
    assert second["rows_written"] == 0
    assert second["result_hash"] == first["result_hash"]
    assert second["revision"] == first["revision"]
    assert second["manifest"] == first["manifest"]
    assert dump(project.folder / "mdm.sqlite") == before


def test_only_a_full_scan_computes_again(scanned: Any) -> None:
    assert scanned.scan()["unchanged"] is True
    assert scanned.scan("--full")["unchanged"] is False


def test_order_place_separator_and_encoding_of_a_file_make_no_difference(
    scanned: Any, world: Any, write_csv: Any
) -> None:
    first = scanned.scan()
    before = dump(scanned.folder / "mdm.sqlite")
    mixer = random.Random(7)  # noqa: S311 - a seeded shuffle
    crm = []
    for row in world.rows["crm"]:
        names = list(row)
        mixer.shuffle(names)
        crm.append({name: row[name] for name in sorted(names, reverse=True)})
    mixer.shuffle(crm)
    moved = world.folder / "renamed [new].csv"
    write_csv(moved, crm, separator="|", encoding="utf-16")
    world.files["crm"].unlink()
    rules = scanned.folder / "rules" / "sources" / "crm.yaml"
    text = rules.read_text(encoding="utf-8")
    text = text.replace("crm.csv", moved.name).replace("separator: ','", "separator: '|'").replace("utf-8", "utf-16")
    rules.write_text(text, encoding="utf-8")
    for options in ((), ("--full",)):
        again = scanned.scan(*options)
        assert again["result_hash"] == first["result_hash"]
        assert again["rows_written"] == 0
    assert dump(scanned.folder / "mdm.sqlite") == before


@pytest.mark.parametrize("threads", ["1", "2"])
def test_the_number_of_threads_makes_no_difference(
    deduped: Any, mdm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threads: str
) -> None:
    monkeypatch.setenv("MDM_THREADS", threads)
    ran = mdm("dedupe", "--mapping", deduped.out / "mapping.yaml", "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    for name in ("clusters.csv", "golden.csv", "review.csv", "crosswalk.csv"):
        assert (tmp_path / "out" / name).read_bytes() == (deduped.out / name).read_bytes()


def test_both_stores_hold_the_same(
    project: Any, postgres_url: str, monkeypatch: pytest.MonkeyPatch, everything: Any
) -> None:
    on_sqlite = project.scan()
    sqlite = project.seen()
    shutil.rmtree(project.folder / "audit")  # else the project's store would be missed
    monkeypatch.setenv("MDM_STORE_URL", postgres_url)
    on_postgres = project.scan()
    assert on_postgres["result_hash"] == on_sqlite["result_hash"]
    assert on_postgres["rows_written"] == on_sqlite["rows_written"]
    again = project.scan("--full")
    assert (again["rows_written"], again["result_hash"]) == (0, on_sqlite["result_hash"])
    with open_store(postgres_url) as store:
        postgres = everything(store)
    del sqlite["runs"], postgres["runs"]  # they hold times
    assert postgres == sqlite


def test_a_changed_value_writes_only_what_follows_from_it(scanned: Any, world: Any) -> None:
    first = scanned.scan()
    ids = scanned.ids()
    world.rows["crm"][3]["Remark"] = "another note"
    world.write()
    second = scanned.scan()
    # The record, replaced, and the three files of the run; its customer is as before.
    assert second["rows_written"] == 2 + 3
    assert second["result_hash"] == first["result_hash"]
    assert scanned.ids() == ids
    assert scanned.scan()["rows_written"] == 0


def test_rules_that_change_nothing_are_noted_once(scanned: Any) -> None:
    first = scanned.scan()
    match = scanned.folder / "rules" / "match.yaml"
    text = match.read_text(encoding="utf-8")
    changed = [line for line in text.splitlines() if not line.startswith("largest_cluster")]
    match.write_text("\n".join([*changed, "largest_cluster: 77", ""]), encoding="utf-8")
    second = scanned.scan()
    assert second["unchanged"] is False
    assert second["result_hash"] == first["result_hash"]
    assert second["manifest"]["rules_hash"] != first["manifest"]["rules_hash"]
    with scanned.store() as store:
        assert store.last_run().rules_hash == second["manifest"]["rules_hash"]
    third = scanned.scan()
    assert (third["unchanged"], third["rows_written"]) == (True, 0)


def test_a_new_mapping_of_the_same_rows_reaches_the_store(scanned: Any) -> None:
    rules = scanned.folder / "rules" / "sources" / "crm.yaml"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("columns:\n", "columns:\n  other_name: Remark\n", 1), encoding="utf-8")
    scanned.scan()
    with scanned.store() as store:
        assert "note 3 kept" in "".join(store.read_records()["body"])
    assert scanned.scan("--full")["rows_written"] == 0


def test_the_store_of_one_scan_is_the_same_whoever_makes_it(project: Any, mdm: Any, tmp_path: Path) -> None:
    project.scan()
    other = tmp_path / "other"
    assert mdm("init", other, *reversed(project.world.arguments)).code == 0
    assert mdm("scan", other).code == 0
    with open_store(f"sqlite:///{other}/mdm.sqlite") as store:
        assert store.last_run().result_hash == project.scan()["result_hash"]
        assert store.read_crosswalk().rows() == [(s, k, m) for (s, k), m in sorted(project.ids().items())]
