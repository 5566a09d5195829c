"""What stewards do to customers: a journal of it, overridden values, pinned ids, and what a decision was made on."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("decision", sa.Column("deed", WHOLE))
    op.add_column("decision", sa.Column("evidence", TEXT))
    op.add_column("decision", sa.Column("seen", TEXT))
    op.create_table(
        "deed",
        *_said(),
        sa.Column("master_id", TEXT, nullable=False),
        sa.Column("other_id", TEXT, nullable=False),
        sa.Column("undoes", WHOLE),
        sa.Column("before", TEXT),
        sa.ForeignKeyConstraint(["master_id"], ["master.master_id"]),
        sa.ForeignKeyConstraint(["other_id"], ["master.master_id"]),
        sa.ForeignKeyConstraint(["undoes"], ["deed.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("undoes"),
    )
    op.create_index("deed_by_master", "deed", ["master_id"])
    op.create_index("deed_by_other", "deed", ["other_id"])
    op.create_table(
        "override",
        *_said(),
        sa.Column("master_id", TEXT, nullable=False),
        sa.Column("attribute", TEXT, nullable=False),
        sa.Column("value", TEXT),
        sa.Column("was", TEXT),
        sa.Column("supersedes", WHOLE),
        sa.ForeignKeyConstraint(["master_id"], ["master.master_id"]),
        sa.ForeignKeyConstraint(["supersedes"], ["override.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("supersedes"),
    )
    _first_of_chain("override", ["master_id", "attribute"])
    op.create_table(
        "pin",
        *_said(),
        sa.Column("system", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("master_id", TEXT, nullable=False),
        sa.Column("supersedes", WHOLE),
        sa.Column("deed", WHOLE),
        sa.ForeignKeyConstraint(["master_id"], ["master.master_id"]),
        sa.ForeignKeyConstraint(["supersedes"], ["pin.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("supersedes"),
    )
    _first_of_chain("pin", ["system", "key"])
    op.create_index("pin_by_master", "pin", ["master_id"])


def _said() -> list[sa.Column[Any]]:
    """What every statement of a steward has: its number, the revision it made, kind, author, time, reason."""
    kinds: dict[str, sa.types.TypeEngine[Any]] = {
        "id": WHOLE,
        "rev": WHOLE,
        "kind": TEXT,
        "author": TEXT,
        "at": TEXT,
        "reason": TEXT,
    }
    return [sa.Column(name, kind, autoincrement=False, nullable=False) for name, kind in kinds.items()]


def _first_of_chain(table: str, about: list[str]) -> None:
    """Statements about one thing form one chain, so that only one of them stands."""
    first = sa.text("supersedes IS NULL")
    op.create_index(f"{table}_first", table, about, unique=True, sqlite_where=first, postgresql_where=first)
