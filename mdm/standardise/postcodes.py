"""Postcodes: capital letters and digits only; zeros lost in a spreadsheet are put back."""

from __future__ import annotations

from typing import Final

import polars as pl

DIGITS: Final = {
    **dict.fromkeys(
        (
            "DE",
            "FR",
            "IT",
            "ES",
            "FI",
            "MX",
            "TR",
            "KR",
            "MY",
            "UA",
            "LT",
            "PL",
            "SK",
            "MA",
            "DZ",
            "SA",
            "EG",
            "TH",
            "HR",
            "EE",
            "GR",
            "SE",
            "CZ",
            "RS",
            "ID",
        ),
        5,
    ),
    **dict.fromkeys(
        ("AU", "NZ", "NO", "DK", "AT", "CH", "BE", "HU", "ZA", "LU", "SI", "BG", "LV", "PH", "TN", "LI", "CY"), 4
    ),
    **dict.fromkeys(("CN", "IN", "RU", "RO", "SG", "CO", "VN", "KZ", "BY"), 6),
    "JP": 7,
    "IL": 7,
    "BR": 8,
    "US": 5,
    "PT": 7,
}
"""How many digits a postcode has, in countries where it has nothing else."""


def postcode_keys(frame: pl.DataFrame) -> pl.Series:
    """The match keys of `postcode` beside `country` (ISO alpha-2 or null), row for row.

    A US code is cut to its five digits. A missing leading zero is put back when exactly one digit is missing, in the
    US also two (Puerto Rico). The letters of the country before the digits (D-80331) are taken off.
    """
    plain = pl.col("postcode").str.normalize("NFKC").str.to_uppercase().str.strip_chars().str.replace(r"\.0$", "")
    key = plain.str.replace_all(r"[^A-Z0-9]", "")
    size = pl.col("country").replace_strict(DIGITS, default=None, return_dtype=pl.Int32)
    bare = key.str.replace(r"^[A-Z]{1,3}(\d+)$", "${1}")
    digits = (
        pl.when(size.is_not_null())
        .then(bare)
        .otherwise(key.str.replace(r"^(?:D|F|I|E|CH|AT|DE|FR|IT|ES)(\d{4,5})$", "${1}"))
    )
    numeric = digits.str.contains(r"^\d+$")
    length = digits.str.len_bytes().cast(pl.Int32)
    is_us = pl.col("country") == "US"
    short = numeric & (length < size) & (length >= size - pl.when(is_us).then(2).otherwise(1))
    full = (
        pl.when(is_us & numeric & (length >= 8))
        .then(digits.str.zfill(9).str.head(5))
        .when(short)
        .then(digits.str.zfill(size))
        .otherwise(digits)
    )
    return frame.select(pl.when(full.str.contains(r"[1-9A-Z]")).then(full).alias("postcode")).to_series()
