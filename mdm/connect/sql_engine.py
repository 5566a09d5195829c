"""The engine of a system's own database, and what it says when it refuses, in our errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from mdm.errors import SettingsInvalid, SystemRefused, SystemSilent
from mdm.settings import Secret


def open_engine(url: Secret, for_postgresql: Mapping[str, Any]) -> sa.Engine:
    """The engine of a URL, with further options where it is PostgreSQL; nothing is connected yet."""
    try:
        parsed = sa.make_url(url.reveal())
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        options = for_postgresql if parsed.get_backend_name() == "postgresql" else {}
        return sa.create_engine(parsed, poolclass=sa.NullPool, **options)
    except sa.exc.ArgumentError:
        raise SettingsInvalid(
            "The URL of a database cannot be read.", "Write postgresql://reader@host/name or the like."
        ) from None
    except ModuleNotFoundError as error:
        raise SettingsInvalid(
            f"The driver {error.name} of a database is not installed.", f"Install it: pip install {error.name}"
        ) from None


@contextmanager
def refusals(name: str, table: str) -> Iterator[None]:
    """What a database says, in our errors: its message names no secret, for the driver never sees one in SQL."""
    try:
        yield
    except sa.exc.NoSuchTableError:
        raise SystemRefused(
            f"{name} has no table {table} that this user may read.",
            "Check the name, as schema.table, and the rights of the user.",
        ) from None
    except (sa.exc.OperationalError, sa.exc.InterfaceError) as error:
        raise SystemSilent(f"{name} gives no answer: {said(error)}", "Is it running, is the URL right?") from None
    except sa.exc.DBAPIError as error:
        raise SystemRefused(f"{name} refused: {said(error)}", "Check the table and the user's rights.") from None


def said(error: sa.exc.DBAPIError) -> str:
    """The first line of what a database says."""
    return (str(error.orig).splitlines() or [type(error.orig).__name__])[0]
