"""A table of any SQL database as a target: the fields of the rules in rows that are there, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from mdm.connect.sql_engine import open_engine, refusals, said
from mdm.connect.sql_text import text_of
from mdm.connect.target import Answer, Seen, Write
from mdm.errors import SystemRefused
from mdm.rulebook.connector import SqlTarget as SqlTargetRules
from mdm.settings import Secret

MOST: Final = 500
KEY_JOINER: Final = "|"
"""What stands between the parts of a record key, as when its source was read."""

PATIENCE: Final = {"connect_args": {"connect_timeout": 10, "options": "-c statement_timeout=60000"}}
"""Of PostgreSQL: nobody waits for a lock of somebody else for longer than a letter is leased."""

LONGEST_ID: Final = 11
"""Characters of a master id."""


class SqlTarget:
    """A table by its key columns, of which only some fields are written: where they still say what was read.

    A row is written by one UPDATE that names key and former values, so a write that comes late changes nothing.
    """

    most = MOST

    def __init__(self, rules: SqlTargetRules, url: Secret, key: Sequence[str], fields: Sequence[str]) -> None:
        self._engine = open_engine(url, PATIENCE)
        self._rules = rules
        self._name = self._engine.url.render_as_string(hide_password=True)
        self._where = f"table {rules.table} of {self._name}"
        with refusals(self._name, self._rules.table):
            schema, _, name = rules.table.rpartition(".")
            metadata = sa.MetaData()
            self._table = sa.Table(name, metadata, schema=schema or None, autoload_with=self._engine, resolve_fks=False)
        missing = [column for column in (*key, *fields) if column not in self._table.c]
        if missing:
            raise SystemRefused(
                f"{self._where} has no column {', '.join(missing)}.",
                f"It has {', '.join(self._table.c.keys())}. Correct rules/publish.yaml, or add the column there.",
            )
        self._key = [self._table.c[column] for column in key]
        self._fields = {column: self._table.c[column] for column in fields}

    def check(self) -> str:
        for name, column in self._fields.items():
            length = getattr(column.type, "length", None)
            if not isinstance(column.type, sa.String) or (length is not None and length < LONGEST_ID):
                raise SystemRefused(
                    f"Column {name} of {self._where} is {str(column.type).lower()}: it does not hold what is written.",
                    f"Make it a text of {LONGEST_ID} characters or more.",
                )
        same = {column: column for column in self._fields.values()}
        with refusals(self._name, self._rules.table), self._engine.begin() as connection:
            # Changes no row, but a database refuses it where such a write would be refused.
            connection.execute(sa.update(self._table).where(sa.false()).values(same))
        return self._where

    def read(self, records: Sequence[str]) -> Mapping[str, Seen]:
        asked = {record: key for record in records if (key := self._bound(record)) is not None}
        if not asked:
            return {}
        query = sa.select(*self._key, *self._fields.values()).where(self._any_of(list(asked.values())))
        with refusals(self._name, self._rules.table), self._engine.connect() as connection:
            rows = connection.execute(query).all()
        found: dict[tuple[Any, ...], list[sa.Row[Any]]] = {}
        for row in rows:
            found.setdefault(tuple(row[: len(self._key)]), []).append(row)
        by_text = {tuple(text_of(part).strip() for part in key): rows for key, rows in found.items()}
        told = {record: by_text.get(tuple(text_of(part).strip() for part in key)) for record, key in asked.items()}
        return {record: self._seen(rows) for record, rows in told.items() if rows}

    def write(self, writes: Sequence[Write]) -> Mapping[str, Answer]:
        """All in one transaction; where the database refuses one of them, each in its own."""
        try:
            with self._engine.begin() as connection:
                return {write.order.record: self._update(connection, write) for write in writes}
        except (sa.exc.OperationalError, sa.exc.InterfaceError):
            with refusals(self._name, self._rules.table):
                raise
        except sa.exc.DBAPIError:
            return {write.order.record: self._alone(write) for write in writes}

    def _alone(self, write: Write) -> Answer:
        try:
            with self._engine.begin() as connection:
                return self._update(connection, write)
        except (sa.exc.OperationalError, sa.exc.InterfaceError) as error:
            return Answer("silent", said(error))
        except sa.exc.DBAPIError as error:
            return Answer("refused", said(error))

    def _update(self, connection: sa.Connection, write: Write) -> Answer:
        key = self._bound(write.order.record)
        if key is None:
            return Answer("refused", "Its key fits no row.")
        still = [column.is_not_distinct_from(write.seen.values[name]) for name, column in self._fields_of(write)]
        new = {column: write.order.fields[name] for name, column in self._fields_of(write)}
        changed = connection.execute(sa.update(self._table).where(self._is(key), *still).values(new)).rowcount
        return Answer("done") if changed else Answer("moved")

    def _fields_of(self, write: Write) -> list[tuple[str, sa.Column[Any]]]:
        """The columns of an order; one that was not opened for writing has no column here, and is a fault of ours."""
        return [(name, self._fields[name]) for name in write.order.fields]

    def _seen(self, rows: Sequence[sa.Row[Any]]) -> Seen:
        values = [None if value is None else text_of(value) for value in rows[0][len(self._key) :]]
        problem = f"Its key stands {len(rows)} times in the table." if len(rows) > 1 else ""
        return Seen(dict(zip(self._fields, values, strict=True)), problem=problem)

    def _any_of(self, keys: Sequence[tuple[Any, ...]]) -> sa.ColumnElement[bool]:
        if len(self._key) == 1:
            return self._key[0].in_([key[0] for key in keys])
        return sa.or_(*[self._is(key) for key in keys])

    def _is(self, key: Sequence[Any]) -> sa.ColumnElement[bool]:
        return sa.and_(*[column == part for column, part in zip(self._key, key, strict=True)])

    def _bound(self, record: str) -> tuple[Any, ...] | None:
        """The parts of a record key as values of their columns; None where they cannot be such values."""
        parts = record.split(KEY_JOINER) if len(self._key) > 1 else [record]
        if len(parts) != len(self._key):
            return None
        try:
            return tuple(_value(column, part) for column, part in zip(self._key, parts, strict=True))
        except (ValueError, InvalidOperation):
            return None


def _value(column: sa.Column[Any], text: str) -> object:
    if isinstance(column.type, sa.Integer):
        return int(text)
    if isinstance(column.type, sa.Numeric):
        return Decimal(text)
    return UUID(text) if isinstance(column.type, sa.Uuid) else text
