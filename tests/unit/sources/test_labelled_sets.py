"""The labelled sets: every record that the csv module reads is landed, under its own system."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from mdm.rulebook.source import SourceRules
from mdm.sources import land_many
from mdm.sources.systems import system_name

DATA = Path(__file__).parents[3] / ".." / "shared" / "data"
SETS = sorted(path.parent.name for path in DATA.glob("*/records.csv"))


@pytest.mark.skipif(not SETS, reason="the labelled sets are not here")
@pytest.mark.parametrize("name", SETS)
def test_every_record_of_a_labelled_set_is_landed(name: str, tmp_path: Path) -> None:
    path = (DATA / name / "records.csv").resolve()
    with path.open(encoding="utf-8", newline="") as stream:
        expected = Counter(system_name(row["source"]) for row in csv.DictReader(stream))
    rules = SourceRules.model_validate({"system": "all", "path": str(path), "key": "id", "source_column": "source"})
    landed = land_many([rules], Path("/"), tmp_path)
    assert {x.system: x.counts["loaded"] for x in landed} == dict(expected)
