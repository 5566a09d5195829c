"""The planted truth: every customer with its true name, address, numbers and past."""

from __future__ import annotations

import numpy as np
import polars as pl

from sample_data.draws import Draws, Ints
from sample_data.families import is_kind, lay_out_families
from sample_data.identifiers import duns_numbers, ibans, lei_codes, vat_numbers
from sample_data.lists import load_countries
from sample_data.naming import common_numbers, name_parts
from sample_data.places import addresses, subscriber_numbers


def build_world(draws: Draws, customers: int) -> pl.DataFrame:
    """One row for each customer, by its number in `entity`; equal seeds give equal rows."""
    world = lay_out_families(draws, customers)
    world = world.with_columns(_countries(draws, world))
    country, roof = world["country"].to_numpy(), world["roof"].to_numpy()
    world = world.with_columns(addresses(draws, roof, country).get_columns())
    world = world.with_columns(_homes(draws, world))
    world = world.with_columns(name_parts(draws, world).get_columns())
    world = world.with_columns(_past_addresses(draws, world))
    world = world.with_columns(_numbers(draws, world))
    return world.with_columns(_web(draws, world))


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
    return [
        pl.Series("home_country", base),
        pl.Series("country", country),
        code.gather(country).alias("code"),
        pl.Series("person", is_kind(world, "person", "household")),
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
    business = pl.Series(~is_kind(world, "person", "household"))
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, len(world))
    born = pl.Series(draws.below("birth day", entity, 20_000) - 12_000).cast(pl.Int32).cast(pl.Date)
    return [
        vat_numbers(draws, tax, tax_country).zip_with(business, nothing).alias("vat"),
        duns_numbers(draws, entity).zip_with(business, nothing).alias("duns"),
        lei_codes(draws, entity)
        .zip_with(business & pl.Series(draws.hits("lei", entity, 180)), nothing)
        .alias("lei"),
        ibans(draws, world["tax"].to_numpy(), world["code"]).alias("iban"),
        born.dt.to_string("%Y-%m-%d").zip_with(~business, nothing).alias("birth_date"),
        countries.column("dial").gather(country).alias("dial"),
        countries.column("trunk").gather(country).alias("trunk"),
        subscriber_numbers(draws, world["line"].to_numpy(), world["area"]).alias("number"),
        countries.column("currency").gather(country).alias("currency"),
    ]


def _web(draws: Draws, world: pl.DataFrame) -> list[pl.Series]:
    """Domains under .example, as a firm's word and trade would give; people use one of a few mail providers."""
    entity, web = world["entity"].to_numpy(), world["web"].to_numpy()
    head = world["head"].gather(web)
    trade = world["trade"].gather(web).fill_null("")
    joined = pl.DataFrame({"head": head, "trade": trade, "n": pl.Series(web)}).select(
        pl.when(draws.hits("long domain", web, 600)).then(pl.col("head") + "-" + pl.col("trade")).otherwise("head")
    )
    label = slug(joined.to_series())
    # Short words would collide at scale; most real firms evade that with a number, a city or another ending.
    crowded = pl.Series(draws.bits("domain ending", web) % np.uint64(9973)).cast(pl.String)
    label = label + pl.Series(_endings(draws, web)).zip_with(label.str.len_chars() > 9, crowded)
    free = pl.Series(["freemail.example", "webpost.example", "postbox.example"]).gather(
        draws.below("free mail", entity, 3)
    )
    is_free = world["person"] | pl.Series(draws.hits("firm on free mail", world["home"].to_numpy(), 70))
    return [
        (label + ".example").alias("domain"),
        (label + ".example").zip_with(~is_free, free).alias("mail_domain"),
        is_free.alias("free_mail"),
    ]


def _endings(draws: Draws, web: Ints) -> list[str]:
    choices = ["", "", "", "-group", "24", "-online"]
    return pl.Series(choices).gather(draws.below("domain form", web, len(choices))).to_list()


def slug(texts: pl.Series) -> pl.Series:
    """Lower-case ASCII letters, digits and hyphens."""
    return (
        texts.str.to_lowercase()
        .str.replace_many(["ä", "ö", "ü", "ß", "ø", "å", "æ", "ł", "ð"], ["ae", "oe", "ue", "ss", "oe", "aa", "ae", "l", "d"])
        .str.normalize("NFKD")
        .str.replace_all(r"\p{M}", "")
        .str.replace_all(r"[^a-z0-9]+", "-")
        .str.replace_all(r"-+", "-")
        .str.strip_chars("-")
    )
