"""Master ids: every one ever given out, what became of it, and which records it has."""

from __future__ import annotations

import sqlalchemy as sa

from mdm.store.tables.columns import TEXT, WHOLE, maybe, metadata, number, standing, text

master = sa.Table(
    "master",
    metadata,
    sa.Column("master_id", TEXT, primary_key=True),
    sa.Column("sequence", WHOLE, nullable=False, unique=True),
    number("rev"),
    sqlite_with_rowid=False,
)
"""Every master id ever given out; never deleted. `rev` is the revision that created it."""

master_state = sa.Table(
    "master_state",
    metadata,
    sa.Column("master_id", TEXT, sa.ForeignKey("master.master_id"), nullable=False),
    text("state"),
    maybe("into"),
    *standing(),
    sa.PrimaryKeyConstraint("master_id", "rev_from"),
    sqlite_with_rowid=False,
)
"""The ids that are no longer active: merged, split, retired or erased. An id without a standing row here is active."""

crosswalk = sa.Table(
    "crosswalk",
    metadata,
    text("system"),
    text("key"),
    sa.Column("master_id", TEXT, sa.ForeignKey("master.master_id"), nullable=False),
    *standing(),
    sa.PrimaryKeyConstraint("system", "key", "rev_from"),
    sa.Index("crosswalk_by_master", "master_id", "system", "key"),
    sqlite_with_rowid=False,
)

lineage = sa.Table(
    "lineage",
    metadata,
    sa.Column("rev", WHOLE, primary_key=True, autoincrement=False),
    sa.Column("position", WHOLE, primary_key=True, autoincrement=False),
    text("kind"),
    maybe("from_id"),
    maybe("to_id"),
    maybe("system"),
    maybe("key"),
    sqlite_with_rowid=False,
)
"""What happened to ids, in order; append-only."""
sa.Index(
    "lineage_from",
    lineage.c.from_id,
    sqlite_where=lineage.c.from_id.is_not(None),
    postgresql_where=lineage.c.from_id.is_not(None),
)
sa.Index(
    "lineage_to",
    lineage.c.to_id,
    sqlite_where=lineage.c.kind != "create",
    postgresql_where=lineage.c.kind != "create",
)
