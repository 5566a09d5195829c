"""Views of the queue that people keep under a name."""

from __future__ import annotations

import sqlalchemy as sa

from mdm.store.tables.columns import metadata, text

saved_view = sa.Table(
    "saved_view",
    metadata,
    text("owner"),
    text("name"),
    text("address"),
    sa.Column("shared", sa.Boolean, nullable=False),
    sa.PrimaryKeyConstraint("owner", "name"),
    sqlite_with_rowid=False,
)
"""`address` is a JSON object of the parts of an address; a shared view is seen by everybody, changed by its owner only.
A view says nothing of customers, so it leaves no row in the audit."""
