"""The connection to SQLite or PostgreSQL: how transactions begin there, and what its errors mean to a person."""

from __future__ import annotations

import sqlite3
import time
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import psycopg
import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from mdm.errors import SchemaMismatch, SettingsInvalid, StoreRefused
from mdm.store.audit_anchor import Keeper

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

NO_KEEPER: Final = Keeper()
"""No key and no anchor: the chain then shows what was changed by mistake, but not who could compute it anew."""

BUSY_MILLISECONDS: Final = 10_000
ASK_SECONDS: Final = 0.002
CACHE_KIB: Final = 65_536

WRITES: Final = "mdm_writes"
"""Execution option of a connection that will write. A SQLite transaction that begins with a read and writes after
another commit fails at once, whatever the busy timeout; so a writer takes the lock before it reads."""

SQLITE_SETTINGS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # NORMAL may lose a commit whose effect was already published
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}",
    f"PRAGMA cache_size = -{CACHE_KIB}",
    # Pages of an index in the order of names are written again and again: collect 64 MB before they go into the file.
    "PRAGMA wal_autocheckpoint = 16384",
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA temp_store = MEMORY",  # a sort of customers leaves no temporary file behind
)

REASONS: Final = (
    ("locked", "another program has held its write lock for too long.", "Try again when that program has finished."),
    ("readonly", "it may only be read.", "Give yourself the right to write to the file and its folder."),
    ("read-only", "it may only be read.", "Connect as a user that may write."),
    ("full", "the disk is full.", "Make room and run the command again; nothing was half written."),
    ("unable to open", "its file cannot be opened.", "Check that the folder exists and that you may write there."),
    ("not a database", "the file is no SQLite database.", "Name another file."),
    ("malformed", "the file is damaged.", "Restore it from a backup."),
    ("", "the database refused.", "Check that it is running and that the URL, user and password are right."),
)
"""What an engine says (in part), what that means, and what to do; the first that fits counts."""


@dataclass(frozen=True, slots=True)
class Database:
    """An engine with the kinds of transaction there are, and what guards the audit of its store.

    `turn` lets the threads of one process write one after the other where the engine itself would let them all poll.
    """

    engine: sa.Engine
    name: str
    keeper: Keeper = NO_KEEPER
    turn: AbstractContextManager[Any] = field(default_factory=nullcontext)

    @property
    def is_postgresql(self) -> bool:
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        with refusals(self.name), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def looking(self) -> Iterator[sa.Connection]:
        """A reading transaction that sees one state throughout, however much is written meanwhile."""
        with refusals(self.name), self.engine.connect() as connection:
            if self.is_postgresql:
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A short transaction that holds the write lock from its start; all of it is kept, or nothing."""
        with refusals(self.name), self.turn, self.engine.connect() as connection:
            connection.execution_options(**{WRITES: True})
            with connection.begin():
                yield connection

    def count_rows(self) -> None:
        """Let PostgreSQL count what a first scan brought: until it does, it takes large tables for small ones.

        The plans of SQLite do not depend on counts; see the tests of the desk.
        """
        if self.is_postgresql:
            with self.writing() as connection:
                connection.execute(sa.text("ANALYZE"))


@contextmanager
def refusals(name: str) -> Iterator[None]:
    """Turn what a database engine raises into StoreRefused, and a broken constraint into a fault of ours."""
    try:
        yield
    except (sa.exc.IntegrityError, psycopg.IntegrityError, sqlite3.IntegrityError) as error:
        said = _first_line(error)
        raise SchemaMismatch(f"Store {name} refused a row: {said}.", "This is a fault of the tool.") from error
    except (sa.exc.DBAPIError, psycopg.Error, sqlite3.Error) as error:
        said = _first_line(error)
        meaning, next_step = next((m, n) for part, m, n in REASONS if part in said)
        raise StoreRefused(f"Store {name}: {meaning} ({said})", next_step) from error


def _first_line(error: Exception) -> str:
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) and error.orig is not None else error
    return (str(cause).splitlines() or [type(cause).__name__])[0]


def connect(text: str, keeper: Keeper = NO_KEEPER) -> Database:
    """The database of a store URL; nothing is opened yet. Refused are URLs of other kinds of database."""
    try:
        url = sa.make_url(text)
    except sa.exc.ArgumentError as error:
        raise SettingsInvalid(
            "The store URL cannot be read.", "Write sqlite:///mdm.sqlite or postgresql://user@host/name."
        ) from error
    if url.drivername in ("sqlite", "sqlite+pysqlite"):
        return Database(_sqlite(url), url.database or "in memory", keeper, Lock())
    if url.drivername in ("postgresql", "postgresql+psycopg", "postgres"):
        name = url.render_as_string(hide_password=True)
        return Database(_postgresql(url.set(drivername="postgresql+psycopg")), name, keeper)
    raise SettingsInvalid(
        f"A store cannot be kept in {url.drivername!r}.", "Write sqlite:///mdm.sqlite or postgresql://user@host/name."
    )


def _sqlite(url: sa.URL) -> sa.Engine:
    options: dict[str, Any] = {}
    if url.database in (None, "", ":memory:"):
        options = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
    engine = sa.create_engine(url, **options)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    for setting in SQLITE_SETTINGS:
        cursor.execute(setting)
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    if connection.get_execution_options().get(WRITES, False):
        _take_write_lock(connection.connection.driver_connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _take_write_lock(connection: Any) -> None:  # noqa: ANN401 - sqlite3's, which SQLAlchemy does not type
    """Begin to write, asking again every few milliseconds.

    SQLite itself asks more and more seldom, up to ten times a second, and would miss the short rests of a scan.
    """
    until = time.monotonic() + BUSY_MILLISECONDS / 1_000
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
                time.sleep(ASK_SECONDS)
            else:
                return
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")


def _postgresql(url: sa.URL) -> sa.Engine:
    return sa.create_engine(
        url,
        pool_pre_ping=True,
        connect_args={"application_name": "mdm"},
    )
