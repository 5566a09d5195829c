"""Numbers of master ids are used up for ever; what happened to ids is neither changed nor dropped."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

KEPT = ("lineage", "master")
"""Rows are only added; those of a scan that was stopped may go again, because nobody has seen them."""

SQLITE = """
CREATE TRIGGER {table}_never_changes BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, 'table {table} is append-only'); END;
CREATE TRIGGER {table}_never_goes BEFORE DELETE ON {table}
WHEN old.rev IS NOT (SELECT building FROM pointer)
BEGIN SELECT RAISE(ABORT, 'table {table} is append-only'); END
"""

POSTGRESQL = """
CREATE FUNCTION mdm_keep_ids() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  IF TG_OP = 'DELETE' AND old.rev = (SELECT building FROM pointer) THEN RETURN old; END IF;
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $body$
"""


def upgrade() -> None:
    op.add_column("pointer", sa.Column("issued", WHOLE, nullable=False, server_default="0"))
    op.execute(sa.text("UPDATE pointer SET issued = (SELECT coalesce(max(sequence), 0) FROM master)"))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text(POSTGRESQL))
        for table in KEPT:
            keeps = f"CREATE TRIGGER {table}_is_kept BEFORE UPDATE OR DELETE ON {table}"
            op.execute(sa.text(f"{keeps} FOR EACH ROW EXECUTE FUNCTION mdm_keep_ids()"))
        return
    for table in KEPT:
        for statement in SQLITE.format(table=table).split(";\nCREATE"):
            op.execute(sa.text(statement if "CREATE" in statement else f"CREATE{statement}"))
