"""`mdm export`: the tables of the last scan out of the store, as CSV, Parquet and Excel."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from mdm.app.outputs import KEYS, crosswalk_with_names
from mdm.app.project import Project
from mdm.app.waiting import waiting_pairs
from mdm.publish import TableFormat, render, write_table
from mdm.records import GOLDEN_ATTRIBUTES
from mdm.standardise import with_codes
from mdm.store import Store

ENDINGS: Final[dict[TableFormat, str]] = {"csv": ".csv", "parquet": ".parquet", "excel": ".xlsx"}


def export(store: Store, project: Project, into: Path, formats: tuple[TableFormat, ...]) -> list[Path]:
    """Write each table in each format, and the write-back file of each target; returns the paths.

    `crosswalk` and `golden`; `review`, the pairs that wait for a person; `quarantine`, the records set aside with their
    reasons. All are there when they are empty too: what an earlier export wrote must not look like the state of now.
    """
    into.mkdir(parents=True, exist_ok=True)
    golden = golden_table(store)
    tables = {
        "crosswalk": crosswalk_with_names(store.read_crosswalk().rename(KEYS), golden),
        "golden": golden,
        "review": waiting_pairs(store, project),
        "quarantine": store.read_quarantine(),
    }
    written = [
        write_table(frame, into / f"{name}{ENDINGS[form]}", format=form)
        for form in formats
        for name, frame in tables.items()
    ]
    run = store.last_run()
    changes = store.read_publish_changes()
    run_id = run.result_hash[:12] if run else "none"
    return [*written, *render(changes, project.rulebook.publish, into / "publish", run_id=run_id)]


def golden_table(store: Store) -> pl.DataFrame:
    """One row for each customer: master id, kind, every golden attribute, codes, number of records, systems."""
    stored = store.read_golden()
    values = pl.Struct(dict.fromkeys(GOLDEN_ATTRIBUTES, pl.String()))
    decoded = stored.select("master_id", "kind", pl.col("body").str.json_decode(values), "records", "systems")
    return with_codes(decoded.unnest("body").select("master_id", "kind", *GOLDEN_ATTRIBUTES, "records", "systems"))
