"""Receipts: which message from a browser made which statement, so that one delivered twice is done once."""

from __future__ import annotations

import sqlalchemy as sa

from mdm.store.tables.columns import TEXT, WHOLE, metadata, number, text

receipt = sa.Table(
    "receipt",
    metadata,
    sa.Column("sender", TEXT, primary_key=True),
    sa.Column("message", WHOLE, primary_key=True, autoincrement=False),
    number("statement"),
    text("at"),
)
"""`sender` is a page of the desk in a browser, by a random name; it counts its messages from 1."""
