"""Dates and times in the usual formats, to ISO; impossible ones, 9999 and 0000 are missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import polars as pl

from mdm.standardise.distinct import spread

_DATE_FORMATS: Final = (
    "%Y-%m-%d",
    "%Y%m%d",
    "%d.%m.%Y",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d-%m-%Y",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%m-%d-%Y",
)
_SHORT_YEARS: Final = ("%m/%d/%y", "%d/%m/%y", "%d.%m.%y", "%d-%b-%y", "%d %b %y", "%m-%d-%y", "%d-%m-%y")
_TIME_FORMATS: Final = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%Y%m%d%H%M%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y%m%d %H%M%S",
)
_ZONE: Final = r"\d{2}:\d{2}.*[+-]\d{2}:?\d{2}$"
_UTC: Final = "%Y-%m-%dT%H:%M:%SZ"
_EARLIEST: Final = 1850
_LATEST: Final = 2099
_YOUNGEST: Final = 2026
"""A birth year of two digits is the last one up to this year: who is born in 70 is born in 1970, in 06 in 2006."""


_Reader = Callable[[pl.Expr], pl.Expr]


def birth_dates(values: pl.Series) -> pl.Series:
    """Each date of birth as YYYY-MM-DD, null when it is none or before 1850 or after 2099.

    Of 01/02/1980 the American reading counts where both are possible. A time behind the date is left out. A year of
    two digits is read, as a birth tells the century.
    """
    return _read(values, [*map(_date_reader, _DATE_FORMATS), *map(_short_reader, _SHORT_YEARS)])


def iso_times(values: pl.Series) -> pl.Series:
    """Each date or time as an ISO date, or as YYYY-MM-DDTHH:MM:SSZ in UTC; a time without a zone is taken as UTC."""
    times = [_zoned, _odata, *(_time_reader(f) for f in _TIME_FORMATS)]
    return _read(values, [*times, *(_date_reader(f) for f in _DATE_FORMATS)])


def _read(values: pl.Series, readers: Sequence[_Reader]) -> pl.Series:
    """Each value by the first reader that understands it; a reader is asked only for what those before it left."""
    left = values.rename("value").drop_nulls().unique().to_frame()
    found: list[pl.DataFrame] = []
    for reader in readers:
        if left.is_empty():
            break
        asked = left.with_columns(reader(pl.col("value").str.strip_chars()).alias("iso"))
        found.append(asked.drop_nulls("iso"))
        left = asked.filter(pl.col("iso").is_null()).select("value")
    table = pl.concat(found) if found else pl.DataFrame(schema={"value": pl.String, "iso": pl.String})
    return spread(values, table)["iso"].rename(values.name)


def _date_reader(form: str) -> _Reader:
    def read(text: pl.Expr) -> pl.Expr:
        bare = text.str.replace(r"[T ]\d{1,2}:\d{2}.*$", "").str.replace(r"^(\d{8})\.0$", "${1}")
        return _iso(bare.str.to_date(form, strict=False, exact=True), "%Y-%m-%d")

    return read


def _short_reader(form: str) -> _Reader:
    def read(text: pl.Expr) -> pl.Expr:
        date = text.str.to_date(form, strict=False, exact=True)
        return _iso(pl.when(date.dt.year() > _YOUNGEST).then(date.dt.offset_by("-100y")).otherwise(date), "%Y-%m-%d")

    return read


def _time_reader(form: str) -> _Reader:
    def read(text: pl.Expr) -> pl.Expr:
        plain = text.str.replace("T", " ", literal=True).str.replace(r"(:\d{2})[.,]\d+", "${1}")
        unzoned = pl.when(~plain.str.contains(_ZONE)).then(plain.str.replace(r"\s?(?:Z|UTC|GMT)$", ""))
        return _iso(unzoned.str.to_datetime(form, strict=False, time_unit="us"), _UTC)

    return read


def _zoned(text: pl.Expr) -> pl.Expr:
    plain = text.str.replace(" ", "T", literal=True).str.replace(r"(:\d{2})[.,]\d+", "${1}")
    zoned = pl.when(text.str.contains(_ZONE)).then(plain.str.replace(r"\s?([+-]\d{2}):?(\d{2})$", "${1}${2}"))
    time = zoned.str.to_datetime("%Y-%m-%dT%H:%M:%S%z", strict=False, time_unit="us", time_zone="UTC")
    return _iso(time.dt.replace_time_zone(None), _UTC)


def _odata(text: pl.Expr) -> pl.Expr:
    milliseconds = text.str.extract(r"^/Date\((-?\d{1,14})(?:[+-]\d{4})?\)/$").cast(pl.Int64)
    return _iso(milliseconds.cast(pl.Datetime("ms")), _UTC)


def _iso(value: pl.Expr, form: str) -> pl.Expr:
    return pl.when(value.dt.year().is_between(_EARLIEST, _LATEST)).then(value).dt.strftime(form)
