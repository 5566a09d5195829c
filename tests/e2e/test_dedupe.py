"""`mdm dedupe`: files in, customers out, without any configuration."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from mdm.report.words import moment
from mdm.rulebook import load_mapping

SCORE = Path(__file__).parents[2] / ".." / "shared" / "tools" / "score.py"
RESULTS = [
    "clusters.csv",
    "crosswalk.csv",
    "golden.csv",
    "golden.parquet",
    "mapping.yaml",
    "report.html",
    "review.csv",
    "summary.json",
]


def test_dedupe_ends_well_and_writes_every_result(deduped: Any) -> None:
    assert deduped.ran.code == 0, deduped.ran.err
    assert sorted(path.name for path in deduped.out.iterdir() if path.is_file()) == RESULTS


def test_every_input_record_stands_in_clusters_once(deduped: Any) -> None:
    rows = deduped.rows("clusters.csv")
    assert list(rows[0]) == ["source_system", "source_key", "master_id"]
    got = [(row["source_system"], row["source_key"]) for row in rows]
    assert sorted(got) == sorted((s, key) for s in deduped.world.rows for key in deduped.world.keys(s))
    assert len(got) == 40


def test_the_report_says_when_and_what_was_run(deduped: Any) -> None:
    page = (deduped.out / "report.html").read_text(encoding="utf-8")
    assert "mdm dedupe files/crm.csv files/erp.csv files/shop.csv --out out" in page
    assert moment(deduped.summary["date"]) in page


def test_with_a_date_given_the_report_is_the_same_byte_for_byte(world: Any, mdm: Any, tmp_path: Path) -> None:
    pages = []
    for _ in range(2):
        ran = mdm("dedupe", *world.arguments, "--out", tmp_path / "out", "--date", "2026-05-31")
        assert ran.code == 0, ran.err
        pages.append((tmp_path / "out" / "report.html").read_bytes())
    assert pages[0] == pages[1]
    assert b"31 May 2026" in pages[0]


def test_a_date_that_is_none_is_refused_before_anything_is_read(mdm: Any, tmp_path: Path) -> None:
    ran = mdm("dedupe", tmp_path / "crm.csv", "--date", "yesterday")
    assert ran.code == 2
    assert "'yesterday' is no date" in ran.words


def test_the_known_duplicates_are_found(deduped: Any) -> None:
    assert len({row["master_id"] for row in deduped.rows("clusters.csv")}) == 16
    assert "40 records from 3 systems describe 16 customers" in deduped.ran.words


def test_golden_has_one_row_for_each_customer_in_both_forms(deduped: Any) -> None:
    golden = deduped.rows("golden.csv")
    assert [row["master_id"] for row in golden] == sorted({row["master_id"] for row in deduped.rows("clusters.csv")})
    parquet = pl.read_parquet(deduped.out / "golden.parquet")
    assert parquet["name"].to_list() == [row["name"] for row in golden]


def test_a_golden_value_is_a_value_that_a_system_delivered(deduped: Any) -> None:
    delivered = {value for rows in deduped.world.rows.values() for row in rows for value in row.values()}
    names = {row["name"] for row in deduped.rows("golden.csv")}
    assert names <= delivered


def test_the_crosswalk_names_each_customer(deduped: Any) -> None:
    names = {row["master_id"]: row["name"] for row in deduped.rows("golden.csv")}
    crosswalk = deduped.rows("crosswalk.csv")
    assert {row["golden_name"] for row in crosswalk} == set(names.values())
    assert all(names[row["master_id"]] == row["golden_name"] for row in crosswalk)


@pytest.mark.parametrize("system", ["crm", "erp", "shop"])
def test_every_column_is_carried_through_untouched(deduped: Any, system: str) -> None:
    ids = {(r["source_system"], r["source_key"]): r["master_id"] for r in deduped.rows("clusters.csv")}
    carried = pl.read_parquet(deduped.out / "records" / f"{system}.parquet").rows(named=True)
    given = deduped.world.rows[system]
    assert [{k: v for k, v in row.items() if k != "MASTER_ID"} for row in carried] == given
    assert [row["MASTER_ID"] for row in carried] == [ids[system, deduped.world.key(system, row)] for row in given]


def test_the_mapping_is_printed_with_its_confidence(deduped: Any) -> None:
    assert "name Account Name 9" in deduped.ran.words
    assert "Columns carried through as they are: 1." in deduped.ran.out
    assert "csv, cp1252, separator ;" in deduped.ran.out


def test_the_mapping_that_is_written_is_the_one_that_was_used(deduped: Any) -> None:
    sources = load_mapping(deduped.out / "mapping.yaml").sources
    assert [source.system for source in sources] == ["crm", "erp", "shop"]
    assert sources[1].columns["name"].columns == ("NAME1",)
    assert (sources[1].format.encoding, sources[1].format.separator) == ("cp1252", ";")


def test_the_summary_conserves_every_record(deduped: Any) -> None:
    summary = deduped.summary
    assert summary["records"] == 40
    for file in summary["files"]:
        assert file["rows_in"] == file["loaded"] + file["identical_repeats"] + file["quarantined"]
    assert sum(file["rows_in"] for file in summary["files"]) == 40


def test_the_manifest_names_all_that_the_result_follows_from(deduped: Any) -> None:
    manifest = deduped.summary["manifest"]
    assert [len(entry["sha256"]) for entry in manifest["inputs"]] == [64] * 3
    assert len(manifest["rules_hash"]) == len(manifest["result_hash"]) == len(manifest["model"]["sha256"]) == 64
    assert {"mdm", "splink", "duckdb", "polars"} <= set(manifest["engines"])
    assert manifest["seed"] == 0


def test_the_summary_lists_every_file_of_the_run(deduped: Any) -> None:
    there = sorted(p.relative_to(deduped.out).as_posix() for p in deduped.out.rglob("*") if p.is_file())
    assert sorted(deduped.summary["written"]) == there


def test_the_report_is_one_page_that_loads_nothing(deduped: Any) -> None:
    page = (deduped.out / "report.html").read_text(encoding="utf-8")
    assert "<html" in page
    assert 'src="http' not in page


def test_score_py_reads_the_clusters(deduped: Any) -> None:
    if not SCORE.exists():
        pytest.skip("the scoring tool is not beside the project")
    command = [sys.executable, SCORE, deduped.out / "clusters.csv", deduped.truth]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - a fixed script
    figures = json.loads(done.stdout)
    assert (figures["missing"], figures["f1"]) == (0, 1.0)


def test_each_system_is_told_its_customer_ids_and_nothing_else(deduped: Any) -> None:
    ids = {(r["source_system"], r["source_key"]): r["master_id"] for r in deduped.rows("clusters.csv")}
    told = deduped.rows("publish/crm.csv")
    assert [list(row) for row in told] == [["key", "MDM_ID"]] * 18
    assert all(ids["crm", row["key"]] == row["MDM_ID"] for row in told)


def test_no_folder_beside_the_results_is_left(deduped: Any) -> None:
    assert sorted(path.name for path in deduped.out.parent.iterdir()) == ["files", "out", "truth.csv"]
