"""Indexes by which the desk pages and finds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_index("decision_by_pair", "decision", ["system_l", "key_l", "system_r", "key_r"])
    op.create_index("decision_by_right", "decision", ["system_r", "key_r"])
    op.create_index(
        "lineage_from",
        "lineage",
        ["from_id"],
        sqlite_where=sa.text("from_id IS NOT NULL"),
        postgresql_where=sa.text("from_id IS NOT NULL"),
    )
    op.create_index(
        "lineage_to",
        "lineage",
        ["to_id"],
        sqlite_where=sa.text("kind != 'create'"),
        postgresql_where=sa.text("kind != 'create'"),
    )
    op.create_index("link_by_right", "link", ["system_r", "key_r"])
    op.create_index(
        "link_review",
        "link",
        [sa.literal_column("weight DESC"), "system_l", "key_l", "system_r", "key_r"],
        sqlite_where=sa.text("band = 'review'"),
        postgresql_where=sa.text("band = 'review'"),
    )
    op.create_index("publish_change_by_master", "publish_change", ["master_id"])
    op.create_index("golden_by_name", "golden", ["name_search", "master_id", "rev_from", "rev_to"])
    op.create_index(
        "golden_by_records",
        "golden",
        [sa.literal_column("records DESC"), "master_id", "rev_from", "rev_to", "name_search"],
    )
