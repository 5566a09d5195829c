"""What the customers of the world are called: parts of names by pattern, for firms, sites and people."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from sample_data.draws import Draws, Ints
from sample_data.families import is_kind
from sample_data.lists import WordList, load_countries

PATTERNS: Final[dict[str, int]] = {
    "{root} {trade}": 330,
    "{family} {trade}": 170,
    "{root}": 130,
    "{letters} {trade}": 80,
    "{family} {sons}": 70,
    "{family} & {family2} {trade}": 60,
    "{trade} {city}": 35,
    "{given} {family} {trade}": 45,
    "{root} & {root2} {trade}": 25,
}
"""How firms are named; a legal form follows."""

LETTERS: Final = list("ABCDEFGHKLMNPRSTVW")


def invented_words(draws: Draws, purpose: str, ids: Ints, country: Ints) -> pl.Series:
    """A firm's own word, such as Veltron."""
    lists = load_countries()
    parts = [lists.words(f"root_{part}") for part in ("first", "middle", "last")]
    first, middle, last = (
        words.at(words.choose(draws, f"{purpose} {n}", ids, country)) for n, words in enumerate(parts)
    )
    return first + middle + last


def initials(draws: Draws, purpose: str, ids: Ints) -> pl.Series:
    letters = pl.Series(LETTERS)
    first, second, third = (letters.gather(draws.below(f"{purpose} {n}", ids, len(LETTERS))) for n in range(3))
    return first + second + third


def _pick(words: WordList, draws: Draws, purpose: str, ids: Ints, country: Ints, form: int = 0) -> pl.Series:  # noqa: PLR0913 - one line for each of a dozen lists
    return words.at(words.choose(draws, purpose, ids, country), form)


def firm_heads(draws: Draws, brand: Ints, country: Ints, city: pl.Series, prefix: str = "") -> pl.DataFrame:
    """The distinctive part of each brand's name, and whether the trade belongs to it (`{trade} {city}`)."""
    lists = load_countries()
    family = lists.words("family")
    pattern = draws.weighted(f"{prefix}pattern", brand, list(PATTERNS.values()))
    root = invented_words(draws, f"{prefix}root", brand, country)
    family1 = _pick(family, draws, f"{prefix}family", brand, country)
    heads = [
        root,
        family1,
        root,
        initials(draws, f"{prefix}letters", brand),
        family1 + " " + _pick(lists.words("sons"), draws, f"{prefix}sons", brand, country),
        family1 + " & " + _pick(family, draws, f"{prefix}family2", brand, country),
        city,
        _pick(lists.words("given"), draws, f"{prefix}given", brand, country) + " " + family1,
        root + " & " + invented_words(draws, f"{prefix}root2", brand, country),
    ]
    names = list(PATTERNS)
    return pl.DataFrame(
        {
            "head": _by_number(pattern, heads),
            "bare": pl.Series(np.isin(pattern, [names.index("{root}"), names.index("{family} {sons}")])),
            "trade_first": pl.Series(pattern == names.index("{trade} {city}")),
        }
    )


def _by_number(number: Ints, choices: list[pl.Series]) -> pl.Series:
    """Of the n-th row's values the one its number points to."""
    frame = pl.DataFrame([c.alias(str(n)) for n, c in enumerate(choices)]).with_columns(number=pl.Series(number))
    chosen = pl.coalesce(pl.when(pl.col("number") == n).then(pl.col(str(n))) for n in range(len(choices)))
    return frame.select(chosen).to_series()


def common_numbers(draws: Draws, world: pl.DataFrame) -> Ints:
    """A brand number shared by strangers: the family kind `common` draws from a pool a third of its own size."""
    entity = world["entity"].to_numpy()
    common = is_kind(world, "common")
    pool = max(1, int(common.sum()) // 3)
    return np.where(common, 2**40 + draws.below("common name", entity, pool), world["brand"].to_numpy())


def name_parts(draws: Draws, world: pl.DataFrame) -> pl.DataFrame:
    """head, trade, trade_short, legal (and its spellings), site, brand_name, old_head, old_trade for each customer.

    The full name is head, trade, legal form and site; people have given and family names instead.
    """
    lists = load_countries()
    entity, country = world["entity"].to_numpy(), world["country"].to_numpy()
    home_country, brand = world["home_country"].to_numpy(), common_numbers(draws, world)
    common = is_kind(world, "common")
    # Strangers of one name must share its country too, so the pool's number decides it (see places of the world).
    heads = firm_heads(draws, brand, home_country, world["home_city"])
    trades, legal = lists.words("trades", 2), lists.words("legal", 3)
    per_member = is_kind(world, "group", "sisters")
    trade_id = np.where(per_member, entity + 2**41, brand)
    trade = trades.choose(draws, "trade", trade_id, np.where(per_member, country, home_country))
    legal_id = np.where(is_kind(world, "plant"), world["home"].to_numpy(), np.where(common, brand, entity))
    form = legal.choose(draws, "legal", legal_id, country)
    holding = (is_kind(world, "group")) & (world["place"].to_numpy() == 0)
    bare = heads["bare"].to_numpy() & ~per_member
    empty = pl.Series([None], dtype=pl.String).new_from_index(0, len(world))
    boss = _pick(lists.words("holding"), draws, "holding", entity, country)
    old_brand = brand + 2**42
    renamed = draws.hits("renamed", world["home"].to_numpy(), 55)
    given, family_name = people(draws, world)
    trader = is_kind(world, "trader")
    sole = lists.words("sole", 3)
    sole_form = sole.choose(draws, "sole form", entity, country)
    owner = sole.at(sole_form).str.contains("*", literal=True).to_numpy() & trader
    trader_head = _choose(owner, family_name, given + " " + family_name)
    legal_forms = [
        _choose(trader, _with_owner(sole.at(sole_form, f), given + " " + family_name), legal.at(form, f))
        for f in range(3)
    ]
    return pl.DataFrame(
        {
            "head": _choose(trader, trader_head, heads["head"]),
            "trade_first": heads["trade_first"],
            "trade": _choose(holding, boss, _choose(bare, empty, trades.at(trade))),
            "trade_short": _choose(holding, boss, _choose(bare, empty, trades.at(trade, 1))),
            "legal": legal_forms[0],
            "legal_second": legal_forms[1],
            "legal_third": legal_forms[2],
            "site": site_names(draws, world),
            "renamed": pl.Series(renamed),
            "old_head": firm_heads(draws, old_brand, home_country, world["home_city"], "old ")["head"],
            "brand_name": _brand_names(draws, world, heads["head"], trades.at(trade)),
            "given": given,
            "family_name": family_name,
        }
    )


def _brand_names(draws: Draws, world: pl.DataFrame, head: pl.Series, trade: pl.Series) -> pl.Series:
    """What one firm in seven trades as: half of these names share no word with the legal name."""
    home, country = world["home"].to_numpy(), world["home_country"].to_numpy()
    word = invented_words(draws, "brand word", home, country)
    own = _choose(draws.hits("brand with trade", home, 500), word + " " + trade, word)
    brand = _choose(draws.hits("brand shares", home, 500), head + " Group", own)
    firm = ~is_kind(world, "person", "household", "franchise") & draws.hits("has brand", home, 140)
    return _choose(firm, brand, pl.Series([None], dtype=pl.String).new_from_index(0, len(world)))


def _choose(mask: Ints, yes: pl.Series, no: pl.Series) -> pl.Series:
    return yes.zip_with(pl.Series(mask), no)


def people(draws: Draws, world: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """Given and family name of each customer, if it is or belongs to a person; households share the family name."""
    lists = load_countries()
    entity, country, home = world["entity"].to_numpy(), world["country"].to_numpy(), world["home"].to_numpy()
    of_family = np.where(is_kind(world, "household"), home, entity)
    first, second = (_pick(lists.words("given"), draws, f"given {n}", entity, country) for n in (1, 2))
    one, two = (_pick(lists.words("family"), draws, f"family {n}", of_family, country) for n in (1, 2))
    given = _choose(draws.hits("second given name", entity, 300), first + " " + second, first)
    return given, _choose(draws.hits("double name", of_family, 160), one + "-" + two, one)


def _with_owner(form: pl.Series, owner: pl.Series) -> pl.Series:
    """The form of a sole trader with the owner's name in place of its star."""
    frame = pl.DataFrame({"form": form, "owner": owner})
    named = pl.col("form").str.strip_suffix("*") + pl.col("owner")
    return frame.select(pl.when(pl.col("form").str.ends_with("*")).then(named).otherwise("form")).to_series()


def site_names(draws: Draws, world: pl.DataFrame) -> pl.Series:
    """The site part of ship-to places and franchise outlets ('Werk Süd', 'DC Rotterdam'), null for all others."""
    sites = load_countries().words("sites")
    entity, country = world["entity"].to_numpy(), world["country"].to_numpy()
    site = _pick(sites, draws, "site", entity, country)
    is_site = is_kind(world, "plant") & (world["place"].to_numpy() > 0)
    outlet = is_kind(world, "franchise") & draws.hits("outlet named", entity, 600)
    frame = pl.DataFrame({"site": site, "city": world["city"], "is_site": is_site, "outlet": outlet})
    star = pl.col("site").str.contains("*", literal=True)
    parts = pl.col("site").str.split("*")
    filled = (
        pl.when(star).then(parts.list.get(0) + pl.col("city") + parts.list.get(-1)).otherwise(pl.col("site"))
    )
    return frame.select(
        pl.when("is_site").then(filled).when("outlet").then(pl.col("city")).otherwise(None).alias("site")
    ).to_series()
