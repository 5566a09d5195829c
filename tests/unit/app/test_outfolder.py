"""The folder of results is filled whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mdm.app.outfolder import files_in, filling, refuse_unfit
from mdm.errors import SettingsInvalid


def fill(into: Path, *names: str) -> None:
    with filling(into) as part:
        for name in names:
            (part / name).parent.mkdir(parents=True, exist_ok=True)
            (part / name).write_text(name, encoding="utf-8")
        (part / "summary.json").write_text(json.dumps({"written": [*names, "summary.json"]}), encoding="utf-8")


def test_results_appear_at_the_end_of_the_block(tmp_path: Path) -> None:
    into = tmp_path / "a" / "out"
    with filling(into) as part:
        (part / "x.csv").write_text("x", encoding="utf-8")
        assert not into.exists()
    assert files_in(into) == ["x.csv"]


def test_a_failure_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    into = tmp_path / "out"
    fill(into, "x.csv")

    def fail() -> None:
        with filling(into) as part:
            (part / "x.csv").write_text("half", encoding="utf-8")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert files_in(into) == ["summary.json", "x.csv"]
    assert (into / "x.csv").read_text(encoding="utf-8") == "x.csv"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_an_earlier_run_wrote_goes_and_what_others_wrote_stays(tmp_path: Path) -> None:
    fill(tmp_path, "a.csv", "records/old.parquet")
    (tmp_path / "records" / "mine.txt").write_text("mine", encoding="utf-8")
    fill(tmp_path, "a.csv", "records/new.parquet")
    assert files_in(tmp_path) == ["a.csv", "records/mine.txt", "records/new.parquet", "summary.json"]


@pytest.mark.parametrize(
    "summary", ["", "[]", "{}", '{"written": 7}', '{"written": ["../x", "/etc/hosts", 7, "", "."]}', "\udcff"]
)
def test_a_summary_of_another_form_removes_nothing(tmp_path: Path, summary: str) -> None:
    into = tmp_path / "out"
    into.mkdir()
    (tmp_path / "x").write_text("x", encoding="utf-8")
    (into / "mine").write_text("x", encoding="utf-8")
    (into / "summary.json").write_text(summary, encoding="utf-8", errors="surrogateescape")
    fill(into, "a.csv")
    assert files_in(tmp_path) == ["out/a.csv", "out/mine", "out/summary.json", "x"]


def test_what_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(SettingsInvalid, match="were not written to"):
        fill(tmp_path / "file" / "out", "a.csv")


@pytest.mark.parametrize("name", ["golden.csv", "records/crm.parquet", "summary.json", "publish/a/b.csv"])
def test_an_input_in_a_place_of_the_results_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsInvalid, match="in a place of the results"):
        refuse_unfit(tmp_path, [tmp_path / name])


def test_an_input_beside_the_results_is_fine(tmp_path: Path) -> None:
    refuse_unfit(tmp_path, [tmp_path / "crm.csv", tmp_path / "data" / "golden.csv", tmp_path.parent / "golden.csv"])


@pytest.mark.parametrize("summary", [None, "{}"])
def test_a_file_that_is_named_like_a_result_and_not_ours_is_not_overwritten(
    tmp_path: Path, summary: str | None
) -> None:
    (tmp_path / "golden.csv").write_text("mine", encoding="utf-8")
    if summary is not None:
        (tmp_path / "summary.json").write_text(summary, encoding="utf-8")
    with pytest.raises(SettingsInvalid, match="which mdm dedupe did not write"):
        refuse_unfit(tmp_path, [])


def test_results_of_ours_and_files_of_other_names_may_be_there(tmp_path: Path) -> None:
    fill(tmp_path, "golden.csv", "records/crm.parquet")
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    refuse_unfit(tmp_path, [])


def test_what_a_run_left_that_was_killed_is_ours(tmp_path: Path) -> None:
    (tmp_path / "golden.csv").write_text("half", encoding="utf-8")
    (tmp_path / ".part-x1").mkdir()
    refuse_unfit(tmp_path, [])
