"""How a system's people write addresses."""

from __future__ import annotations

from typing import Final

import polars as pl

from sample_data.draws import Mask
from sample_data.native import in_native_script
from sample_data.spoiling import blank, joined, mistype, where
from sample_data.writer import Writer

NO_STREETS: Final = ("n/a", "unbekannt", "-", "Musterstraße 1", ".", "siehe Rechnungsadresse")
NO_POSTCODES: Final = ("00000", "99999", "0", "-")
NO_CITIES: Final = ("unbekannt", "n/a", "???", "-")


def written_addresses(w: Writer, native: Mask) -> list[pl.Series]:
    """street_written, house_written, line_written (both as one), postcode_written, city_written, country_known."""
    past = w.mask("moved") & w.habit("old_address")
    missing = w.habit("address_missing")
    country = w["country"].to_numpy()
    boxed = w.chance("is a post box", 18)
    street = in_native_script(_street(w, past, boxed), country, native)
    house = where(past, w["old_house"], w["house"])
    house = where(w.chance("house spaced", 400), house.str.replace(r"([a-c])$", " $1"), house)
    house = blank(house, missing | w.chance("no house", 12) | boxed)
    postcode, city = _postcode(w, past), in_native_script(_city(w, past), country, native)
    swapped = w.chance("postcode and city swapped", 4)
    line = where(w.mask("number_first"), joined(house.fill_null(""), street), joined(street, house.fill_null("")))
    no_street = w.habit("placeholder")
    junk = w.any_of("which no street", NO_STREETS)
    return [
        blank(where(no_street, junk, street), missing).alias("street_written"),
        blank(house, no_street).alias("house_written"),
        blank(where(no_street, junk, line), missing).alias("line_written"),
        blank(where(swapped, city, postcode), missing).alias("postcode_written"),
        blank(where(swapped, postcode, city), missing & w.chance("no city either", 500)).alias("city_written"),
        pl.Series("country_known", ~w.chance("no country", 25)),
    ]


def _street(w: Writer, past: Mask, boxed: Mask) -> pl.Series:
    street = where(past, w["old_street"], w["street"])
    frame = pl.DataFrame(
        {"street": street, "long": w.country_fact("street_short_from"), "short": w.country_fact("street_short_to")}
    )
    behind = pl.col("street").str.strip_suffix(pl.col("long")) + pl.col("short")
    before = pl.col("short") + pl.col("street").str.strip_prefix(pl.col("long"))
    shortened = frame.select(
        pl.when(pl.col("street").str.ends_with(pl.col("long")))
        .then(behind)
        .when(pl.col("street").str.starts_with(pl.col("long")))
        .then(before)
        .otherwise("street")
    ).to_series()
    street = where(w.habit("street_short"), shortened, street)
    street = where(w.chance("street typo", 20), mistype(street, w.draws, "street", w.ids), street)
    number = pl.Series(1000 + w.draws.below("post box", w.ids, 8999)).cast(pl.String)
    return where(boxed, w.country_fact("po_box", "P.O. Box") + " " + number, street)


def _postcode(w: Writer, past: Mask) -> pl.Series:
    postcode = where(past, w["old_postcode"], w["postcode"])
    prefixed = w["code"] + "-" + postcode
    postcode = where(w.habit("postcode_prefixed"), prefixed, postcode)
    postcode = where(w.habit("zeros_lost"), postcode.str.replace(r"^0(\d+)$", "$1"), postcode)
    postcode = where(w.chance("postcode closed up", 200), postcode.str.replace(" ", "", literal=True), postcode)
    postcode = where(w.chance("postcode junk", 5), w.any_of("which no postcode", NO_POSTCODES), postcode)
    return blank(postcode, w.chance("no postcode", 25))


def _city(w: Writer, past: Mask) -> pl.Series:
    city = where(past, w["old_city"], where(w.chance("city alias", 180), w["city_alias"], w["city"]))
    city = where(w.chance("city typo", 12), mistype(city, w.draws, "city", w.ids), city)
    return where(w.chance("city junk", 4), w.any_of("which no city", NO_CITIES), city)
