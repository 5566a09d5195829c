"""`mdm export`: crosswalk and golden records out of the store, as CSV, Parquet and Excel."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from mdm.app.outputs import KEYS
from mdm.publish import TableFormat, render, write_table
from mdm.records import GOLDEN_ATTRIBUTES
from mdm.rulebook import PublishRules
from mdm.store import Store

ENDINGS: Final[dict[TableFormat, str]] = {"csv": ".csv", "parquet": ".parquet", "excel": ".xlsx"}


def export(store: Store, publish: PublishRules, into: Path, formats: tuple[TableFormat, ...]) -> list[Path]:
    """Write `crosswalk` and `golden` in each format, and the write-back file of each target; returns the paths."""
    into.mkdir(parents=True, exist_ok=True)
    crosswalk = store.read_crosswalk().rename(KEYS)
    golden = golden_table(store)
    written = [
        write_table(frame, into / f"{name}{ENDINGS[form]}", format=form)
        for form in formats
        for name, frame in (("crosswalk", crosswalk), ("golden", golden))
    ]
    run = store.last_run()
    changes = store.read_publish_changes()
    return [*written, *render(changes, publish, into / "publish", run_id=run.result_hash[:12] if run else "none")]


def golden_table(store: Store) -> pl.DataFrame:
    """One row for each customer: master id, kind, every golden attribute, number of records, systems."""
    stored = store.read_golden()
    values = pl.Struct(dict.fromkeys(GOLDEN_ATTRIBUTES, pl.String()))
    decoded = stored.select("master_id", "kind", pl.col("body").str.json_decode(values), "records", "systems")
    return decoded.unnest("body").select("master_id", "kind", *GOLDEN_ATTRIBUTES, "records", "systems")
