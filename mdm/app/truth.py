"""`mdm evaluate`: how right the store's customers are, measured against a file of known truth."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

import polars as pl

from mdm.errors import InputRefused
from mdm.evaluate import Scores, score
from mdm.records import SystemName
from mdm.rulebook import SourceRules
from mdm.sources import land, preview, read_columns, system_name

COLUMNS: Final = ("source", "id", "entity_id")


def read_truth(path: Path) -> pl.DataFrame:
    """The truth: source, id, entity_id as text, from a file of any format that a source may have.

    Raises InputRefused when a column is missing or a row cannot be read: a figure of half the truth would mislead.
    """
    rules = SourceRules(system=SystemName("truth"), path=str(path.resolve()), key="source+id")
    found = preview(path, rules.format)
    missing = [c for c in COLUMNS if c not in found.columns]
    if missing:
        raise InputRefused(f"{path}: no column {', '.join(missing)}.", f"A truth file has {', '.join(COLUMNS)}.")
    with tempfile.TemporaryDirectory(prefix="mdm-") as scratch:
        landed = land(rules, Path(), Path(scratch))
        if landed.quarantine.height:
            number, reason = landed.quarantine.select("record_number", "reason").row(0)
            raise InputRefused(f"{path}: record {number} cannot be read: {reason}.", "Correct it and try again.")
        return read_columns(landed, COLUMNS).select(COLUMNS)


def evaluate(crosswalk: pl.DataFrame, path: Path) -> Scores:
    """Score a crosswalk (system, key, master_id) against the truth in that file.

    A source of the truth may be spelled as in the source column of a shared file, from which the system was named.
    """
    truth = read_truth(path)
    known = crosswalk["system"].unique().to_list()
    named = {source: system_name(source) for source in truth["source"].drop_nulls().unique() if source not in known}
    return score(crosswalk, truth.with_columns(pl.col("source").replace(named)))
