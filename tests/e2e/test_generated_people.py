"""Generated people, who live in households and are written down with slips, found again by `mdm dedupe`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from mdm.app.truth import evaluate

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    script = ROOT / "benchmarks" / "generate_people.py"
    command = [sys.executable, str(script), str(folder), "--people", "400", "--seed", "555"]
    subprocess.run(command, check=True, cwd=ROOT)  # noqa: S603 - a fixed script
    return folder


def test_households_are_kept_apart_and_slips_are_found(mdm: Any, people: Path, tmp_path: Path) -> None:
    options = ["--source-column", "source", "--key-column", "id", "--out", tmp_path]
    ran = mdm("dedupe", people / "records.csv", *options)
    assert ran.code == 0, ran.err
    clusters = pl.read_csv(tmp_path / "clusters.csv", infer_schema=False)
    scores = evaluate(clusters.rename({"source_system": "system", "source_key": "key"}), people / "truth.csv")
    assert scores.precision > 0.97
    assert scores.recall > 0.95
    assert scores.missing == 0


def test_passports_and_social_security_numbers_are_read_as_such(mdm: Any, people: Path, tmp_path: Path) -> None:
    ran = mdm("init", tmp_path / "project", people / "records.csv", "--key-column", "id", "--source-column", "source")
    assert ran.code == 0, ran.err
    written = (tmp_path / "project" / "rules" / "sources" / "records.yaml").read_text(encoding="utf-8")
    columns = yaml.safe_load(written)["columns"]
    assert columns["passport"]["columns"] == "passport_number"
    assert columns["tax_id"]["columns"] == "social_security_number"
