"""The log of scans: what each was given and did, and which records were set aside."""

from __future__ import annotations

import sqlalchemy as sa

from mdm.store.tables.columns import TEXT, WHOLE, maybe, metadata, number, standing, text

run = sa.Table(
    "run",
    metadata,
    sa.Column("rev", WHOLE, primary_key=True, autoincrement=False),
    number("staged_as"),
    text("started_at"),
    text("finished_at"),
    text("manifest"),
    text("counts"),
    text("timings"),
    text("result_hash"),
    text("rules_hash"),
    text("input_hash"),
)
"""One row for each applied scan. `staged_as` is the revision its rows carry."""

input_file = sa.Table(
    "input_file",
    metadata,
    sa.Column("rev", WHOLE, primary_key=True, autoincrement=False),
    sa.Column("system", TEXT, primary_key=True),
    sa.Column("path", TEXT, primary_key=True),
    text("sha256"),
    number("size"),
    number("rows_in"),
    number("loaded"),
    number("unchanged"),
    number("quarantined"),
)

quarantine = sa.Table(
    "quarantine",
    metadata,
    text("row_hash"),
    text("system"),
    text("file"),
    sa.Column("record_number", WHOLE),
    maybe("key"),
    maybe("column"),
    text("reason"),
    maybe("raw"),
    *standing(),
    sa.PrimaryKeyConstraint("row_hash", "rev_from"),
)
