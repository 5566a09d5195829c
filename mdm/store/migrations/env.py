"""Runs the migrations on the connection that `mdm.store` hands over, inside its transaction."""

from __future__ import annotations

from alembic import context

from mdm.store.schema import VERSION_TABLE
from mdm.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
context.run_migrations()
