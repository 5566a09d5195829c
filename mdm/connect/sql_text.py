"""Rows of any database driver as text: what a value is written as depends on its type alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

import polars as pl

LARGEST_WHOLE: Final = 1e15
"""Up to here a float holds every whole number, and its digits are those that were meant."""


def as_texts(rows: Sequence[Sequence[Any]], names: Sequence[str]) -> pl.DataFrame:
    """The rows as a frame of text columns; an empty text stays empty and a missing value null."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    return pl.DataFrame([_texts(name, values) for name, values in zip(names, columns, strict=True)])


def _texts(name: str, values: Sequence[Any]) -> pl.Series:
    """A column; most are text already, and only the others cost a look at each value."""
    try:
        return pl.Series(name, values, dtype=pl.String, strict=True)
    except TypeError:
        return pl.Series(name, [None if value is None else text_of(value) for value in values], dtype=pl.String)


def text_of(value: object) -> str:
    """A value as a person would write it: ISO dates, numbers without exponent, truth as true or false."""
    write = next((write for kind, write in WRITERS if isinstance(value, kind)), str)
    return write(value)


def _number(value: float) -> str:
    """A whole number without a decimal point: a key that became a float is 12345 again, not 12345.0."""
    return str(int(value)) if value.is_integer() and abs(value) < LARGEST_WHOLE else repr(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


WRITERS: Final[Sequence[tuple[type | tuple[type, ...], Callable[[Any], str]]]] = (
    (bool, lambda value: "true" if value else "false"),
    (float, _number),
    (Decimal, lambda value: f"{value:f}"),
    (datetime, lambda value: value.isoformat(sep=" ")),
    ((date, time), lambda value: value.isoformat()),
    (timedelta, lambda value: f"{value.total_seconds():.6f}"),
    ((bytes, bytearray, memoryview), lambda value: bytes(value).hex()),
    ((dict, list), _json),
)
"""The first that fits counts: a bool is a number to Python, a time is a date."""
