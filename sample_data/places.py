"""Addresses and telephone lines: a roof number gives the same street, house, postcode and city wherever it is used."""

from __future__ import annotations

import polars as pl

from sample_data.draws import Draws, Ints
from sample_data.lists import load_countries


def fill_pattern(pattern: pl.Series, draws: Draws, purpose: str, ids: Ints) -> pl.Series:
    """The pattern with every # replaced by a digit and every @ by a letter, each drawn by itself."""
    out = pattern
    for nth in range(5):
        digit = pl.Series(draws.below(f"{purpose} digit {nth}", ids, 10)).cast(pl.String)
        out = _replace_first(out, "#", digit)
    letters = pl.Series(list("ABDEFGHJLNPQRSTUWXYZ"))
    for nth in range(2):
        letter = letters.gather(draws.below(f"{purpose} letter {nth}", ids, len(letters)))
        out = _replace_first(out, "@", letter)
    return out


def _replace_first(texts: pl.Series, mark: str, by: pl.Series) -> pl.Series:
    frame = pl.DataFrame({"text": texts, "by": by})
    at = pl.col("text").str.find(mark, literal=True)
    # A mark is ASCII and so are the postcodes, so that bytes and characters count alike.
    filled = pl.col("text").str.slice(0, at) + pl.col("by") + pl.col("text").str.slice(at + 1)
    return frame.select(pl.when(at.is_null()).then("text").otherwise(filled)).to_series()


def addresses(draws: Draws, roof: Ints, country: Ints, prefix: str = "") -> pl.DataFrame:
    """The address of each roof: street, house, postcode, city, city_alias, region, area (the dialling code)."""
    lists = load_countries()
    cities, streets = lists.words("cities", 5), lists.words("streets")
    city = cities.choose(draws, f"{prefix}city", roof, country)
    house = pl.Series(draws.below(f"{prefix}house", roof, 139) + 1).cast(pl.String)
    letter = pl.Series(["", "a", "b", "c"]).gather(draws.weighted(f"{prefix}house letter", roof, [90, 6, 3, 1]))
    return pl.DataFrame(
        {
            "street": streets.at(streets.choose(draws, f"{prefix}street", roof, country)),
            "house": house + letter,
            "postcode": fill_pattern(cities.at(city, 1), draws, f"{prefix}postcode", roof),
            "city": cities.at(city),
            "city_alias": cities.forms[4].gather(city),
            "region": cities.at(city, 3),
            "area": cities.at(city, 2),
        }
    ).with_columns(
        city_alias=pl.when(pl.col("city_alias") == "").then("city").otherwise("city_alias"),
    )


def subscriber_numbers(draws: Draws, line: Ints, area: pl.Series, national: pl.Series) -> pl.Series:
    """The number behind the area code: `national` digits with the area code, or six or seven where that is nought."""
    number = pl.Series(200_000_000 + draws.below("line", line, 799_999_999)).cast(pl.String)
    frame = pl.DataFrame({"number": number, "area": area.str.len_chars().cast(pl.Int64), "national": national})
    free = 7 - (pl.col("area") > 3).cast(pl.Int64)
    length = pl.when(pl.col("national") > 0).then(pl.col("national") - pl.col("area")).otherwise(free)
    return frame.select(pl.col("number").str.slice(0, length)).to_series()
