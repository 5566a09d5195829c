"""A table or view of any SQL database as a source, with its child tables: read only, by key, part by part."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import polars as pl
import sqlalchemy as sa

from mdm.connect.gathering import ChildRows
from mdm.connect.parquet import none_of
from mdm.connect.protocols import Column, Description
from mdm.connect.sql_copy import copy_out
from mdm.connect.sql_engine import open_engine, refusals
from mdm.connect.sql_tables import Joined, Reflected, filters, open_child
from mdm.connect.sql_text import as_texts
from mdm.connect.sql_values import behind, bound, changed_since, latest, moment_text, type_name
from mdm.errors import SystemRefused
from mdm.rulebook.connector import SqlConnector, span_of
from mdm.settings import Secret

ROWS: Final = 50_000
"""Rows of one part: what a read holds in memory, however large the table is."""

PAGE: Final = 10_000
"""Records of one part where each may have many rows in child tables."""

NAMED: Final = 500
"""Records that one query names by their keys."""

READ_ONLY: Final = {"isolation_level": "REPEATABLE READ", "execution_options": {"postgresql_readonly": True}}
"""Of PostgreSQL: one state of the tables for all parts of a read, and no write by whatever mistake."""

NO_ROWS: Final = ("mssql", "oracle")
"""Databases that do not compare two columns with two values at once."""

MAIN: Final = ""
"""The main table's name among the watermarks."""

Query = sa.Select[Any]
Narrow = Callable[[Query], Query]
"""Leaves of a query what concerns some of the records."""


class SqlSource:
    """A table by its key columns. Every transaction is read-only where the database knows such a thing."""

    def __init__(self, rules: SqlConnector, url: Secret, key: Sequence[str]) -> None:
        self._rules = rules
        self._engine = open_engine(url, READ_ONLY)
        self._name = self._engine.url.render_as_string(hide_password=True)
        known = Reflected(self._engine, self._name)
        self._table = known.table(rules.table)
        known.require(rules.table, self._table, key)
        self._key = [self._table.c[name] for name in key]
        self._only = filters(rules.where, rules.table, self._table, known)
        self._children = [open_child(child, self._table, known) for child in rules.children]
        own = known.moments(rules.table, self._table, rules.changed_at)
        self._changed: dict[str, Sequence[Any]] = {MAIN: own} if own else {}
        self._changed |= {name: moments for child in self._children for name, moments in child.changed}

    def describe(self) -> Description:
        columns = [Column(c.name, type_name(c)) for c in self._table.columns]
        columns += [column for child in self._children for column in child.described()]
        dated = {name.partition(".")[0] for name in self._changed}
        names = [child.rules.name for child in self._children if child.rules.name not in dated]
        notes = [f"{name} has no time of changes: they are seen every {self._rules.full_every}" for name in names]
        further = f" with {len(self._children)} further tables" if self._children else ""
        return Description(
            f"table {self._rules.table} of {self._name}{further}", tuple(columns), tuple(notes) if self._changed else ()
        )

    def watermark(self) -> str:
        moments = {}
        with self._reading() as connection:
            for name, columns in self._changed.items():
                found = [connection.execute(query).scalar() for query in latest(columns)]
                moments[name] = max((moment_text(moment) for moment in found if moment is not None), default="")
        if not any(moments.values()):
            return ""
        return moments[MAIN] if list(moments) == [MAIN] else json.dumps(moments)

    def full(self, after: Sequence[str]) -> Iterator[pl.DataFrame]:
        return self._records(lambda query: query, after)

    def delta(self, since: str) -> Iterator[pl.DataFrame]:
        changed = self._changed_keys(json.loads(since) if since.startswith("{") else {MAIN: since}).subquery()
        same = sa.and_(*(column == changed.c[at] for at, column in enumerate(self._key)))
        return self._records(lambda query: query.join(changed, same), ())

    def records(self, keys: pl.DataFrame) -> Iterator[pl.DataFrame]:
        for piece in keys.iter_slices(NAMED):
            named = [
                sa.and_(*(c == bound(c, text) for c, text in zip(self._key, row, strict=True)))
                for row in piece.iter_rows()
            ]
            yield from self._records(lambda query, named=named: query.where(sa.or_(*named)), ())  # type: ignore[misc]

    def snapshot(self) -> Iterator[pl.DataFrame]:
        query = sa.select(*self._key).where(*self._only)
        for child in self._children:
            if child.columns:
                query = _with_count(query, child)
        with self._reading() as connection:
            yield from self._frames(connection, query)

    def _changed_keys(self, since: dict[str, str]) -> Any:  # noqa: ANN401 - a select or several as one
        """The keys of all records of which any table says that it changed."""
        overlap, every = span_of(self._rules.overlap), []
        for name, moments in self._changed.items():
            query = sa.select(*self._key).where(*self._only)
            child = next((c for c in self._children if name in dict(c.changed)), None)
            if child is not None:
                query = query.select_from(self._table.join(child.rows, child.is_of_main))
            if since.get(name):
                query = query.where(changed_since(moments, since[name], overlap))
            every.append(query)
        return sa.union(*every) if len(every) > 1 else every[0].distinct()

    def _records(self, narrow: Narrow, after: Sequence[str]) -> Iterator[pl.DataFrame]:
        query = narrow(sa.select(*self._table.columns).where(*self._only))
        with self._reading() as connection:
            if not self._children:
                begun = query.where(self._behind(after)) if after else query
                yield from self._frames(connection, begun.order_by(*self._key))
                return
            self._refuse_keyless(connection)
            while True:
                end = self._end_of_page(connection, narrow, after)
                part = self._part(connection, self._between(query.order_by(*self._key), after, end))
                for child in self._children:
                    if child.columns:
                        part = self._with(connection, part, child, lambda q, a=after: self._between(narrow(q), a, end))  # type: ignore[misc]  # noqa: B023 - called at once
                if part.height:
                    yield part
                if not end:
                    return
                after = end

    def _with(self, connection: sa.Connection, part: pl.DataFrame, child: Joined, narrow: Narrow) -> pl.DataFrame:
        """A part with the rows of a child."""
        columns = [column.label(f"k{at}") for at, column in enumerate(self._key)]
        columns += [by.element.label(f"o{n}") if _turned(by) else by.label(f"o{n}") for n, by in enumerate(child.order)]
        columns += [column.label(f"v{at}") for at, (_, column) in enumerate(child.columns)]
        query = sa.select(*columns).select_from(self._table.join(child.rows, child.is_of_main)).where(*self._only)
        rows = self._part(connection, narrow(query).order_by(*self._key, *child.order))
        found = ChildRows(child.rules.name, [label for label, _ in child.columns], rows)
        key = [column.name for column in self._key]
        return found.listed(part, key) if child.rules.many else found.first(part, key)

    def _behind(self, after: Sequence[str]) -> sa.ColumnElement[bool]:
        return behind(self._key, after, by_row=self._engine.dialect.name not in NO_ROWS)

    def _between(self, query: Query, after: Sequence[str], end: Sequence[str]) -> Query:
        query = query.where(self._behind(after)) if after else query
        return query.where(sa.not_(self._behind(end))) if end else query

    def _end_of_page(self, connection: sa.Connection, narrow: Narrow, after: Sequence[str]) -> tuple[str, ...]:
        """The key of the last record of a page; rows of one key are never torn apart. Empty for the last page."""
        query = self._between(narrow(sa.select(*self._key).where(*self._only)), after, ())
        found = self._part(connection, query.order_by(*self._key).offset(PAGE - 1).limit(1))
        return tuple(str(text) for text in found.row(0)) if found.height else ()

    def _refuse_keyless(self, connection: sa.Connection) -> None:
        """Pages are told apart by keys; a record without one would stand in none."""
        keyless = sa.or_(*(column.is_(None) for column in self._key))
        count = connection.execute(sa.select(sa.func.count()).select_from(self._table).where(keyless, *self._only))
        if number := count.scalar():
            raise SystemRefused(
                f"{number:,} rows of table {self._rules.table} have no key.", "Correct `key` or `where` in its rules."
            )

    def _part(self, connection: sa.Connection, query: Query) -> pl.DataFrame:
        names = [column.name for column in query.selected_columns]
        return pl.concat([none_of(names), *self._frames(connection, query)])

    def _frames(self, connection: sa.Connection, query: Query) -> Iterator[pl.DataFrame]:
        if connection.dialect.name == "postgresql":
            yield from copy_out(connection, query, ROWS)
            return
        names = [column.name for column in query.selected_columns]
        streaming = connection.execution_options(stream_results=True, max_row_buffer=ROWS)
        for rows in streaming.execute(query).partitions(ROWS):
            yield as_texts(rows, names)

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with refusals(self._name, self._rules.table), self._engine.connect() as connection:
            if self._children and connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN")  # one state of all tables; the driver itself begins with a write
            yield connection


def _turned(by: object) -> bool:
    return isinstance(by, sa.UnaryExpression)


def _with_count(query: Query, child: Joined) -> Query:
    """The keys with the number of a child's rows: one that is gone is told by nothing else."""
    ours = [ours.label(f"on{at}") for at, (_, ours) in enumerate(child.on)]
    counted = sa.select(*ours, sa.func.count().label("n")).select_from(child.rows).where(*child.only)
    rows = counted.group_by(*(column for _, column in child.on)).subquery()
    same = sa.and_(*(above == rows.c[f"on{at}"] for at, (above, _) in enumerate(child.on)))
    number = sa.func.coalesce(rows.c.n, 0).label(f"{child.rules.name}.rows")
    return query.outerjoin(rows, same).add_columns(number)
