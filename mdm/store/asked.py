"""The keys that a query asks for, as a table of one parameter."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    Rows = Sequence[tuple[Any, ...]]


def join_asked(connection: sa.Connection, rows: Rows, columns: Sequence[sa.Column[Any]]) -> sa.FromClause:
    """The table of these columns, which are texts, cut down to what has the values of a row there, for a SELECT.

    For a list of pairs SQLite would read everything, and a list of another length would be another text of SQL, which
    takes longer to write than to answer; so the rows go as one value, and they are looked at first.
    """
    asked = asked_for(connection, rows, columns)
    return asked.join(columns[0].table, sa.and_(*[asked.c[column.name] == column for column in columns]))


def asked_for(connection: sa.Connection, rows: Rows, columns: Sequence[sa.Column[Any]]) -> sa.FromClause:
    """The rows as a table with columns of these names."""
    if connection.dialect.name == "postgresql":
        values = zip(*rows, strict=True) if rows else [()] * len(columns)
        arrays = [sa.bindparam(None, list(v), type_=ARRAY(c.type)) for c, v in zip(columns, values, strict=True)]
        named = [sa.column(c.name, c.type) for c in columns]
        return sa.func.unnest(*arrays).table_valued(*named, name="given").render_derived()
    given = sa.func.json_each(json.dumps([list(row) for row in rows])).table_valued("value", name="given")
    parts = [sa.func.json_extract(given.c.value, f"$[{i}]", type_=c.type) for i, c in enumerate(columns)]
    return sa.select(*[part.label(c.name) for part, c in zip(parts, columns, strict=True)]).cte("asked")
