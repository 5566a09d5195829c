"""What the store knows of itself: its id, its revisions, and who is scanning."""

from __future__ import annotations

import sqlalchemy as sa

from mdm.store.tables.columns import TEXT, WHOLE, metadata, number, text

meta = sa.Table("meta", metadata, sa.Column("name", TEXT, primary_key=True), text("value"))
"""Facts about the store itself, such as its id."""

pointer = sa.Table(
    "pointer",
    metadata,
    sa.Column("id", WHOLE, primary_key=True, autoincrement=False),
    number("current"),
    sa.Column("building", WHOLE),
    sa.Column("issued", WHOLE, nullable=False, server_default="0"),
)
"""One row: the revision readers see, the one a scan is building (null when none is), and the highest number that was
ever put into a master id. It only grows, also when the scan that used the number is abandoned."""

revision = sa.Table(
    "revision",
    metadata,
    sa.Column("rev", WHOLE, primary_key=True, autoincrement=False),
    text("kind"),
    text("at"),
    number("skips"),
)
"""Every revision a reader can ask for. `skips` is the unfinished revision that is no part of it, or 0."""

scan_lock = sa.Table(
    "scan_lock",
    metadata,
    sa.Column("id", WHOLE, primary_key=True, autoincrement=False),
    text("token"),
    text("owner"),
    text("started_at"),
    text("host"),
    number("pid"),
    text("process"),
)
"""At most one row: who is scanning, since when, and in which process."""
