"""The outbox: what each system is to be told, and how far that has come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("target", TEXT, nullable=False),
        sa.Column("record", TEXT, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("master_id", TEXT, nullable=False),
        sa.Column("rev", WHOLE, nullable=False),
        sa.Column("fields", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("accepts", TEXT),
        sa.Column("expects", TEXT),
        sa.Column("token", TEXT, nullable=False),
        sa.Column("attempts", WHOLE, nullable=False),
        sa.Column("next_at", TEXT, nullable=False),
        sa.Column("lease_by", TEXT, nullable=False),
        sa.Column("lease_until", TEXT, nullable=False),
        sa.Column("changed_at", TEXT, nullable=False),
        sa.Column("cause", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("target", "record", "version"),
    )
    unsent = sa.text("state IN ('planned', 'approved')")
    head = ["target", "record"]
    op.create_index("outbox_head", "outbox", head, unique=True, sqlite_where=unsent, postgresql_where=unsent)
    still = sa.text("state IN ('planned', 'approved', 'sent')")
    op.create_index("outbox_open", "outbox", ["target", "state", "id"], sqlite_where=still, postgresql_where=still)
