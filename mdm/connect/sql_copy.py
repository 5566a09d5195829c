"""PostgreSQL's fast way out: COPY, in which the server itself writes every value as text."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import polars as pl
import sqlalchemy as sa


def copy_out(connection: sa.Connection, query: sa.Select[Any], rows: int) -> Iterator[pl.DataFrame]:
    """The result of a query in frames of so many rows, all text; memory is that of one frame.

    Values stand as PostgreSQL writes them: `t` for true, ISO dates, numerics with all their digits.
    """
    compiled = query.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    names = [column.name for column in query.selected_columns]
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor:
        # The date style is the session's; the names and values of the query were quoted and bound by SQLAlchemy.
        cursor.execute("SET LOCAL datestyle = 'ISO'; SET LOCAL client_encoding = 'UTF8'")
        with cursor.copy(f"COPY ({compiled.string}) TO STDOUT (FORMAT csv)", compiled.params) as copy:
            lines: list[bytes] = []
            for line in copy:  # the server sends each row as a message of its own
                lines.append(bytes(line))
                if len(lines) == rows:
                    yield _parsed(lines, names)
                    lines = []
            if lines:
                yield _parsed(lines, names)


def _parsed(lines: list[bytes], names: list[str]) -> pl.DataFrame:
    schema = {f"c{at}": pl.String() for at in range(len(names))}
    frame = pl.read_csv(io.BytesIO(b"".join(lines)), has_header=False, schema=schema)
    frame.columns = names
    return frame
