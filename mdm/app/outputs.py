"""The files of a run that a person asked for: clusters, golden records, crosswalk, pairs to review, write-back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from mdm.app.inputs import Inputs
from mdm.app.pipeline import Result
from mdm.app.set_aside import with_quarantined
from mdm.publish import render, write_table
from mdm.rulebook import PublishRules
from mdm.standardise import with_codes

KEYS = {"system": "source_system", "key": "source_key"}


def write_outputs(result: Result, publish: PublishRules, into: Path, run_id: str) -> list[Path]:
    """Write every table of a run into the folder `into`; returns the paths in the order of reading."""
    into.mkdir(parents=True, exist_ok=True)
    assigned = result.assignment
    crosswalk = as_in_the_files(assigned.crosswalk, result.inputs).rename(KEYS)
    everyone = with_quarantined(assigned.crosswalk, assigned.masters, result.inputs)
    clusters = as_in_the_files(everyone, result.inputs).rename(KEYS)
    golden = with_codes(result.golden.golden)
    written = [
        write_table(clusters, into / "clusters.csv", format="csv"),
        write_table(golden, into / "golden.csv", format="csv"),
        write_table(golden, into / "golden.parquet", format="parquet"),
        write_table(crosswalk_with_names(crosswalk, golden), into / "crosswalk.csv", format="csv"),
        write_table(result.review, into / "review.csv", format="csv"),
    ]
    if result.inputs.quarantine.height:
        written.append(write_table(result.inputs.quarantine, into / "quarantine.csv", format="csv"))
    written.extend(render(result.changes, publish, into / "publish", run_id=run_id))
    return written


def as_in_the_files(crosswalk: pl.DataFrame, inputs: Inputs) -> pl.DataFrame:
    """The crosswalk with each system spelled as its file spells it, so that it joins back; sorted by record key."""
    spelled = {x.system: x.source_value for x in inputs.landed if x.source_value is not None}
    return crosswalk.with_columns(pl.col("system").replace(spelled)).sort("system", "key")


def crosswalk_with_names(crosswalk: pl.DataFrame, golden: pl.DataFrame) -> pl.DataFrame:
    """The crosswalk with the name of each customer, for people; sorted by record key."""
    named = crosswalk.join(golden.select("master_id", golden_name="name"), on="master_id", how="left")
    return named.sort("source_system", "source_key")


def write_json(values: Mapping[str, Any], path: Path) -> Path:
    """Plain values as readable JSON."""
    path.write_text(json.dumps(values, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
