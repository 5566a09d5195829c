"""The DuckDB scratch of one run: in memory, spilling into the run's own folder, closed to the world outside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb

from mdm.errors import SettingsInvalid
from mdm.settings import Settings

MEMORY_LIMIT: Final = "3GB"


@contextmanager
def open_scratch(folder: Path, settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that reads and writes nothing outside `folder`; gone at the end.

    Raises SettingsInvalid when the work does not fit into the memory it may use.
    """
    spill, limit = folder / "spill", settings.memory_limit or MEMORY_LIMIT
    spill.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect()
    try:
        # The bar would go to standard output, between the lines of a command.
        connection.execute("set enable_progress_bar = false")
        connection.execute("set temp_directory = " + _quoted(str(spill)))
        connection.execute("set memory_limit = " + _quoted(limit))
        if settings.threads:
            connection.execute(f"set threads = {settings.threads:d}")
        for name in ("autoinstall_known_extensions", "autoload_known_extensions", "python_enable_replacements"):
            connection.execute(f"set {name} = false")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection
    except duckdb.OutOfMemoryException as error:
        raise SettingsInvalid(
            f"The run needs more memory than the {limit} it may use. Nothing was changed.",
            "Set MDM_MEMORY_LIMIT to more, such as 8GB, or run it on a larger machine.",
        ) from error
    finally:
        connection.close()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
