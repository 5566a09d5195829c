"""What a buyer asks of every such tool, in the buyer's words, answered by the commands themselves."""

from __future__ import annotations

import csv
import os
import random
from pathlib import Path
from typing import Any

import pytest

from mdm.app.desk import Said, open_desk
from mdm.records import RecordKey, SystemName

Record = tuple[str, str]

A0, E0 = ("crm", "A000"), ("erp", "0000000001")
A5, B5, E5 = ("crm", "A005"), ("crm", "B005"), ("erp", "0000000006")


def say_they_are_two(project: Any, one: Record, other: Record) -> None:
    """As the desk does it when a steward presses the button."""
    desk = open_desk(project.folder, {**os.environ, "USER": "ann"})
    left, right = (RecordKey(SystemName(system), key) for system, key in (one, other))
    try:
        desk.decide("do_not_match", left, right, Said("ann", "2026-02-01T08:00:00+00:00", "two sites, two contracts"))
    finally:
        desk.close()


def shuffle(world: Any, seed: int) -> None:
    for system in sorted(world.rows):
        random.Random(seed).shuffle(world.rows[system])  # noqa: S311 - any order will do
    world.write()


def exported(project: Any) -> dict[Record, str]:
    assert project.mdm("export", project.folder, "--format", "csv").code == 0
    with (project.folder / "out" / "crosswalk.csv").open(encoding="utf-8", newline="") as file:
        return {(r["source_system"], r["source_key"]): r["master_id"] for r in csv.DictReader(file)}


def test_a_stewards_split_is_still_split_after_the_next_scan(scanned: Any, world: Any) -> None:
    assert len({scanned.ids()[record] for record in (A5, B5, E5)}) == 1
    say_they_are_two(scanned, A5, B5)
    scanned.scan()
    split = scanned.ids()
    assert split[A5] != split[B5]
    world.rows["crm"][9]["Phone"] = "+49 221 999999"
    world.write()
    scanned.scan()
    scanned.scan("--full")
    assert scanned.ids() == split


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_rejected_pair_is_never_in_one_cluster_again(scanned: Any, world: Any, seed: int) -> None:
    say_they_are_two(scanned, A0, E0)
    scanned.scan()
    apart = scanned.ids()
    assert apart[A0] != apart[E0]
    shuffle(world, seed)
    scanned.scan("--full")
    assert scanned.ids() == apart
    # Neither does a third record that is the very image of both bring them together again.
    world.rows["crm"].append({**next(r for r in world.rows["crm"] if r["Id"] == "A000"), "Id": "A900"})
    shuffle(world, seed)
    scanned.scan()
    after = scanned.ids()
    assert after[A0] != after[E0]
    assert after["crm", "A900"] in (after[A0], after[E0])


def test_renaming_an_input_file_changes_no_id(scanned: Any, world: Any) -> None:
    before = scanned.ids()
    file: Path = world.files["crm"]
    renamed = file.with_name("Kunden Export 2026-05 (final).csv")
    file.rename(renamed)
    rules = scanned.folder / "rules" / "sources" / "crm.yaml"
    written = rules.read_text(encoding="utf-8")
    assert file.name in written
    rules.write_text(written.replace(file.name, renamed.name), encoding="utf-8")
    scan = scanned.scan("--full")
    assert scanned.ids() == before
    assert scan["rows_written"] == 0


def test_the_exported_crosswalk_carries_the_lasting_id(scanned: Any, world: Any) -> None:
    first = exported(scanned)
    assert first == scanned.ids()
    for at in range(3):
        world.rows["crm"].append({**world.rows["crm"][at], "Id": f"!{at}"})  # sorts before every record there was
        shuffle(world, at)
        scanned.scan()
    later = exported(scanned)
    assert {record: later[record] for record in first} == first
    assert len(later) == len(first) + 3


def test_the_audit_names_the_person(scanned: Any) -> None:
    say_they_are_two(scanned, A0, E0)
    ran = scanned.mdm("audit", scanned.folder)
    line = next(line for line in ran.out.splitlines() if "crm:A000" in line)
    assert "ann" in line.split()
    assert scanned.mdm("verify", scanned.folder).code == 0
