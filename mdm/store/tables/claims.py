"""Claims: who is at work on which question, and whom it is assigned to."""

from __future__ import annotations

import sqlalchemy as sa

from mdm.store.tables.columns import metadata, text

claim = sa.Table(
    "claim",
    metadata,
    *[text(name) for name in ("system_l", "key_l", "system_r", "key_r", "holder", "until", "assignee")],
    sa.PrimaryKeyConstraint("system_l", "key_l", "system_r", "key_r"),
    sqlite_with_rowid=False,
)
"""`holder` has the question until the moment `until`, both empty where nobody does; `assignee` is empty where nobody is
named. A claim is no decision: it lapses by itself and leaves no row in the audit. Its own row goes where nobody has the
question any more and nobody is named for it."""
