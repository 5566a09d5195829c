"""Source records, the golden records made of them, and what each system is to be told."""

from __future__ import annotations

import sqlalchemy as sa

from mdm.store.tables.columns import TEXT, maybe, metadata, number, standing, text

source_record = sa.Table(
    "source_record",
    metadata,
    text("system"),
    text("key"),
    text("row_hash"),
    text("body"),
    *standing(),
    sa.PrimaryKeyConstraint("system", "key", "rev_from"),
)

golden = sa.Table(
    "golden",
    metadata,
    sa.Column("master_id", TEXT, sa.ForeignKey("master.master_id"), nullable=False),
    text("name"),
    text("name_search"),
    maybe("kind"),
    maybe("country"),
    maybe("city"),
    number("records"),
    text("systems"),
    text("row_hash"),
    text("body"),
    text("provenance"),
    *standing(),
    sa.PrimaryKeyConstraint("master_id", "rev_from"),
    sa.Index("golden_by_name", "name_search", "master_id", "rev_from", "rev_to"),
)
sa.Index(
    "golden_by_records",
    golden.c.records.desc(),
    golden.c.master_id,
    golden.c.rev_from,
    golden.c.rev_to,
    golden.c.name_search,
)

publish_change = sa.Table(
    "publish_change",
    metadata,
    text("target"),
    text("key"),
    text("field"),
    maybe("old"),
    maybe("new"),
    text("master_id"),
    *standing(),
    sa.PrimaryKeyConstraint("target", "key", "field", "rev_from"),
    sa.Index("publish_change_by_master", "master_id"),
)
