"""What the customers of the world are called: the parts of the names of firms, sites and people."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from sample_data.draws import Draws, Ints
from sample_data.families import is_kind
from sample_data.firm_names import COMMON, firm_heads, invented_words
from sample_data.lists import load_countries
from sample_data.spoiling import blank, empty_texts, where

OLD: Final = 2**42
MEMBER: Final = 2**41
"""Far offsets, so that a former name or a member's trade is drawn apart from all others."""


def name_parts(draws: Draws, world: pl.DataFrame) -> list[pl.Series]:
    """The parts of every customer's name: a firm's head, trade, legal form and site; a person's given and family name.

    `trade_short`, `legal_second` and `legal_third` are other spellings; `old_head` is the name before a rename and
    `brand_name` what the firm trades as.
    """
    given, family = people(draws, world)
    owner = given + " " + family
    brand, home_country = common_numbers(draws, world), world["home_country"].to_numpy()
    heads = firm_heads(draws, brand, home_country, world["home_city"])
    old = firm_heads(draws, brand + OLD, home_country, world["home_city"], "old ")
    trade, trade_short = _trades(draws, world, brand, heads["bare"])
    legal, named = _legal_forms(draws, world, brand, owner)
    trader = is_kind(world, "trader")
    return [
        where(trader, where(named, family, owner), heads["head"]).alias("head"),
        (heads["trade_first"] & ~pl.Series(trader)).alias("trade_first"),
        trade.alias("trade"),
        trade_short.alias("trade_short"),
        *(form.alias(name) for form, name in zip(legal, ("legal", "legal_second", "legal_third"), strict=True)),
        site_names(draws, world).alias("site"),
        pl.Series("renamed", draws.hits("renamed", world["home"].to_numpy(), 55) & ~trader),
        old["head"].alias("old_head"),
        _brand_names(draws, world, heads["head"], trade).alias("brand_name"),
        given.alias("given"),
        family.alias("family_name"),
    ]


def common_numbers(draws: Draws, world: pl.DataFrame) -> Ints:
    """A brand number shared by strangers: the family kind `common` draws from a pool half its own size."""
    entity = world["entity"].to_numpy()
    common = is_kind(world, "common")
    pool = max(1, int(common.sum()) // 2)
    return np.where(common, COMMON + draws.below("common name", entity, pool), world["brand"].to_numpy())


def people(draws: Draws, world: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """Given and family name for each customer, should it be or belong to a person; households share the latter."""
    words = load_countries().words
    entity, country, home = world["entity"].to_numpy(), world["country"].to_numpy(), world["home"].to_numpy()
    shared = np.where(is_kind(world, "household"), home, entity)
    first, second = given_names(draws, entity, country)
    one, two = (words("family").pick(draws, f"family {n}", shared, country) for n in (1, 2))
    given = where(draws.hits("second given name", entity, 400), first + " " + second, first)
    return given, where(draws.hits("double name", shared, 160), one + "-" + two, one)


def given_names(draws: Draws, entity: Ints, country: Ints) -> tuple[pl.Series, pl.Series]:
    """Two different given names of one sex: the lists hold men's names in their first half, women's in the second."""
    words = load_countries().words("given")
    half = words.count[country] // 2
    start = words.start[country] + draws.below("sex", entity, 2) * half
    first = draws.below("given 1", entity, half)
    second = (first + 1 + draws.below("given 2", entity, half - 1)) % half
    return words.at(start + first), words.at(start + second)


def _trades(draws: Draws, world: pl.DataFrame, brand: Ints, bare: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The trade in full and shortened, null where the name has none; the head of a group is its holding."""
    words = load_countries().words
    entity, country = world["entity"].to_numpy(), world["country"].to_numpy()
    own = is_kind(world, "group", "sisters")
    number = np.where(own, entity + MEMBER, brand)
    trade = words("trades", 2).choose(draws, "trade", number, np.where(own, country, world["home_country"].to_numpy()))
    holding = words("holding").pick(draws, "holding", entity, country)
    at_top = is_kind(world, "group") & (world["place"].to_numpy() == 0)
    none = np.asarray(bare.to_numpy(), dtype=np.bool_) & ~own
    full, short = (where(at_top, holding, blank(words("trades", 2).at(trade, form), none)) for form in (0, 1))
    return full, short


def _legal_forms(
    draws: Draws, world: pl.DataFrame, brand: Ints, owner: pl.Series
) -> tuple[list[pl.Series], np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Three spellings of each legal form, and where a sole trader's form names the owner ('Inh. Petra Koch')."""
    words = load_countries().words
    legal, sole = words("legal", 3), words("sole", 3)
    entity, country = world["entity"].to_numpy(), world["country"].to_numpy()
    number = np.where(is_kind(world, "plant"), world["home"].to_numpy(), entity)
    number = np.where(is_kind(world, "common"), brand, number)
    form = legal.choose(draws, "legal", number, country)
    sole_form = sole.choose(draws, "sole form", entity, country)
    trader = is_kind(world, "trader")
    named = trader & sole.at(sole_form).str.ends_with("*").to_numpy()
    spellings = [where(trader, _with_owner(sole.at(sole_form, n), owner), legal.at(form, n)) for n in range(3)]
    return spellings, named


def _with_owner(form: pl.Series, owner: pl.Series) -> pl.Series:
    frame = pl.DataFrame({"form": form, "owner": owner})
    named = pl.col("form").str.strip_suffix("*") + pl.col("owner")
    return frame.select(pl.when(pl.col("form").str.ends_with("*")).then(named).otherwise("form")).to_series()


def _brand_names(draws: Draws, world: pl.DataFrame, head: pl.Series, trade: pl.Series) -> pl.Series:
    """What one firm in seven trades as: half of these names share no word with the legal name."""
    home, country = world["home"].to_numpy(), world["home_country"].to_numpy()
    word = invented_words(draws, "brand word", home, country)
    own = where(draws.hits("brand with trade", home, 500), (word + " " + trade).fill_null(word), word)
    brand = where(draws.hits("brand shares", home, 500), head + " Group", own)
    firm = ~is_kind(world, "person", "household", "franchise", "group") & draws.hits("has brand", home, 140)
    return where(firm, brand, empty_texts(len(world)))


def site_names(draws: Draws, world: pl.DataFrame) -> pl.Series:
    """The site part of ship-to places and franchise outlets ('Werk Süd', 'DC Rotterdam'), null for all others."""
    entity, country = world["entity"].to_numpy(), world["country"].to_numpy()
    site = load_countries().words("sites").pick(draws, "site", entity, country)
    frame = pl.DataFrame({"parts": site.str.split("*"), "city": world["city"]})
    first, last = pl.col("parts").list.first(), pl.col("parts").list.last()
    placed = pl.when(pl.col("parts").list.len() > 1).then(first + pl.col("city") + last).otherwise(first)
    is_site = is_kind(world, "plant") & (world["place"].to_numpy() > 0)
    outlet = is_kind(world, "franchise") & draws.hits("outlet named", entity, 600)
    named = where(is_site, frame.select(placed).to_series(), empty_texts(len(world)))
    return where(outlet, world["city"], named)
