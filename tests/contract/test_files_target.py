"""Numbered files as a target: each change once, in its order, never written over, whoever dies when."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any, Literal

import polars as pl
import pytest

from mdm.connect import Feed, FilesTarget, Order, Outcome, apply
from mdm.errors import SystemRefused
from mdm.publish import dangerous_rows

A, B = "M-0000001-1", "M-0000002-2"
Form = Literal["csv", "jsonl"]


def target(folder: Path, form: Form = "jsonl", fields: tuple[str, ...] = ("MDM_ID", "VAT")) -> FilesTarget:
    return FilesTarget(folder, Feed("crm", form, fields, dangerous_rows))


def order(record: str, new: str = A, before: str | None = None) -> Order:
    return Order(record, {"MDM_ID": new}, {"MDM_ID": before})


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def rows(folder: Path, number: int) -> list[dict[str, Any]]:
    text = (folder / f"crm.{number:06}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def kinds(outcomes: dict[str, Outcome]) -> dict[str, str]:
    return {record: outcome.kind for record, outcome in outcomes.items()}


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_each_call_is_a_file_with_its_manifest(tmp_path: Path, form: Form) -> None:
    feed = target(tmp_path, form)
    assert kinds(apply(feed, [order("1"), order("2", B)])) == {"1": "confirmed", "2": "confirmed"}
    apply(feed, [order("1", B, before=A)])
    files = [f"crm.00000{n}.{form}" for n in (1, 2)]
    assert names(tmp_path) == sorted([*files, "crm.000001.manifest.json", "crm.000002.manifest.json"])
    manifest = json.loads((tmp_path / "crm.000001.manifest.json").read_text(encoding="utf-8"))
    content = (tmp_path / files[0]).read_bytes()
    assert manifest["sha256"] == hashlib.sha256(content).hexdigest()
    assert (manifest["sequence"], manifest["rows"]) == (1, 2)


def test_a_field_that_does_not_change_is_left_out_of_json(tmp_path: Path) -> None:
    apply(target(tmp_path), [order("1")])
    assert rows(tmp_path, 1) == [{"key": "1", "MDM_ID": A}]


def test_a_field_that_does_not_change_is_an_empty_cell_in_csv(tmp_path: Path) -> None:
    apply(target(tmp_path, "csv"), [order("1")])
    with (tmp_path / "crm.000001.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == [{"key": "1", "MDM_ID": A, "VAT": ""}]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_what_was_told_is_not_told_again_by_another_publisher(tmp_path: Path, form: Form) -> None:
    apply(target(tmp_path, form), [order("1"), order("2")])
    before = names(tmp_path)
    assert kinds(apply(target(tmp_path, form), [order("1"), order("2")])) == {"1": "confirmed", "2": "confirmed"}
    assert names(tmp_path) == before


def test_a_file_whose_writer_died_before_its_manifest_is_finished_and_not_repeated(tmp_path: Path) -> None:
    apply(target(tmp_path), [order("1")])
    (tmp_path / "crm.000001.manifest.json").unlink()
    assert kinds(apply(target(tmp_path), [order("1")])) == {"1": "confirmed"}
    assert names(tmp_path) == ["crm.000001.jsonl", "crm.000001.manifest.json"]


def test_a_file_is_never_written_over(tmp_path: Path) -> None:
    late = target(tmp_path)
    late.read(["1"])
    late._load = lambda: 0  # type: ignore[method-assign]  # it looked before the other one wrote
    apply(target(tmp_path), [order("1")])
    with pytest.raises(SystemRefused, match="another publisher"):
        apply(late, [order("2")])
    assert rows(tmp_path, 1) == [{"key": "1", "MDM_ID": A}]


def test_a_record_that_another_publisher_told_something_is_a_conflict(tmp_path: Path) -> None:
    apply(target(tmp_path), [order("1", B)])
    assert kinds(apply(target(tmp_path), [order("1", A), order("2", A)])) == {"1": "conflict", "2": "confirmed"}


def test_a_row_that_a_spreadsheet_would_run_stays_out_of_a_csv(tmp_path: Path) -> None:
    outcomes = apply(target(tmp_path, "csv"), [order("=1+1"), order("2")])
    assert kinds(outcomes) == {"=1+1": "refused", "2": "confirmed"}
    assert kinds(apply(target(tmp_path / "json"), [order("=1+1")])) == {"=1+1": "confirmed"}


def test_how_far_the_platform_has_come_is_told(tmp_path: Path) -> None:
    feed = target(tmp_path)
    apply(feed, [order("1")])
    apply(feed, [order("2")])
    assert feed.check().endswith("2 written, 0 acknowledged")
    (tmp_path / "acknowledged.json").write_text('{"crm": 1}', encoding="utf-8")
    assert feed.check().endswith("2 written, 1 acknowledged")


def test_a_platform_that_has_more_than_was_written_stops_everything(tmp_path: Path) -> None:
    (tmp_path / "acknowledged.json").write_text('{"crm": 7}', encoding="utf-8")
    with pytest.raises(SystemRefused, match="says 7, but the last file is 0"):
        target(tmp_path).check()


@pytest.mark.parametrize("text", ["{", '{"crm": "x"}', "[]"])
def test_a_cursor_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "acknowledged.json").write_text(text, encoding="utf-8")
    with pytest.raises(SystemRefused, match="cannot be read"):
        target(tmp_path).check()


def test_a_file_that_somebody_changed_is_refused(tmp_path: Path) -> None:
    apply(target(tmp_path), [order("1")])
    (tmp_path / "crm.000001.jsonl").write_text("{", encoding="utf-8")
    with pytest.raises(SystemRefused, match="not as it was written"):
        target(tmp_path).read(["1"])


def test_a_csv_holds_commas_quotes_and_line_ends(tmp_path: Path) -> None:
    hard = Order('a,"b"\nc', {"MDM_ID": A, "VAT": "DE 1,2"}, {"MDM_ID": None, "VAT": None})
    assert kinds(apply(target(tmp_path, "csv"), [hard])) == {hard.record: "confirmed"}
    assert kinds(apply(target(tmp_path, "csv"), [hard])) == {hard.record: "confirmed"}
    assert pl.read_csv(tmp_path / "crm.000001.csv").height == 1
