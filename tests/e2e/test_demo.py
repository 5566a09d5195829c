"""`mdm demo`: the sample of five systems, from files to customers, measured against its planted truth."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from mdm.app.desk import Said, open_desk
from mdm.records import RecordKey, SystemName
from mdm.store import open_store

SAMPLE = Path(__file__).parents[2] / "sample_data" / "small"
README = Path(__file__).parents[2] / "README.md"
GUARDED = 0.85
"""Below this F1 the demo would be no demonstration; the floors of quality are tested elsewhere."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, run_mdm: Any) -> tuple[Path, Any]:
    folder = tmp_path_factory.mktemp("demo")
    return folder / "d", run_mdm("demo", "--out", "d", folder=folder)


def test_the_demo_tells_its_result_in_plain_words(demo: Any) -> None:
    _, ran = demo
    assert ran.code == 0, ran.err
    assert "1,992 records from 5 systems describe" in ran.words
    assert "What would be written back" in ran.words
    assert "✓ The demo is done." in ran.words
    assert all(len(line) <= 80 for line in ran.out.splitlines())


def test_the_readme_quotes_what_the_demo_prints(demo: Any) -> None:
    quoted = README.read_text(encoding="utf-8").partition("1,992 records from")[2].partition("```")[0]
    assert quoted.strip() in demo[1].out


def test_the_demo_writes_report_and_tables(demo: Any) -> None:
    out = demo[0] / "out"
    assert {path.name for path in out.iterdir()} >= {"report.html", "golden.csv", "crosswalk.csv", "review.csv"}
    crosswalk = pl.read_csv(out / "crosswalk.csv", infer_schema=False)
    assert crosswalk.height == crosswalk.select("source_system", "source_key").n_unique() == 1992


def test_the_exported_pairs_to_review_are_those_of_the_scan_each_with_names_and_a_reason(demo: Any) -> None:
    review = pl.read_csv(demo[0] / "out" / "review.csv", infer_schema=False)
    assert f"{review.height} pairs are left for a person" in demo[1].words
    told = review.select("name_l", "name_r", "reason")
    assert told.height == told.filter(pl.all_horizontal(pl.all().str.len_chars() > 0)).height > 0


def test_the_demo_finds_most_of_the_planted_duplicates(demo: Any, mdm: Any) -> None:
    ran = mdm("evaluate", demo[0], "--truth", demo[0] / "truth.csv", "--json")
    assert ran.code == 0, ran.err
    assert ran.json()["missing"] == 0
    assert ran.json()["f1"] > GUARDED


def test_the_demo_leaves_a_project_that_scans_again_without_a_write(demo: Any, mdm: Any) -> None:
    again = mdm("scan", demo[0], "--json").json()
    assert again["rows_written"] == 0
    assert mdm("check", demo[0]).code == 0


def test_what_goes_back_is_the_id_and_what_the_rules_allow(demo: Any) -> None:
    publish = demo[0] / "out" / "publish"
    fields = {
        entry["target"]: entry["fields"] for entry in json.loads((publish / "manifest.json").read_text())["files"]
    }
    assert fields["sap"] == ["key", "ZZ_MDM_ID"]
    assert fields["salesforce"] == ["key", "MDM_Id__c", "VAT__c", "DunsNumber"]


def test_the_sample_itself_is_not_touched(demo: Any) -> None:
    assert demo[1].code == 0
    assert not (SAMPLE / "mdm.sqlite").exists()
    assert not (SAMPLE / "out").exists()


def test_a_demo_in_which_somebody_decided_is_not_replaced_unless_that_is_said(
    demo: Any, mdm: Any, tmp_path: Path
) -> None:
    folder = shutil.copytree(demo[0], tmp_path / "d")
    with open_store(f"sqlite:///{folder}/mdm.sqlite") as store:
        one, other = (RecordKey(SystemName(system), key) for system, key, _ in store.read_crosswalk().head(2).rows())
    desk = open_desk(folder, {"USER": "tester"})
    desk.decide("do_not_match", one, other, Said("tester", "2026-02-01T00:00:00+00:00", "differ"))
    desk.close()
    before = (folder / "mdm.sqlite").read_bytes()
    ran = mdm("demo", "--out", folder)
    assert ran.code == 2
    assert "holds 1 decision of a steward" in ran.words
    assert "--fresh" in ran.words
    assert (folder / "mdm.sqlite").read_bytes() == before
    assert mdm("demo", "--out", folder, "--fresh").code == 0
    with open_store(f"sqlite:///{folder}/mdm.sqlite") as store:
        assert store.decisions().is_empty()


def test_a_folder_that_is_no_demo_is_not_replaced(mdm: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    ran = mdm("demo", "--out", tmp_path)
    assert ran.code == 2
    assert "is not a demo of ours" in ran.words
    assert (tmp_path / "mine.txt").exists()


@pytest.mark.deep
@pytest.mark.parametrize("threads", ["1", "2"])
def test_the_sample_gives_one_result_whatever_the_threads(
    demo: Any, mdm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threads: str
) -> None:
    first = mdm("scan", demo[0], "--json").json()
    shutil.copytree(SAMPLE, tmp_path / "copy")
    monkeypatch.setenv("MDM_THREADS", threads)
    again = mdm("scan", tmp_path / "copy", "--json").json()
    assert again["result_hash"] == first["result_hash"]


@pytest.mark.deep
def test_the_sample_gives_one_result_whatever_the_order_of_rows(demo: Any, mdm: Any, tmp_path: Path) -> None:
    first = mdm("scan", demo[0], "--json").json()
    folder = shutil.copytree(SAMPLE, tmp_path / "copy")
    for path in [folder / "data" / "salesforce" / "Account.csv", folder / "data" / "sap" / "KNA1.csv"]:
        separator = ";" if path.name == "KNA1.csv" else ","
        rows = pl.read_csv(path, separator=separator, infer_schema=False)
        rows.reverse().select(sorted(rows.columns)).write_csv(path, separator=separator)
    again = mdm("scan", folder, "--json").json()
    assert again["result_hash"] == first["result_hash"]
