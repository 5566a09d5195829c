"""What both customers of a question are worth, which the next scan says; and views of the queue that people keep."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = ("system_l", "key_l", "system_r", "key_r")
SEEN = ("rev_from", "rev_to", "master_id_l", "master_id_r")


def upgrade() -> None:
    op.add_column("question", sa.Column("value", WHOLE, nullable=False, server_default="0"))
    op.create_index("question_by_value", "question", [sa.literal_column("value DESC"), *KEY, *SEEN])
    op.create_table(
        "saved_view",
        *[sa.Column(name, TEXT, nullable=False) for name in ("owner", "name", "address")],
        sa.Column("shared", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("owner", "name"),
        sqlite_with_rowid=False,
    )
