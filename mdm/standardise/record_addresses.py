"""The address columns of STANDARD."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import polars as pl

from mdm.standardise.countries import country_code
from mdm.standardise.distinct import map_distinct, spread
from mdm.standardise.full_address import split_address
from mdm.standardise.placeholders import Placeholders
from mdm.standardise.places import fold_city, fold_region
from mdm.standardise.postcodes import postcode_keys
from mdm.standardise.sharing import Columns, share
from mdm.standardise.streets import fold_house_number, split_street
from mdm.standardise.text import fold_text

_PARSED: Final = {
    "full_address": pl.String,
    "country": pl.String,
    **dict.fromkeys(("f_street", "f_postcode", "f_city", "f_region", "f_country"), pl.String),
}
_STREETS: Final = dict.fromkeys(("value", "street", "number"), pl.String)


def address_columns(frame: pl.DataFrame, hidden: Placeholders, processes: int) -> pl.DataFrame:
    """street, house_number, postcode, city, region and country of each record of `frame` (MAPPED), row for row.

    An address in one field fills the parts that have no field of their own.
    """
    raw = frame.select("full_address", "street", "house_number", "postcode", "city", "region").with_columns(
        map_distinct(frame["country"], country_code).alias("country")
    )
    raw = _with_full_address(raw)
    streets = _street_table(raw["street"], hidden, processes)
    found = spread(raw["street"], streets)
    given = map_distinct(raw["house_number"], fold_house_number)
    return pl.DataFrame(
        {
            "street": found["street"],
            "house_number": given.fill_null(found["number"]),
            "postcode": _visible(postcode_keys(raw), hidden),
            "city": map_distinct(raw["city"], _hiding(hidden)),
            "region": _regions(raw),
            "country": raw["country"],
        }
    )


def _with_full_address(raw: pl.DataFrame) -> pl.DataFrame:
    wanting = raw.filter(
        pl.col("full_address").is_not_null()
        & (pl.col("street").is_null() | pl.col("city").is_null() | pl.col("postcode").is_null())
    )
    if wanting.is_empty():
        return raw
    distinct = wanting.select("full_address", "country").unique()
    rows = [(text, country, *split_address(text, country)) for text, country in distinct.iter_rows()]
    parsed = pl.DataFrame(rows, schema=_PARSED, orient="row").with_columns(pl.col("^f_.*$").replace("", None))
    joined = raw.join(parsed, on=["full_address", "country"], how="left", nulls_equal=True, maintain_order="left")
    names = ("street", "postcode", "city", "region", "country")
    return joined.with_columns(pl.coalesce(name, f"f_{name}").alias(name) for name in names).select(raw.columns)


def _street_table(streets: pl.Series, hidden: Placeholders, processes: int) -> pl.DataFrame:
    texts = streets.drop_nulls().unique()
    found, numbers = share(split_streets, hidden, texts.to_list(), processes)
    return pl.DataFrame({"value": texts, "street": found, "number": numbers}, schema=_STREETS)


def split_streets(hidden: Placeholders, texts: Sequence[str]) -> Columns:
    """The street and the house number of each; nulls for placeholders."""
    streets_found: list[str | None] = []
    numbers: list[str | None] = []
    for text in texts:
        street, number = split_street(text)
        shown = not hidden.hides(street) and (number != "" or not hidden.hides(fold_text(text)))
        streets_found.append(street if shown else None)
        numbers.append(number or None if shown else None)
    return streets_found, numbers


def _hiding(hidden: Placeholders) -> Callable[[str], str | None]:
    def fold(text: str) -> str | None:
        if hidden.hides(fold_text(text)):
            return None
        city = fold_city(text)
        return None if hidden.hides(city) else city

    return fold


def _visible(values: pl.Series, hidden: Placeholders) -> pl.Series:
    return map_distinct(values, lambda value: None if hidden.hides(value.lower()) else value)


def _regions(raw: pl.DataFrame) -> pl.Series:
    distinct = raw.select("region", "country").drop_nulls("region").unique()
    keys = [fold_region(region, country) or None for region, country in distinct.iter_rows()]
    table = distinct.with_columns(pl.Series("key", keys, dtype=pl.String))
    return raw.select("region", "country").join(
        table, on=["region", "country"], how="left", nulls_equal=True, maintain_order="left"
    )["key"]
