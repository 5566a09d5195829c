"""Dates and times in the usual formats, to ISO; impossible ones, 9999 and 0000 are missing."""

from __future__ import annotations

from typing import Final

import polars as pl

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
_EARLIEST: Final = 1850
_LATEST: Final = 2099


def iso_dates(values: pl.Series) -> pl.Series:
    """Each date as YYYY-MM-DD, null when it is none or before 1850 or after 2099.

    Of 01/02/1980 the American reading counts where both are possible. A time behind the date is left out; years of
    two digits are not read, because they do not tell the century.
    """
    text = (
        pl.col("value").str.strip_chars().str.replace(r"[T ]\d{1,2}:\d{2}.*$", "").str.replace(r"^(\d{8})\.0$", "${1}")
    )
    found = _per_distinct(values, pl.coalesce(text.str.to_date(f, strict=False, exact=True) for f in _DATE_FORMATS))
    return (
        found.to_frame("value")
        .select(_in_range(pl.col("value")).dt.strftime("%Y-%m-%d"))
        .to_series()
        .rename(values.name)
    )


def iso_times(values: pl.Series) -> pl.Series:
    """Each date or time as an ISO date, or as YYYY-MM-DDTHH:MM:SSZ in UTC; a time without a zone is taken as UTC."""
    text = pl.col("value").str.strip_chars()
    plain = (
        text.str.replace("T", " ", literal=True)
        .str.replace(r"(:\d{2})[.,]\d+", "${1}")
        .str.replace(r"\s?(?:Z|UTC|GMT)$", "")
    )
    zoned = (
        text.str.replace(" ", "T", literal=True)
        .str.replace(r"(:\d{2})[.,]\d+", "${1}")
        .str.replace(r"\s?([+-]\d{2}):?(\d{2})$", "${1}${2}")
    )
    is_zoned = text.str.contains(r"\d{2}:\d{2}.*[+-]\d{2}:?\d{2}$")
    odata = (
        text.str.extract(r"^/Date\((-?\d{1,14})(?:[+-]\d{4})?\)/$")
        .cast(pl.Int64)
        .cast(pl.Datetime("ms"))
        .cast(pl.Datetime("us"))
    )
    time = pl.coalesce(
        pl.when(is_zoned)
        .then(zoned)
        .str.to_datetime("%Y-%m-%dT%H:%M:%S%z", strict=False, time_unit="us", time_zone="UTC")
        .dt.replace_time_zone(None),
        odata,
        *(pl.when(~is_zoned).then(plain).str.to_datetime(f, strict=False, time_unit="us") for f in _TIME_FORMATS),
    )
    found = _per_distinct(values, time).to_frame("time")
    times = found.select(_in_range(pl.col("time")).dt.strftime("%Y-%m-%dT%H:%M:%SZ")).to_series()
    return times.fill_null(iso_dates(values)).rename(values.name)


def _per_distinct(values: pl.Series, parsed: pl.Expr) -> pl.Series:
    distinct = values.rename("value").drop_nulls().unique().to_frame().with_columns(parsed.alias("parsed"))
    return values.rename("value").to_frame().join(distinct, on="value", how="left", maintain_order="left")["parsed"]


def _in_range(value: pl.Expr) -> pl.Expr:
    return pl.when(value.dt.year().is_between(_EARLIEST, _LATEST)).then(value)
