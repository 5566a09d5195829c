"""The audit: one row for each change of the store, each sealed together with the one before it."""

from __future__ import annotations

import sqlalchemy as sa

from mdm.store.tables.columns import WHOLE, metadata, text

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("seq", WHOLE, primary_key=True, autoincrement=False),
    text("at"),
    text("actor"),
    text("action"),
    text("subject"),
    text("details"),
    text("previous"),
    text("hash"),
    sa.Index("audit_by_time", "at"),
)
"""Append-only, by triggers too. `seq` counts from 1 without gaps; `hash` covers all else of its row and `previous`,
which is the hash of the row before it."""
