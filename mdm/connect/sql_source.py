"""A table or view of any SQL database as a source: read only, by key, with a cursor of the server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, Final

import polars as pl
import sqlalchemy as sa

from mdm.connect.protocols import Column, Description
from mdm.connect.sql_copy import copy_out
from mdm.connect.sql_engine import open_engine, refusals
from mdm.connect.sql_text import as_texts
from mdm.errors import SystemRefused
from mdm.rulebook.connector import SqlConnector, span_of
from mdm.settings import Secret

ROWS: Final = 50_000
"""Rows of one part: what a read holds in memory, however large the table is."""

READ_ONLY: Final = {"isolation_level": "REPEATABLE READ", "execution_options": {"postgresql_readonly": True}}
"""Of PostgreSQL: one state of the table for all parts of a read, and no write by whatever mistake."""


class SqlSource:
    """A table by its key columns. Every transaction is read-only where the database knows such a thing."""

    def __init__(self, rules: SqlConnector, url: Secret, key: Sequence[str]) -> None:
        self._rules = rules
        self._engine = open_engine(url, READ_ONLY)
        self._name = self._engine.url.render_as_string(hide_password=True)
        with refusals(self._name, self._rules.table):
            self._table = self._reflected()
        missing = [name for name in (*key, rules.changed_at) if name is not None and name not in self._table.c]
        if missing:
            raise SystemRefused(
                f"Table {rules.table} of {self._name} has no column {', '.join(missing)}.",
                f"It has {', '.join(self._table.c.keys())}. Correct the rules of the source.",
            )
        self._key = [self._table.c[name] for name in key]

    def describe(self) -> Description:
        columns = tuple(Column(c.name, _type_name(c)) for c in self._table.columns)
        return Description(f"table {self._rules.table} of {self._name}", columns)

    def watermark(self) -> str:
        if self._rules.changed_at is None:
            return ""
        with self._reading() as connection:
            last = connection.execute(sa.select(sa.func.max(self._changed()))).scalar()
        return "" if last is None else _moment_text(last)

    def full(self, after: Sequence[str]) -> Iterator[pl.DataFrame]:
        query = sa.select(*self._table.columns)
        if after:
            given = [_bound(c, text) for c, text in zip(self._key, after, strict=True)]
            behind = self._key[0] > given[0] if len(given) == 1 else sa.tuple_(*self._key) > sa.tuple_(*given)
            query = query.where(behind)
        return self._parts(query.order_by(*self._key))

    def delta(self, since: str) -> Iterator[pl.DataFrame]:
        changed = self._changed()
        begin = _moment(changed, since) - span_of(self._rules.overlap)
        query = sa.select(*self._table.columns).where(sa.or_(changed >= begin, changed.is_(None)))
        return self._parts(query.order_by(*self._key))

    def keys(self) -> Iterator[pl.DataFrame]:
        return self._parts(sa.select(*self._key))

    def _changed(self) -> sa.Column[Any]:
        column = self._table.c[self._rules.changed_at or ""]
        if not isinstance(column.type, sa.DateTime | sa.Date):
            raise SystemRefused(
                f"Column {column.name} of {self._rules.table} is {_type_name(column)}, no time and no date.",
                "Name another column as changed_at, or leave it out: then every read is a full one.",
            )
        return column

    def _parts(self, query: sa.Select[Any]) -> Iterator[pl.DataFrame]:
        names = [c.name for c in query.selected_columns]
        with self._reading() as connection:
            if connection.dialect.name == "postgresql":
                yield from copy_out(connection, query, ROWS)
                return
            streaming = connection.execution_options(stream_results=True, max_row_buffer=ROWS)
            for rows in streaming.execute(query).partitions(ROWS):
                yield as_texts(rows, names)

    def _reflected(self) -> sa.Table:
        schema, _, name = self._rules.table.rpartition(".")
        return sa.Table(name, sa.MetaData(), schema=schema or None, autoload_with=self._engine, resolve_fks=False)

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with refusals(self._name, self._rules.table), self._engine.connect() as connection:
            yield connection


def _type_name(column: sa.Column[Any]) -> str:
    return str(column.type).lower()


def _bound(column: sa.Column[Any], text: str) -> sa.BindParameter[Any]:
    """A key that was read as text, as a value of its column again."""
    whole = isinstance(column.type, sa.Integer)
    return sa.bindparam(None, int(text) if whole else text, type_=column.type if whole else sa.Text())


def _moment_text(moment: datetime | date) -> str:
    return moment.isoformat()


def _moment(column: sa.Column[Any], text: str) -> datetime | date:
    """A watermark of `_moment_text` again; a date for a column of dates, where less than a day is a day."""
    if isinstance(column.type, sa.DateTime):
        return datetime.fromisoformat(text)
    return date.fromisoformat(text[:10]) - timedelta(days=1)
