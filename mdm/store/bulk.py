"""Frames into tables and tables into frames, without an object for each row."""

from __future__ import annotations

from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import sqlalchemy as sa

from mdm.errors import StoreRefused
from mdm.store.asked import asked_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mdm.records import TableSchema

ROWS_A_FETCH: Final = 2_000
"""Many more at a time would keep Python's collector busy with tuples that are about to go: twice the time."""

ROWS_AN_INSERT: Final = 5_000
"""So many rows are Python's at a time; a frame takes a tenth of the memory."""

FETCHES_A_PART: Final = 25
"""A part of a table that is read piece by piece has 50,000 rows: enough to work by columns, little memory."""

SERVER_CURSOR: Final = "mdm_read"

TEXT: Final = pl.String()
NUMBER: Final = pl.Int64()


def read(connection: sa.Connection, query: sa.Select[Any], schema: TableSchema) -> pl.DataFrame:
    """All rows of the query, its columns being those of the schema, in their order."""
    return pl.concat([pl.DataFrame(schema=dict(schema)), *read_parts(connection, query, schema)], rechunk=True)


def read_parts(connection: sa.Connection, query: sa.Select[Any], schema: TableSchema) -> Iterator[pl.DataFrame]:
    """The same piece by piece, so that a large table never lies in memory as a whole; none where nothing is found."""
    given_out = [_given_out(name, dtype) for name, dtype in schema.items()]
    with closing(_run(connection, query)) as cursor:
        fetches = iter(lambda: cursor.fetchmany(ROWS_A_FETCH), [])
        while part := [_columns(rows, schema) for rows in islice(fetches, FETCHES_A_PART)]:
            yield pl.concat(part, rechunk=True).select(given_out)


def _run(connection: sa.Connection, query: sa.Select[Any]) -> Any:  # noqa: ANN401 - a cursor of either driver
    """The driver's own cursor, already executed: SQLAlchemy would make an object of every row.

    SQLAlchemy keeps the text of a query that was run before; to write it anew takes longer than most answers. On
    PostgreSQL it would take the first row, so its text is written here, for a cursor of the server: a whole table never
    lies in memory twice.
    """
    if connection.dialect.name != "postgresql":
        return connection.execute(query).cursor
    compiled = query.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    driver: Any = connection.connection.driver_connection
    cursor = driver.cursor(name=SERVER_CURSOR)
    cursor.execute(compiled.string, compiled.params)
    return cursor


def _columns(rows: Iterable[tuple[object, ...]], schema: TableSchema) -> pl.DataFrame:
    columns = zip(schema.items(), zip(*rows, strict=True), strict=True)
    return pl.DataFrame([pl.Series(name, values, dtype=_stored(dtype)) for (name, dtype), values in columns])


def _stored(dtype: pl.DataType) -> pl.DataType:
    """How a column lies in the store: lists as JSON text, truth as 0 or 1 on SQLite."""
    if isinstance(dtype, pl.List):
        return pl.String()
    return pl.Int8() if isinstance(dtype, pl.Boolean) else dtype


def _given_out(name: str, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.List):
        return pl.col(name).str.json_decode(dtype)
    return pl.col(name).cast(dtype)


def storable(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with its lists as compact JSON text, as they lie in the store."""
    lists = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
    prefix = len('{"x":')
    return frame.with_columns(
        pl.struct(pl.col(name).alias("x")).struct.json_encode().str.slice(prefix).str.head(-1).alias(name)
        for name in lists
    )


def insert(connection: sa.Connection, table: sa.Table, frame: pl.DataFrame) -> int:
    """Insert every row of the frame, its columns being columns of the table; returns their number."""
    if frame.is_empty():
        return 0
    if connection.dialect.name == "postgresql":
        return _copy(connection, table, frame)
    columns = [c for c in table.columns if c.name in frame.columns]  # SQLAlchemy writes them in this order
    statement = sa.insert(table).values({c: sa.bindparam(c.name) for c in columns})
    text, ordered = _sql(connection, statement), frame.select(c.name for c in columns)
    for part in ordered.iter_slices(ROWS_AN_INSERT):
        _checked(connection.exec_driver_sql(text, part.rows()).rowcount, part.height, table)
    return frame.height


def _copy(connection: sa.Connection, table: sa.Table, frame: pl.DataFrame) -> int:
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(name) for name in frame.columns)
    cursor: Any = connection.connection.cursor()
    with closing(cursor):
        with cursor.copy(f"COPY {quote(table.name)} ({names}) FROM STDIN (FORMAT csv)") as copy:
            # An empty text is quoted and a null is not, which is how PostgreSQL tells them apart.
            copy.write(frame.write_csv(include_header=False, quote_style="necessary").encode())
        _checked(cursor.rowcount, frame.height, table)
    return frame.height


def end(connection: sa.Connection, table: sa.Table, keys: pl.DataFrame, rev_to: int) -> int:
    """End the standing rows of these keys with that revision; returns how many there were."""
    ended = sa.update(table).where(table.c.rev_to.is_(None)).values(rev_to=sa.literal_column(str(int(rev_to))))
    return _for_keys(connection, ended, keys)


def reopen(connection: sa.Connection, table: sa.Table, keys: pl.DataFrame) -> int:
    """Let the rows of these primary keys stand again."""
    return _for_keys(connection, sa.update(table).values(rev_to=sa.null()), keys)


def delete(connection: sa.Connection, table: sa.Table, keys: pl.DataFrame) -> int:
    """Delete the rows of these primary keys."""
    return _for_keys(connection, sa.delete(table), keys)


def _for_keys(connection: sa.Connection, statement: sa.Update | sa.Delete, keys: pl.DataFrame) -> int:
    """Run the statement for the rows whose columns equal those of a row of `keys`; returns how many there were."""
    if keys.is_empty():
        return 0
    table: Any = statement.table
    mine: list[sa.Column[Any]] = [table.c[name] for name in keys.columns]
    if connection.dialect.name == "postgresql":
        given = asked_for(connection, keys.rows(), mine)
        return connection.execute(statement.where(*[m == given.c[m.name] for m in mine])).rowcount
    one = statement.where(*[m == sa.bindparam(f"k_{m.name}") for m in mine])
    return connection.exec_driver_sql(_sql(connection, one), keys.rows()).rowcount


def _sql(connection: sa.Connection, statement: sa.sql.expression.Executable) -> str:
    return str(statement.compile(dialect=connection.dialect))  # type: ignore[attr-defined]  # every DML statement has it


def _checked(written: int, expected: int, table: sa.Table) -> None:
    if written != expected:
        raise StoreRefused(
            f"Table {table.name} took {written} rows of {expected}; nothing of them was kept.", "This is a fault."
        )
