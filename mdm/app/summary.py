"""A run in plain numbers, for `summary.json` and the run log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import polars as pl

from mdm.app.pipeline import Result
from mdm.app.watch import Timing
from mdm.report import usable_shares


def summarise(result: Result, timings: Sequence[Timing]) -> dict[str, Any]:
    """Counts by what they mean, and how long each stage took.

    Rows read are those that were loaded, identical repeats of them and those set aside; rows of child tables are no
    records and count with their files only. A scan has further records where it kept what it could not read anew.
    """
    crosswalk = result.assignment.crosswalk
    by_system = crosswalk.group_by("system").agg(records=pl.len(), customers=pl.col("master_id").n_unique())
    shared = crosswalk.group_by("master_id").agg(systems=pl.col("system").n_unique())
    landed = result.inputs.landed
    return {
        "rows_read": sum(x.counts["rows_in"] for x in landed),
        "loaded": sum(x.counts["loaded"] for x in landed),
        "identical_repeats": sum(x.counts["unchanged"] for x in landed),
        "set_aside": sum(x.counts["quarantined"] for x in landed),
        "older_than_known": result.inputs.held,
        "records": crosswalk.height,
        "customers": crosswalk["master_id"].n_unique(),
        "customers_in_several_systems": shared.filter(pl.col("systems") > 1).height,
        "duplicates_within_systems": int((by_system["records"] - by_system["customers"]).cast(pl.Int64).sum()),
        "pairs_compared": result.matched.compared,
        "links": result.matched.links.filter(pl.col("band") == "auto").height,
        "pairs_to_review": result.review.height,
        "changes_to_publish": result.changes.height,
        "systems": by_system.sort("system").to_dicts(),
        "quality": usable_shares(result.standard, result.inputs.mapped).to_dicts(),
        "files": [
            {
                "system": system,
                "file": f.path,
                "rows_in": f.rows_in,
                "loaded": f.loaded,
                "identical_repeats": f.unchanged,
                "quarantined": f.quarantined,
            }
            for system, f in result.inputs.files
        ],
        "ids": asdict(result.assignment.churn) | {"writes": result.assignment.churn.writes},
        "blocking": [asdict(b) for b in result.blocking],
        "blocking_loss": asdict(result.lost),
        "stages": [asdict(t) for t in timings],
    }
