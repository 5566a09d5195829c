"""How firms are named: patterns of invented words, family names, letters and cities before a trade."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from sample_data.draws import Draws, Ints
from sample_data.lists import load_countries

PATTERNS: Final[dict[str, int]] = {
    "{root} {trade}": 400,
    "{family} {trade}": 110,
    "{root}": 130,
    "{letters} {trade}": 80,
    "{family} {sons}": 25,
    "{family} {sons} {trade}": 60,
    "{family} & {family2} {trade}": 60,
    "{trade} {city}": 35,
    "{given} {family} {trade}": 45,
    "{root} & {root2} {trade}": 25,
}
"""How often firms are named in each way; a legal form follows."""

STRANGERS: Final = [weight if "root" not in pattern else 0 for pattern, weight in PATTERNS.items()]
"""The same for names that several strangers bear: nobody invents the same word twice."""

COMMON: Final = 2**40
"""Brand numbers from here to twice this belong to strangers of one name."""

LETTERS: Final = list("ABCDEFGHKLMNPRSTVW")


def invented_words(draws: Draws, purpose: str, ids: Ints, country: Ints) -> pl.Series:
    """A firm's own word, such as Veltron."""
    lists = load_countries()
    parts = ("first", "middle", "last")
    first, middle, last = (lists.words(f"root_{p}").pick(draws, f"{purpose} {p}", ids, country) for p in parts)
    return first + middle + last


def initials(draws: Draws, purpose: str, ids: Ints) -> pl.Series:
    """Three letters."""
    letters = pl.Series(LETTERS)
    first, second, third = (letters.gather(draws.below(f"{purpose} {n}", ids, len(LETTERS))) for n in range(3))
    return first + second + third


def firm_heads(draws: Draws, brand: Ints, country: Ints, city: pl.Series, prefix: str = "") -> pl.DataFrame:
    """What stands beside the trade in each brand's name: `head`, `bare` (no trade), `trade_first`."""
    words = load_countries().words
    family = words("family").pick(draws, f"{prefix}family", brand, country)
    second = words("family").pick(draws, f"{prefix}family2", brand, country)
    given = words("given").pick(draws, f"{prefix}given", brand, country)
    root = invented_words(draws, f"{prefix}root", brand, country)
    and_sons = family + " " + words("sons").pick(draws, f"{prefix}sons", brand, country)
    heads = {
        "{root} {trade}": root,
        "{family} {trade}": family,
        "{root}": root,
        "{letters} {trade}": initials(draws, f"{prefix}letters", brand),
        "{family} {sons}": and_sons,
        "{family} {sons} {trade}": and_sons,
        "{family} & {family2} {trade}": family + " & " + second,
        "{trade} {city}": city,
        "{given} {family} {trade}": given + " " + family,
        "{root} & {root2} {trade}": root + " & " + invented_words(draws, f"{prefix}root2", brand, country),
    }
    names = list(PATTERNS)
    strangers = (brand >= COMMON) & (brand < 2 * COMMON)
    own = draws.weighted(f"{prefix}pattern", brand, list(PATTERNS.values()))
    pattern = np.where(strangers, draws.weighted(f"{prefix}common pattern", brand, STRANGERS), own)
    frame = pl.DataFrame([heads[name].alias(name) for name in names]).with_columns(number=pl.Series(pattern))
    head = pl.coalesce(pl.when(pl.col("number") == number).then(pl.col(name)) for number, name in enumerate(names))
    bare = np.isin(pattern, [names.index("{root}"), names.index("{family} {sons}")])
    return pl.DataFrame(
        {
            "head": frame.select(head).to_series(),
            "bare": pl.Series(bare),
            "trade_first": pl.Series(np.equal(pattern, names.index("{trade} {city}"))),
        }
    )
