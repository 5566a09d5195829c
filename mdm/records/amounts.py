"""Amounts as systems write them, as whole numbers: what a customer is worth, to put the dearest questions first."""

from __future__ import annotations

from typing import Final

import polars as pl

MOST: Final = 10**15
"""A larger number is no amount."""

BLANKS: Final = "[ \u00a0\u202f\u2009'\u2019]"
CURRENCY: Final = r"(?:[A-Za-z]{3}|[€$£¥₹])"
WRITTEN: Final = rf"^{CURRENCY}?([+-]?\d[\d.,]*|[+-]?[.,]\d+)(-?){CURRENCY}?$"
"""The number, and the minus that SAP writes behind it; blanks are gone by then."""

GROUPED: Final = r"^\d{1,3}(?:[.,]\d{3})+$"
ONE_GROUP: Final = r"^[1-9]\d{0,2}[.,]\d{3}$"


def amounts(texts: pl.Series) -> pl.Series:
    """Each amount rounded to a whole number (Int64), never below zero; null for what is no amount.

    Read are 1234.5, 1,234.50, 1.234,50, 1 234,50, 1'234.50, 1.234.567, EUR 1.234,50, 99,90- and the like. A single
    point or comma before exactly three digits parts thousands, unless nothing but a zero stands before it. A debt of
    ours (below zero) is worth nothing to lose.
    """
    bare = pl.col("text").str.replace_all(BLANKS, "")
    number = bare.str.extract(WRITTEN, 1)
    digits = number.str.strip_chars_start("+-")
    negative = number.str.starts_with("-") | (bare.str.extract(WRITTEN, 2) == "-")
    comma, point = digits.str.count_matches(",", literal=True), digits.str.count_matches(".", literal=True)
    comma_is_last = digits.str.contains(r",\d*$")
    grouped = digits.str.replace_all("[.,]", "")
    german = digits.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    english = digits.str.replace_all(",", "", literal=True)
    plain = (
        pl.when((comma == 0) & (point == 0))
        .then(digits)
        .when((comma > 0) & (point > 0))
        .then(
            pl.when(comma_is_last & (comma == 1) & _groups(digits, r",\d*$"))
            .then(german)
            .when(~comma_is_last & (point == 1) & _groups(digits, r"\.\d*$"))
            .then(english)
        )
        .when((comma + point > 1) & digits.str.contains(GROUPED))
        .then(grouped)
        .when((comma + point == 1) & digits.str.contains(ONE_GROUP))
        .then(grouped)
        .when(comma + point == 1)
        .then(digits.str.replace(",", ".", literal=True))
    )
    amount = plain.cast(pl.Float64, strict=False)
    whole = pl.when(negative).then(0.0).otherwise(amount.round(0))
    read = pl.when(amount <= MOST).then(whole).cast(pl.Int64)
    return texts.rename("text").to_frame().select(read.alias(texts.name)).to_series()


def _groups(digits: pl.Expr, decimals: str) -> pl.Expr:
    """Whether what stands before the decimals is parted into groups of three."""
    return digits.str.replace(decimals, "").str.contains(GROUPED)


def worth(records: pl.DataFrame, owners: pl.DataFrame) -> pl.DataFrame:
    """What each customer is worth: master_id and value, the sum over its records, sorted by master id.

    `records` has system, key and the amount as text in `value`; `owners` is the crosswalk. Customers without any
    amount are left out.
    """
    given = records.select("system", "key", value=amounts(records["value"])).drop_nulls("value")
    return (
        owners.select("system", "key", "master_id")
        .join(given, on=["system", "key"])
        .group_by("master_id")
        .agg(pl.col("value").sum().clip(0, MOST))
        .sort("master_id")
    )
