"""The tables of an SQL source as its database has them: reflected, filtered, and joined as the rules say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from mdm.connect.gathering import columns_of
from mdm.connect.protocols import Column
from mdm.connect.sql_engine import refusals
from mdm.connect.sql_values import is_moment, one_of, type_name
from mdm.errors import SystemRefused
from mdm.rulebook.sql_tables import Filters, SqlChild, SqlJoin


class Reflected:
    """The tables of a database, looked at once each; `name` is the database in words without a secret."""

    def __init__(self, engine: sa.Engine, name: str) -> None:
        self._engine, self.name = engine, name
        self._known: dict[str, sa.Table] = {}

    def table(self, name: str) -> sa.Table:
        """Raises SystemRefused where there is none that this user may read."""
        if name not in self._known:
            schema, _, bare = name.rpartition(".")
            with refusals(self.name, name):
                self._known[name] = sa.Table(
                    bare, sa.MetaData(), schema=schema or None, autoload_with=self._engine, resolve_fks=False
                )
        return self._known[name]

    def require(self, table: str, among: sa.FromClause, wanted: Sequence[str]) -> None:
        """Raise SystemRefused naming the columns that a table does not have."""
        missing = [name for name in dict.fromkeys(wanted) if name not in among.c]
        if missing:
            raise SystemRefused(
                f"Table {table} of {self.name} has no column {', '.join(missing)}.",
                f"It has {', '.join(among.c.keys())}. Correct the rules of the source.",
            )

    def moments(self, table: str, among: sa.FromClause, names: Sequence[str]) -> list[Any]:
        """The columns with the time of the last change."""
        self.require(table, among, names)
        for name in names:
            if not is_moment(among.c[name]):
                raise SystemRefused(
                    f"Column {name} of {table} is {type_name(among.c[name])}, no time and no date.",
                    "Name another column as changed_at, or leave it out: then every read is a full one.",
                )
        return [among.c[name] for name in names]


@dataclass(frozen=True, slots=True)
class Joined:
    """A child table with what is joined to it, as one thing to select from.

    `on` are pairs of a column of the main table and one of ours, `columns` those of its rows by their names, `changed`
    the moments of each of its tables by the name under which their watermark is kept.
    """

    rules: SqlChild
    rows: sa.FromClause
    on: tuple[tuple[Any, Any], ...]
    only: tuple[sa.ColumnElement[bool], ...]
    columns: tuple[tuple[str, Any], ...]
    order: tuple[Any, ...]
    changed: tuple[tuple[str, tuple[Any, ...]], ...]

    @property
    def is_of_main(self) -> sa.ColumnElement[bool]:
        """Which of its rows belong to a row of the main table, and count."""
        return sa.and_(*(above == ours for above, ours in self.on), *self.only)

    def described(self) -> list[Column]:
        """The columns that it adds to a record."""
        if not self.columns:
            return []
        own = [Column(label, type_name(column)) for label, column in self.columns]
        return columns_of(self.rules.name, own, is_list=self.rules.many)


def open_child(rules: SqlChild, main: sa.Table, known: Reflected) -> Joined:
    """The child table as the rules say. Raises SystemRefused for a table or column that is not there."""
    known.require(main.name, main, list(rules.on))
    own = known.table(rules.table).alias()
    parts = _Parts(own, [], [])
    _take(rules, own, "", parts, known)
    known.require(rules.table, own, [name.removeprefix("-") for name in rules.order_by])
    order = [own.c[n[1:]].desc() if n.startswith("-") else own.c[n] for n in rules.order_by]
    return Joined(
        rules,
        parts.rows,
        tuple((main.c[above], own.c[ours]) for above, ours in rules.on.items()),
        filters(rules.where, rules.table, own, known),
        tuple(parts.columns),
        tuple(order),
        tuple((f"{rules.name}{path}", moments) for path, moments in parts.changed),
    )


@dataclass(slots=True)
class _Parts:
    rows: sa.FromClause
    columns: list[tuple[str, Any]]
    changed: list[tuple[str, tuple[Any, ...]]]


def _take(rules: SqlJoin, own: sa.FromClause, path: str, parts: _Parts, known: Reflected) -> None:
    """Add the columns of a table and of all that is joined to it."""
    known.require(rules.table, own, [*rules.on.values(), *(rules.columns or ())])
    names = own.c.keys() if rules.columns is None else rules.columns
    prefix = f"{path[1:]}." if path else ""
    parts.columns += [(f"{prefix}{name}", own.c[name]) for name in names]
    if rules.changed_at:
        parts.changed.append((path, tuple(known.moments(rules.table, own, rules.changed_at))))
    for join in rules.joins:
        other = known.table(join.table).alias()
        known.require(rules.table, own, list(join.on))
        known.require(join.table, other, list(join.on.values()))
        same = [own.c[above] == other.c[ours] for above, ours in join.on.items()]
        only = filters(join.where, join.table, other, known)
        parts.rows = parts.rows.outerjoin(other, sa.and_(*same, *only))
        _take(join, other, f"{path}.{join.name}", parts, known)


def filters(where: Filters, table: str, own: sa.FromClause, known: Reflected) -> tuple[sa.ColumnElement[bool], ...]:
    """What rows of a table must be like to count."""
    known.require(table, own, list(where))
    return tuple(one_of(own.c[name], values) for name, values in where.items())
