"""Which message from a browser made which statement, so that one delivered twice is done once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "receipt",
        sa.Column("sender", TEXT, nullable=False),
        sa.Column("message", WHOLE, nullable=False, autoincrement=False),
        sa.Column("statement", WHOLE, nullable=False),
        sa.Column("at", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("sender", "message"),
    )
