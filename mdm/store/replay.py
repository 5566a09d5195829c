"""The past played again: what became of records and master ids, revision by revision, from what was only added to."""

from __future__ import annotations

from typing import Final

import polars as pl

from mdm.records import TableSchema
from mdm.store import bulk

MEMBERSHIPS: Final[TableSchema] = {
    "system": bulk.TEXT,
    "key": bulk.TEXT,
    "master_id": bulk.TEXT,
    "rev_from": bulk.NUMBER,
    "rev_to": bulk.NUMBER,
}
"""The crosswalk with its past: every record's customers, each from a revision until just before another one."""

ID_STATES: Final[TableSchema] = {
    "master_id": bulk.TEXT,
    "state": bulk.TEXT,
    "into": bulk.TEXT,
    "rev_from": bulk.NUMBER,
    "rev_to": bulk.NUMBER,
}
"""The same of ids: when each was merged, split or retired, and where it led; at all other times it was active."""

OPENED: Final = ("create", "split", "revive")
CLOSED: Final = {"merge": "merged", "split_up": "split", "retire": "retired"}
RECORD: Final = ["system", "key"]


def member_changes(memberships: pl.DataFrame) -> pl.DataFrame:
    """What each revision did to records: (rev, system, key, master_id, was), by revision and record.

    `master_id` is null for a record that went, `was` for one that came.
    """
    began = memberships.select(pl.col("rev_from").alias("rev"), *RECORD, "master_id")
    ended = memberships.filter(pl.col("rev_to").is_not_null())
    ended = ended.select(pl.col("rev_to").alias("rev"), *RECORD, pl.col("master_id").alias("was"))
    both = began.join(ended, on=["rev", *RECORD], how="full", coalesce=True)
    return both.sort("rev", *RECORD)


def moves(changes: pl.DataFrame) -> pl.DataFrame:
    """Records that went from one customer to another: (rev, from_id, to_id, system, key)."""
    moved = changes.filter(pl.col("was").is_not_null() & pl.col("master_id").is_not_null())
    moved = moved.filter(pl.col("was") != pl.col("master_id"))
    return moved.select("rev", pl.col("was").alias("from_id"), pl.col("master_id").alias("to_id"), *RECORD)


def replay_ids(lineage: pl.DataFrame) -> pl.DataFrame:
    """ID_STATES as the lineage tells them (LINEAGE with `rev`, in its order), sorted by id and revision."""
    numbered = lineage.with_row_index("at")
    opened = numbered.filter(pl.col("kind").is_in(OPENED))
    closed = numbered.filter(pl.col("kind").is_in([*CLOSED, "redirect"]))
    told = pl.concat(
        [
            opened.select("rev", "at", pl.col("to_id").alias("master_id"), state=pl.lit("active"), into=pl.lit("")),
            closed.select(
                "rev",
                "at",
                pl.col("from_id").alias("master_id"),
                # A redirect leads elsewhere; merged stays merged.
                state=pl.col("kind").replace_strict(CLOSED, default=None, return_dtype=pl.String),
                into=pl.col("to_id"),
            ),
        ]
    ).sort("master_id", "at")
    told = told.with_columns(pl.col("state").forward_fill().over("master_id"))
    last = told.group_by("master_id", "rev", maintain_order=True).last()
    return _spans(last)


def _spans(states: pl.DataFrame) -> pl.DataFrame:
    """From the states that ids got, in order, the times at which each was not active."""
    new = [pl.col(name).ne_missing(pl.col(name).shift(1).over("master_id")) for name in ("state", "into")]
    changed = states.filter(pl.any_horizontal(new))
    spans = changed.with_columns(rev_from=pl.col("rev"), rev_to=pl.col("rev").shift(-1).over("master_id"))
    return spans.filter(pl.col("state") != "active").select(list(ID_STATES)).sort("master_id", "rev_from")
