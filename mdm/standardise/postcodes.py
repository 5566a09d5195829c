"""Postcodes: capital letters and digits only; zeros lost in a spreadsheet are put back."""

from __future__ import annotations

import re
import unicodedata
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


_COUNTRY_BEFORE: Final = re.compile(r"^[A-Z]{1,3}(?=\d+$)")
_USUAL_BEFORE: Final = re.compile(r"^(?:D|F|I|E|CH|AT|DE|FR|IT|ES)(?=\d{4,5}$)")
_SIGNS: Final = re.compile(r"[^A-Z0-9]")


def postcode_key(raw: str, country: str | None) -> str | None:
    """The match key of a postcode in a country (ISO alpha-2 or null); null when it holds nothing but zeros.

    A US code is cut to its five digits. A missing leading zero is put back when exactly one digit is missing, in the
    US also two (Puerto Rico). The letters of the country before the digits (D-80331) are taken off.
    """
    text = raw.strip() if raw.isascii() else unicodedata.normalize("NFKC", raw).strip()
    key = _SIGNS.sub("", text.removesuffix(".0").upper())
    size = DIGITS.get(country or "")
    if not key.isdigit():
        key = (_USUAL_BEFORE if size is None else _COUNTRY_BEFORE).sub("", key)
    if size is not None and key.isdigit():
        if country == "US" and len(key) >= 8:
            key = key.zfill(9)[:5]
        if 0 < size - len(key) <= (2 if country == "US" else 1):
            key = key.zfill(size)
    return key if key.strip("0") else None


def postcode_keys(frame: pl.DataFrame) -> pl.Series:
    """The match key of each `postcode` beside its `country`, row for row."""
    distinct = frame.select("postcode", "country").drop_nulls("postcode").unique()
    keys = [postcode_key(postcode, country) for postcode, country in distinct.iter_rows()]
    table = distinct.with_columns(pl.Series("key", keys, dtype=pl.String))
    pair = ["postcode", "country"]
    return frame.select(pair).join(table, on=pair, how="left", nulls_equal=True, maintain_order="left")["key"]
