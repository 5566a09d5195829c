"""The planted truth: every customer with its true name, address, numbers and past."""

from __future__ import annotations

import numpy as np
import polars as pl

from sample_data.draws import Draws
from sample_data.families import is_kind, lay_out_families
from sample_data.identifiers import duns_numbers, ibans, lei_codes
from sample_data.lists import load_countries
from sample_data.naming import common_numbers, name_parts
from sample_data.places import addresses, subscriber_numbers
from sample_data.spoiling import empty_texts
from sample_data.vat import vat_numbers
from sample_data.web import web_addresses


def build_world(draws: Draws, customers: int) -> pl.DataFrame:
    """One row for each customer, by its number in `entity`; equal seeds give equal rows."""
    world = lay_out_families(draws, customers)
    world = world.with_columns(_countries(draws, world))
    country, roof = world["country"].to_numpy(), world["roof"].to_numpy()
    world = world.with_columns(addresses(draws, roof, country).get_columns())
    world = world.with_columns(_homes(draws, world))
    world = world.with_columns(name_parts(draws, world))
    world = world.with_columns(_past_addresses(draws, world))
    world = world.with_columns(_numbers(draws, world))
    return world.with_columns(web_addresses(draws, world))


def _countries(draws: Draws, world: pl.DataFrame) -> list[pl.Series]:
    """Families live in one country; one in five members of a group lives elsewhere."""
    lists = load_countries()
    weights = [c["weight"] for c in lists.facts]
    home = world["home"].to_numpy()
    lead = np.where(is_kind(world, "common"), common_numbers(draws, world), home)
    base = draws.weighted("country", lead, weights)
    abroad = is_kind(world, "group") & draws.hits("abroad", world["entity"].to_numpy(), 220)
    country = np.where(abroad, draws.weighted("country abroad", world["entity"].to_numpy(), weights), base)
    code = lists.column("code")
    contact = is_kind(world, "team") & (world["place"].to_numpy() > 0)
    return [
        pl.Series("home_country", base),
        pl.Series("country", country),
        code.gather(country).alias("code"),
        pl.Series("person", is_kind(world, "person", "household") | contact),
        pl.Series("trader", is_kind(world, "trader")),
    ]


def _homes(draws: Draws, world: pl.DataFrame) -> list[pl.Series]:
    """The city of each family's head, for names such as 'Autohaus Kassel'."""
    home = addresses(draws, world["home"].to_numpy(), world["home_country"].to_numpy())
    return [home["city"].alias("home_city")]


def _past_addresses(draws: Draws, world: pl.DataFrame) -> list[pl.Series]:
    """Where those who moved lived before; most moved within their city."""
    entity = world["entity"].to_numpy()
    old = addresses(draws, entity + 2**40, world["country"].to_numpy(), "old ")
    moved = pl.Series("moved", draws.hits("moved", entity, 60))
    near = pl.Series(draws.hits("moved near", entity, 650))
    return [
        moved,
        old["street"].alias("old_street"),
        old["house"].alias("old_house"),
        world["postcode"].zip_with(near, old["postcode"]).alias("old_postcode"),
        world["city"].zip_with(near, old["city"]).alias("old_city"),
    ]


def _numbers(draws: Draws, world: pl.DataFrame) -> list[pl.Series]:
    entity, tax = world["entity"].to_numpy(), world["tax"].to_numpy()
    countries = load_countries()
    country = world["country"].to_numpy()
    # A VAT group is registered in the country of its head.
    tax_country = countries.column("code").gather(np.where(tax == entity, country, world["home_country"].to_numpy()))
    national = countries.column("national").gather(country)
    business = pl.Series(~is_kind(world, "person", "household"))
    nothing = empty_texts(len(world))
    born = pl.Series(draws.below("birth day", entity, 20_000) - 12_000).cast(pl.Int32).cast(pl.Date)
    return [
        vat_numbers(draws, tax, tax_country).zip_with(business, nothing).alias("vat"),
        duns_numbers(draws, entity).zip_with(~world["person"], nothing).alias("duns"),
        lei_codes(draws, entity)
        .zip_with(~world["person"] & pl.Series(draws.hits("lei", entity, 180)), nothing)
        .alias("lei"),
        ibans(draws, world["tax"].to_numpy(), world["code"]).alias("iban"),
        born.dt.to_string("%Y-%m-%d").zip_with(world["person"], nothing).alias("birth_date"),
        countries.column("dial").gather(country).alias("dial"),
        countries.column("trunk").gather(country).alias("trunk"),
        countries.column("number_first").gather(country).alias("number_first"),
        subscriber_numbers(draws, world["line"].to_numpy(), world["area"], national).alias("number"),
        countries.column("currency").gather(country).alias("currency"),
    ]
