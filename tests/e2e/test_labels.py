"""Labelling and training through the commands."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from mdm.records import RecordKey, SystemName

ENTITY = {"crm": lambda key: int(key[1:]), "erp": lambda key: int(key) - 1, "shop": lambda key: int(key[2:])}


def answer(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def labels(folder: Path) -> list[dict[str, str]]:
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def true_labels(project: Any, path: Path) -> Path:
    """The right answer for every stored link and as many pairs of different customers."""
    with project.store() as store:
        crosswalk = store.read_crosswalk().rows()
    records = [(system, key, ENTITY[system](key)) for system, key, _ in crosswalk]
    rows = [
        (*one[:2], *other[:2], "match" if one[2] == other[2] else "do_not_match")
        for n, one in enumerate(records)
        for other in records[n + 1 :]
        if one[2] == other[2] or (one[2] + other[2]) % 8 == 0
    ]
    heads = ["source_system_l", "source_key_l", "source_system_r", "source_key_r", "label"]
    pl.DataFrame(rows, schema=heads, orient="row").write_csv(path)
    return path


def test_each_answer_is_a_row_of_the_file(scanned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, "y\nn\nu\n")
    ran = scanned.mdm("label", scanned.folder, "--n", "3")
    assert ran.code == 0, ran.err
    assert [row["label"] for row in labels(scanned.folder)] == ["match", "do_not_match", "unsure"]


def test_going_back_takes_the_answer_back(scanned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, "y\nb\nn\nq\n")
    scanned.mdm("label", scanned.folder)
    said = labels(scanned.folder)
    assert [row["label"] for row in said] == ["match", "withdrawn", "do_not_match"]
    assert len({(row["source_key_l"], row["source_key_r"]) for row in said}) == 1


def test_a_skipped_pair_leaves_no_row(scanned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, "s\ns\nq\n")
    scanned.mdm("label", scanned.folder)
    assert not (scanned.folder / "labels.csv").exists()


def test_the_end_of_the_answers_ends_the_questions(scanned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, "y\n")
    assert scanned.mdm("label", scanned.folder).code == 0
    assert len(labels(scanned.folder)) == 1


def test_an_unknown_key_asks_again(scanned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, "x\n\ny\n")
    assert "u unsure" in scanned.mdm("label", scanned.folder, "--n", "1").out
    assert len(labels(scanned.folder)) == 1


def test_a_labelled_pair_is_not_asked_again(scanned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        answer(monkeypatch, "u\n" * 5)
        scanned.mdm("label", scanned.folder, "--n", "5")
    said = labels(scanned.folder)
    assert len({(r["source_system_l"], r["source_key_l"], r["source_system_r"], r["source_key_r"]) for r in said}) == 10


def test_the_question_fits_80_columns_and_shows_no_weight(scanned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, "q\n")
    said = scanned.mdm("label", scanned.folder).out
    asked = said[: said.index("q quit")]
    assert max(len(line) for line in said.splitlines() if "saved in" not in line) <= 80
    assert not any(word in asked for word in ("weight", "probability", "bits"))


def test_labels_change_no_customer(scanned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = scanned.seen()
    answer(monkeypatch, "y\nn\ny\nn\n")
    scanned.mdm("label", scanned.folder)
    scanned.mdm("train", scanned.folder, "--labels", true_labels(scanned, scanned.folder / "true.csv"))
    assert scanned.seen() == before


def test_equal_labels_train_an_equal_model(scanned: Any) -> None:
    path = true_labels(scanned, scanned.folder / "true.csv")
    models = []
    for name in ("one.json", "two.json"):
        ran = scanned.mdm("train", scanned.folder, "--labels", path, "--out", scanned.folder / name)
        assert ran.code == 0, ran.words
        models.append((scanned.folder / name).read_bytes())
    assert models[0] == models[1]


def test_a_trained_model_can_be_used(scanned: Any) -> None:
    path = true_labels(scanned, scanned.folder / "true.csv")
    ran = scanned.mdm("train", scanned.folder, "--labels", path)
    assert "model: models/own.json" in ran.out
    rules = scanned.folder / "rules" / "match.yaml"
    rules.write_text(rules.read_text().replace("model: shipped", "model: models/own.json"))
    version = json.loads((scanned.folder / "models" / "own.json").read_text())["version"]
    assert scanned.scan()["manifest"]["model"]["version"] == version


def test_training_says_what_the_model_gains_on_labels_held_out(scanned: Any) -> None:
    ran = scanned.mdm("train", scanned.folder, "--labels", true_labels(scanned, scanned.folder / "true.csv"))
    assert "organisation" in ran.out
    assert "better" in ran.words


def test_a_model_that_gains_nothing_is_not_written(scanned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, "y\nn\n")
    scanned.mdm("label", scanned.folder)
    ran = scanned.mdm("train", scanned.folder)
    assert (ran.code, (scanned.folder / "models" / "own.json").exists()) == (3, False)
    assert "No model was written" in ran.words


def test_without_labels_and_decisions_there_is_nothing_to_learn_from(scanned: Any) -> None:
    assert "no labels and no decisions" in scanned.mdm("train", scanned.folder).words


def test_decisions_count_before_labels(scanned: Any) -> None:
    with scanned.store() as store:
        left, right = RecordKey(SystemName("crm"), "A000"), RecordKey(SystemName("crm"), "A001")
        store.add_decision("do_not_match", left, right, author="steward", at="2026-01-01T00:00:00Z", reason="")
    path = true_labels(scanned, scanned.folder / "true.csv")
    path.write_text(path.read_text() + "crm,A000,crm,A001,match\n")
    said = scanned.mdm("train", scanned.folder, "--labels", path).words
    assert "1 standing decisions" in said
    assert "1 against a decision" in said


def test_labels_of_records_that_are_gone_are_counted(scanned: Any) -> None:
    path = true_labels(scanned, scanned.folder / "true.csv")
    path.write_text(path.read_text() + "crm,GONE,erp,0000000001,match\n")
    assert "1 with a record that is gone" in scanned.mdm("train", scanned.folder, "--labels", path).words


def test_a_label_file_that_is_not_there_is_an_error(scanned: Any) -> None:
    assert scanned.mdm("train", scanned.folder, "--labels", scanned.folder / "none.csv").code == 2


def test_labelling_before_the_first_scan_says_to_scan(project: Any) -> None:
    assert project.mdm("label", project.folder).code == 4
