"""Texts of rules, keys and watermarks as values of a column again, and the moment from which a delta reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import sqlalchemy as sa

from mdm.errors import SystemRefused

TRUE: Final = frozenset({"1", "t", "true", "y", "yes"})
END_OF_TIME: Final = "9000"
"""From this year on a date stands for none, as 99991231 does."""

NO_DATES: Final = ("", "00000000", "0000-00-00")
TEXT_MOMENTS: Final = ("%Y%m%d", "%Y%m%d%H%M%S")
"""How systems write a time into a text that can be sorted, beside ISO."""

KINDS: Final[Sequence[tuple[type[Any], Callable[[str], object]]]] = (
    (sa.Boolean, lambda text: text.lower() in TRUE),
    (sa.Integer, int),
    (sa.Float, float),
    (sa.Numeric, Decimal),
)


def type_name(column: sa.ColumnElement[Any]) -> str:
    return str(column.type).lower()


def bound(column: sa.ColumnElement[Any], text: str) -> sa.BindParameter[Any]:
    """A value that was written or read as text, as a value of its column."""
    read = next((read for kind, read in KINDS if isinstance(column.type, kind)), None)
    if isinstance(column.type, sa.Uuid):
        return sa.bindparam(None, text, type_=sa.Uuid(as_uuid=False))
    if read is None:
        return sa.bindparam(None, text, type_=sa.Text())
    try:
        return sa.bindparam(None, read(text), type_=column.type)
    except (ValueError, InvalidOperation):
        raise SystemRefused(
            f"{text} is no value of column {column}, which is {type_name(column)}.", "Correct the rules of the source."
        ) from None


def one_of(column: sa.ColumnElement[Any], texts: Sequence[str]) -> sa.ColumnElement[bool]:
    """Whether a column has one of these values; an empty one stands for nothing at all."""
    filled = [column == bound(column, text) for text in texts if text]
    empty = [column.is_(None)] if "" in texts else []
    blank = [column == ""] if empty and isinstance(column.type, sa.String) else []
    return sa.or_(sa.false(), *filled, *empty, *blank)


def behind(columns: Sequence[sa.ColumnElement[Any]], texts: Sequence[str], *, by_row: bool) -> sa.ColumnElement[bool]:
    """Whether a key stands behind another one, in the order of the database; `by_row` where it compares rows."""
    given = [bound(column, text) for column, text in zip(columns, texts, strict=True)]
    if len(given) == 1:
        return columns[0] > given[0]
    if by_row:
        return sa.tuple_(*columns) > sa.tuple_(*given)
    same = [column == value for column, value in zip(columns, given, strict=True)]
    return sa.or_(*(sa.and_(*same[:at], column > given[at]) for at, column in enumerate(columns)))


def is_moment(column: sa.ColumnElement[Any]) -> bool:
    return isinstance(column.type, sa.DateTime | sa.Date | sa.String)


def latest(columns: Sequence[sa.Column[Any]]) -> list[sa.Select[Any]]:
    """For each column a query for its last moment, which is not the end of time."""
    return [sa.select(sa.func.max(column)).where(column < _end_of_time(column)) for column in columns]


def moment_text(moment: datetime | date | str) -> str:
    return moment if isinstance(moment, str) else moment.isoformat()


def changed_since(columns: Sequence[sa.ColumnElement[Any]], since: str, overlap: timedelta) -> sa.ColumnElement[bool]:
    """Whether a row changed since a watermark less the overlap, or does not say when it did."""
    later = [column >= begin(column, since, overlap) for column in columns]
    return sa.or_(*later, sa.and_(*(_says_nothing(column) for column in columns)))


def begin(column: sa.ColumnElement[Any], since: str, overlap: timedelta) -> sa.BindParameter[Any]:
    """The moment from which a delta reads; less than a day is a day where a column knows no hours."""
    if isinstance(column.type, sa.DateTime):
        return sa.bindparam(None, datetime.fromisoformat(since) - overlap, type_=column.type)
    days = max(overlap, timedelta(days=1))
    if isinstance(column.type, sa.Date):
        return sa.bindparam(None, date.fromisoformat(since[:10]) - days, type_=column.type)
    form = next((form for form in TEXT_MOMENTS if _fits(since, form)), None)
    if form is not None:
        return sa.bindparam(None, (datetime.strptime(since, form) - days).strftime(form), type_=sa.Text())  # noqa: DTZ007 - the system's clock
    try:
        moment = datetime.fromisoformat(since)
    except ValueError:
        raise SystemRefused(
            f"Column {column} holds {since}, no time that can be sorted.", "Name another column as changed_at."
        ) from None
    return sa.bindparam(None, (moment - days).date().isoformat(), type_=sa.Text())


def _says_nothing(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    return one_of(column, NO_DATES) if isinstance(column.type, sa.String) else column.is_(None)


def _end_of_time(column: sa.Column[Any]) -> sa.BindParameter[Any]:
    if isinstance(column.type, sa.String):
        return sa.bindparam(None, END_OF_TIME, type_=sa.Text())
    end = datetime(int(END_OF_TIME), 1, 1)  # noqa: DTZ001 - the system's clock
    return sa.bindparam(None, end if isinstance(column.type, sa.DateTime) else end.date(), type_=column.type)


def _fits(text: str, form: str) -> bool:
    try:
        datetime.strptime(text, form)  # noqa: DTZ007 - as above
    except ValueError:
        return False
    return True
