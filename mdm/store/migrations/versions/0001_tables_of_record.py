"""The tables of record."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "decision",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("rev", WHOLE, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("system_l", TEXT, nullable=False),
        sa.Column("key_l", TEXT, nullable=False),
        sa.Column("system_r", TEXT, nullable=False),
        sa.Column("key_r", TEXT, nullable=False),
        sa.Column("author", TEXT, nullable=False),
        sa.Column("at", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("supersedes", WHOLE),
        sa.ForeignKeyConstraint(
            ["supersedes"],
            ["decision.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("supersedes"),
    )
    op.create_index(
        "decision_first_of_pair",
        "decision",
        ["system_l", "key_l", "system_r", "key_r"],
        unique=True,
        sqlite_where=sa.text("supersedes IS NULL"),
        postgresql_where=sa.text("supersedes IS NULL"),
    )
    op.create_table(
        "input_file",
        sa.Column("rev", WHOLE, autoincrement=False, nullable=False),
        sa.Column("system", TEXT, nullable=False),
        sa.Column("path", TEXT, nullable=False),
        sa.Column("sha256", TEXT, nullable=False),
        sa.Column("size", WHOLE, nullable=False),
        sa.Column("rows_in", WHOLE, nullable=False),
        sa.Column("loaded", WHOLE, nullable=False),
        sa.Column("unchanged", WHOLE, nullable=False),
        sa.Column("quarantined", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("rev", "system", "path"),
    )
    op.create_table(
        "lineage",
        sa.Column("rev", WHOLE, autoincrement=False, nullable=False),
        sa.Column("position", WHOLE, autoincrement=False, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("from_id", TEXT),
        sa.Column("to_id", TEXT),
        sa.Column("system", TEXT),
        sa.Column("key", TEXT),
        sa.PrimaryKeyConstraint("rev", "position"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "link",
        sa.Column("system_l", TEXT, nullable=False),
        sa.Column("key_l", TEXT, nullable=False),
        sa.Column("system_r", TEXT, nullable=False),
        sa.Column("key_r", TEXT, nullable=False),
        sa.Column("weight", WHOLE, nullable=False),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("band", TEXT, nullable=False),
        sa.Column("veto", sa.Boolean(), nullable=False),
        sa.Column("levels", TEXT, nullable=False),
        sa.Column("rev_from", WHOLE, nullable=False),
        sa.Column("rev_to", WHOLE),
        sa.PrimaryKeyConstraint("system_l", "key_l", "system_r", "key_r", "rev_from"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "master",
        sa.Column("master_id", TEXT, nullable=False),
        sa.Column("sequence", WHOLE, nullable=False),
        sa.Column("rev", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("master_id"),
        sa.UniqueConstraint("sequence"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "meta",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "pointer",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("current", WHOLE, nullable=False),
        sa.Column("building", WHOLE),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "publish_change",
        sa.Column("target", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("field", TEXT, nullable=False),
        sa.Column("old", TEXT),
        sa.Column("new", TEXT),
        sa.Column("master_id", TEXT, nullable=False),
        sa.Column("rev_from", WHOLE, nullable=False),
        sa.Column("rev_to", WHOLE),
        sa.PrimaryKeyConstraint("target", "key", "field", "rev_from"),
    )
    op.create_table(
        "quarantine",
        sa.Column("row_hash", TEXT, nullable=False),
        sa.Column("system", TEXT, nullable=False),
        sa.Column("file", TEXT, nullable=False),
        sa.Column("record_number", WHOLE),
        sa.Column("column", TEXT),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("raw", TEXT),
        sa.Column("rev_from", WHOLE, nullable=False),
        sa.Column("rev_to", WHOLE),
        sa.PrimaryKeyConstraint("row_hash", "rev_from"),
    )
    op.create_table(
        "revision",
        sa.Column("rev", WHOLE, autoincrement=False, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("at", TEXT, nullable=False),
        sa.Column("skips", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("rev"),
    )
    op.create_table(
        "run",
        sa.Column("rev", WHOLE, autoincrement=False, nullable=False),
        sa.Column("staged_as", WHOLE, nullable=False),
        sa.Column("started_at", TEXT, nullable=False),
        sa.Column("finished_at", TEXT, nullable=False),
        sa.Column("manifest", TEXT, nullable=False),
        sa.Column("counts", TEXT, nullable=False),
        sa.Column("timings", TEXT, nullable=False),
        sa.Column("result_hash", TEXT, nullable=False),
        sa.Column("rules_hash", TEXT, nullable=False),
        sa.Column("input_hash", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("rev"),
    )
    op.create_table(
        "scan_lock",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("token", TEXT, nullable=False),
        sa.Column("owner", TEXT, nullable=False),
        sa.Column("started_at", TEXT, nullable=False),
        sa.Column("host", TEXT, nullable=False),
        sa.Column("pid", WHOLE, nullable=False),
        sa.Column("process", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "source_record",
        sa.Column("system", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("row_hash", TEXT, nullable=False),
        sa.Column("body", TEXT, nullable=False),
        sa.Column("rev_from", WHOLE, nullable=False),
        sa.Column("rev_to", WHOLE),
        sa.PrimaryKeyConstraint("system", "key", "rev_from"),
    )
    op.create_table(
        "crosswalk",
        sa.Column("system", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("master_id", TEXT, nullable=False),
        sa.Column("rev_from", WHOLE, nullable=False),
        sa.Column("rev_to", WHOLE),
        sa.ForeignKeyConstraint(
            ["master_id"],
            ["master.master_id"],
        ),
        sa.PrimaryKeyConstraint("system", "key", "rev_from"),
        sqlite_with_rowid=False,
    )
    op.create_index("crosswalk_by_master", "crosswalk", ["master_id", "system", "key"])
    op.create_table(
        "golden",
        sa.Column("master_id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("name_search", TEXT, nullable=False),
        sa.Column("kind", TEXT),
        sa.Column("country", TEXT),
        sa.Column("city", TEXT),
        sa.Column("records", WHOLE, nullable=False),
        sa.Column("systems", TEXT, nullable=False),
        sa.Column("row_hash", TEXT, nullable=False),
        sa.Column("body", TEXT, nullable=False),
        sa.Column("provenance", TEXT, nullable=False),
        sa.Column("rev_from", WHOLE, nullable=False),
        sa.Column("rev_to", WHOLE),
        sa.ForeignKeyConstraint(
            ["master_id"],
            ["master.master_id"],
        ),
        sa.PrimaryKeyConstraint("master_id", "rev_from"),
    )
    op.create_table(
        "master_state",
        sa.Column("master_id", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("into", TEXT),
        sa.Column("rev_from", WHOLE, nullable=False),
        sa.Column("rev_to", WHOLE),
        sa.ForeignKeyConstraint(
            ["master_id"],
            ["master.master_id"],
        ),
        sa.PrimaryKeyConstraint("master_id", "rev_from"),
        sqlite_with_rowid=False,
    )

    op.execute(sa.text("INSERT INTO revision (rev, kind, at, skips) VALUES (0, 'empty', '', 0)"))
    op.execute(sa.text("INSERT INTO pointer (id, current, building) VALUES (1, 0, NULL)"))
    op.execute(
        sa.text("INSERT INTO meta (name, value) VALUES ('store_id', :store_id)").bindparams(store_id=str(uuid.uuid4()))
    )
