"""Who may use the desk, as what, and who is signed in at it."""

from __future__ import annotations

import sqlalchemy as sa

from mdm.store.tables.columns import TEXT, maybe, metadata, text

user_role = sa.Table(
    "user_role",
    metadata,
    sa.Column("name", TEXT, primary_key=True),
    text("role"),
    text("given_by"),
    text("given_at"),
)
"""The role that each user has now; the audit has every change of it."""

desk_session = sa.Table(
    "desk_session",
    metadata,
    sa.Column("id", TEXT, primary_key=True),
    text("name"),
    text("began_at"),
    text("seen_at"),
    maybe("ended_at"),
)
"""One row for each sign-in. `id` is a hash of what the sign-in was; a row that ended stays until its time is over."""
