"""`mdm dedupe` on the labelled sets beside the project: every record in a cluster, as the scoring tool reads them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).parents[2] / ".." / "shared"
SMALL = ["adventureworks_northwind", "senzing_truthset"]
LARGE = ["chicago_childcare", "crm_erp_reskin_dev", "crossscript_tw_dev", "febrl3_people", "listed_companies_dev"]


@pytest.mark.parametrize("name", [*SMALL, *(pytest.param(name, marks=pytest.mark.deep) for name in LARGE)])
def test_no_record_of_a_labelled_set_is_missing(mdm: Any, tmp_path: Path, name: str) -> None:
    folder = SHARED / "data" / name
    if not folder.is_dir():
        pytest.skip(f"the labelled set {name} is not beside the project")
    options = ["--source-column", "source", "--key-column", "id", "--out", tmp_path / "out"]
    ran = mdm("dedupe", folder / "records.csv", *options)
    assert ran.code == 0, ran.err
    command = [sys.executable, SHARED / "tools" / "score.py", tmp_path / "out" / "clusters.csv", folder / "truth.csv"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - a fixed script
    figures = json.loads(done.stdout)
    assert figures["missing"] == 0
    assert figures["clusters"] < figures["records"]
