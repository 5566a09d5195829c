"""The audit, which the database itself lets nobody change: rows are only added, one after the other."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

NOT_CHANGED_SQLITE = """
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END
"""
NOT_DELETED_SQLITE = """
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END
"""
GOES_ON_SQLITE = """
CREATE TRIGGER audit_goes_on BEFORE INSERT ON audit
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM audit)
BEGIN SELECT RAISE(ABORT, 'the audit is append-only; a row goes on from the last one'); END
"""
"""Also against INSERT OR REPLACE, which SQLite does not take for a deletion."""

REFUSE = """
CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$
"""
GO_ON = """
CREATE OR REPLACE FUNCTION audit_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM audit) THEN
    RAISE EXCEPTION 'the audit is append-only; a row goes on from the last one';
  END IF;
  RETURN NEW;
END $$
"""
NOT_CHANGED = """
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE OR DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()
"""
NOT_EMPTIED = """
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()
"""
GOES_ON = "CREATE TRIGGER audit_goes_on BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_goes_on()"

ON_SQLITE = (NOT_CHANGED_SQLITE, NOT_DELETED_SQLITE, GOES_ON_SQLITE)
ON_POSTGRESQL = (REFUSE, GO_ON, NOT_CHANGED, NOT_EMPTIED, GOES_ON)


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", WHOLE, autoincrement=False, nullable=False),
        sa.Column("at", TEXT, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("details", TEXT, nullable=False),
        sa.Column("previous", TEXT, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("audit_by_time", "audit", ["at"])
    for statement in ON_POSTGRESQL if op.get_bind().dialect.name == "postgresql" else ON_SQLITE:
        op.execute(sa.text(statement))
    said = "INSERT INTO meta (name, value) SELECT 'audited_after', CAST(current AS TEXT) FROM pointer"
    op.execute(sa.text(said))
