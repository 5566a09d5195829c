"""The schema of a store: made in an empty database, brought up to date in an older store, refused in a newer one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from mdm.errors import StoreMissing, StoreRefused

if TYPE_CHECKING:
    from mdm.store.database import Database

VERSION_TABLE: Final = "mdm_schema"
MIGRATIONS: Final = Path(__file__).parent / "migrations"
MIGRATION_LOCK: Final = 0x6D646D  # "mdm": any number will do that all of us share


def prepare(database: Database, *, create: bool) -> None:
    """Bring the store to the schema of this program; a store that is already there is only looked at.

    Raises StoreRefused for a store made by a newer program, for a database that holds something else, and, without
    `create`, for one that is empty.
    """
    _refuse_a_missing_file(database, create=create)
    with database.reading() as connection:
        found = _look(connection, database.name, create=create)
    if found != head():
        migrate(database, head(), create=create)


def migrate(database: Database, target: str, *, create: bool = True) -> None:
    """Upgrade to that schema version in one transaction; of two programs that try at once, the second finds it done."""
    with database.writing() as connection:
        if database.is_postgresql:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        if _look(connection, database.name, create=create) != target:
            upgrade(connection, target)


def upgrade(connection: sa.Connection, target: str) -> None:
    """Upgrade to that schema version as part of a transaction that is under way."""
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, target)


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


@cache
def versions() -> tuple[str, ...]:
    """Every schema version, oldest first."""
    scripts = ScriptDirectory.from_config(alembic_config())
    return tuple(script.revision for script in scripts.walk_revisions())[::-1]


def head() -> str:
    return versions()[-1]


def _look(connection: sa.Connection, name: str, *, create: bool) -> str | None:
    """The schema version that is there, None in an empty database."""
    found = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()
    if found is None:
        if sa.inspect(connection).get_table_names():
            raise StoreRefused(f"{name} holds tables that are not ours.", "Name an empty database or another file.")
        if not create:
            raise StoreMissing(f"There is no store in {name}.", "Check the store's URL, or make one with a first scan.")
    elif found not in versions():
        raise StoreRefused(
            f"Store {name} was written by a newer version of mdm (schema {found}, known here up to {head()}).",
            "Update mdm; the store was not touched.",
        )
    return found


def _refuse_a_missing_file(database: Database, *, create: bool) -> None:
    """Looking must not leave an empty file behind."""
    file = database.engine.url.database
    if create or database.is_postgresql or file in (None, "", ":memory:") or Path(str(file)).exists():
        return
    raise StoreMissing(
        f"There is no store in {database.name}.", "Check the store's URL, or make one with a first scan."
    )
