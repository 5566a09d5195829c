"""Working together: cohorts of alike pairs that are accepted on a sample, claims on questions, proposals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0010"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = ("system_l", "key_l", "system_r", "key_r")


def upgrade() -> None:
    op.create_table(
        "cohort",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        *[sa.Column(name, TEXT, nullable=False) for name in ("kind", "about", "seed")],
        *[sa.Column(name, WHOLE, nullable=False) for name in ("size", "drawn", "most")],
        *[
            sa.Column(name, TEXT, nullable=False)
            for name in ("author", "at", "state", "stated", "changed_by", "changed_at")
        ],
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "cohort_pair",
        sa.Column("cohort", WHOLE, sa.ForeignKey("cohort.id"), nullable=False),
        *[sa.Column(name, TEXT, nullable=False) for name in KEY],
        sa.Column("weight", WHOLE, nullable=False),
        sa.Column("row_l", TEXT, nullable=False),
        sa.Column("row_r", TEXT, nullable=False),
        sa.Column("drawn", WHOLE),
        sa.Column("outcome", TEXT, nullable=False),
        sa.Column("cause", TEXT, nullable=False),
        sa.Column("decision", WHOLE, sa.ForeignKey("decision.id")),
        sa.PrimaryKeyConstraint("cohort", *KEY),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "claim",
        *[sa.Column(name, TEXT, nullable=False) for name in (*KEY, "holder", "until", "assignee")],
        sa.PrimaryKeyConstraint(*KEY),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "proposal",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("rev", WHOLE, nullable=False),
        *[sa.Column(name, TEXT, nullable=False) for name in ("kind", "author", "at", "reason", *KEY)],
        sa.Column("evidence", TEXT),
        sa.Column("supersedes", WHOLE, sa.ForeignKey("proposal.id")),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("supersedes"),
    )
    op.create_index("proposal_by_pair", "proposal", [*KEY])
    op.create_index("cohort_pair_by_pair", "cohort_pair", [*KEY])
    op.create_index("cohort_pair_by_outcome", "cohort_pair", ["cohort", "outcome"])
