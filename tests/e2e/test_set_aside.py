"""What was set aside is told with its reasons, counted in words, and brought out of a project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl


def add_lines(path: Path, *lines: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in lines))


def repeat_row(path: Path) -> None:
    add_lines(path, path.read_text(encoding="utf-8").splitlines()[1])


def read(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False)


def test_a_scan_shows_the_first_three_reasons_and_where_the_rest_is(scanned: Any, world: Any) -> None:
    add_lines(world.files["crm"], *(f"Z{n},short" for n in range(5)))
    words = scanned.try_scan().words
    assert words.count("2 fields where the header has 10") == 3
    assert "2 further ones; mdm export" in words


def test_an_export_brings_out_what_was_set_aside_with_its_reason(scanned: Any, world: Any) -> None:
    add_lines(world.files["crm"], "Z1,short")
    scanned.scan()
    assert scanned.mdm("export", scanned.folder, "--format", "csv").code == 0
    aside = read(scanned.folder / "out" / "quarantine.csv")
    assert aside.select("key", "reason").rows() == [("Z1", "2 fields where the header has 10")]


def test_an_export_leaves_no_quarantine_of_an_earlier_scan(scanned: Any, world: Any) -> None:
    add_lines(world.files["crm"], "Z1,short")
    scanned.scan()
    scanned.mdm("export", scanned.folder, "--format", "csv")
    world.write()
    scanned.scan()
    scanned.mdm("export", scanned.folder, "--format", "csv")
    assert read(scanned.folder / "out" / "quarantine.csv").is_empty()


def test_the_exported_crosswalk_names_each_customer(scanned: Any) -> None:
    scanned.mdm("export", scanned.folder, "--format", "csv")
    crosswalk = read(scanned.folder / "out" / "crosswalk.csv")
    assert crosswalk.columns == ["source_system", "source_key", "master_id", "golden_name"]
    golden = read(scanned.folder / "out" / "golden.csv").select("master_id", golden_name="name")
    assert crosswalk.join(golden, on=["master_id", "golden_name"], how="anti").is_empty()


def test_identical_repeats_are_counted_in_words_and_the_rows_add_up(mdm: Any, world: Any, tmp_path: Path) -> None:
    repeat_row(world.files["crm"])
    add_lines(world.files["crm"], "Z1,short")
    out = tmp_path / "out"
    words = mdm("dedupe", *world.arguments, "--out", out).words
    assert "Rows read 42 Identical repeats 1 Set aside on reading 1 Records 40" in words
    counts = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert [counts[name] for name in ("rows_read", "loaded", "identical_repeats", "set_aside")] == [42, 40, 1, 1]
    assert "Identical repeats" in (out / "report.html").read_text(encoding="utf-8")


def test_without_repeats_and_faults_the_rows_are_the_records_and_are_told_once(deduped: Any) -> None:
    assert "Rows read" not in deduped.ran.words
    assert "Identical repeats" not in deduped.ran.words


def test_more_than_a_twentieth_set_aside_is_said_aloud_at_the_end(mdm: Any, world: Any, tmp_path: Path) -> None:
    add_lines(world.files["crm"], *(f"Z{n},short" for n in range(4)))
    words = mdm("dedupe", *world.arguments, "--out", tmp_path / "out").words
    assert "! 9.1% of all rows (4 of 44) were set aside." in words


def test_a_twentieth_set_aside_or_less_is_not_said_aloud(mdm: Any, world: Any, tmp_path: Path) -> None:
    add_lines(world.files["crm"], "Z1,short", "Z2,short")
    assert "of all rows" not in mdm("dedupe", *world.arguments, "--out", tmp_path / "out").words
