"""`mdm evaluate`: how right the store's customers are, measured against a file of known truth."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from mdm.errors import InputRefused
from mdm.evaluate import Scores, score
from mdm.rulebook import FileFormatRules
from mdm.sources import preview

COLUMNS: Final = ("source", "id", "entity_id")


def read_truth(path: Path) -> pl.DataFrame:
    """The truth: source, id, entity_id as text. Raises InputRefused when a column is missing."""
    found = preview(path, FileFormatRules())
    missing = [c for c in COLUMNS if c not in found.columns]
    if missing:
        raise InputRefused(f"{path}: no column {', '.join(missing)}.", f"A truth file has {', '.join(COLUMNS)}.")
    frame = pl.read_csv(path, separator=found.separator or ",", infer_schema=False, encoding="utf8")
    return frame.select(COLUMNS)


def evaluate(crosswalk: pl.DataFrame, path: Path) -> Scores:
    """Score a crosswalk (system, key, master_id) against the truth in that file."""
    return score(crosswalk, read_truth(path))
