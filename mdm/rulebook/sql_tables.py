"""Further tables of an SQL source: child tables whose rows become lists of a record, and tables joined to those."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints, field_validator

from mdm.rulebook.base import Rules
from mdm.rulebook.names import refuse_repeats

TABLE = r"^[^.\x00-\x1f]+(\.[^.\x00-\x1f]+)?$"
PART = r"^[^.+|\x00-\x1f]{1,60}$"

TableName = Annotated[str, StringConstraints(pattern=TABLE)]
Texts = Annotated[tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)]
Filters = dict[str, Texts]
"""A column and the values it may have; an empty one stands for nothing at all."""


class SqlJoin(Rules):
    """A table of which each row of the table above finds the rows that belong to it; `on` maps its columns to ours.

    Its columns are called `NAME.COLUMN`. Without `columns` all are taken, with an empty list none. `changed_at` names
    the columns with the time of the last change, if there are any.
    """

    name: Annotated[str, StringConstraints(pattern=PART)]
    table: TableName
    on: dict[str, str] = Field(min_length=1)
    where: Filters = Field(default={})
    columns: Texts | None = None
    changed_at: Texts = ()
    joins: tuple[SqlJoin, ...] = ()

    @field_validator("joins")
    @classmethod
    def joins_differ(cls, value: tuple[SqlJoin, ...]) -> tuple[SqlJoin, ...]:
        refuse_repeats((join.name for join in value), "joined table")
        return value


class SqlChild(SqlJoin):
    """A table with rows of their own for a record, such as addresses; one that has a change date makes it changed.

    With `many`, `NAME` holds the rows as a JSON list and `NAME.COLUMN` the different values of a column, joined by
    ` | `; without it the first row counts. `NAME.rows` is their number. Rows come in the order of `order_by`, where a
    minus before a column turns it round.
    """

    many: bool = True
    order_by: Texts = ()
