"""The word lists of the countries, laid out flat so that one gather picks a word for every row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
import yaml

from sample_data.draws import Draws, Ints

FOLDER: Final = Path(__file__).parent / "countries"
COMMON: Final = 5
"""How much more often a common family name is than a rare one."""
ROOTS: Final = Path(__file__).parent / "roots.yaml"


@dataclass(frozen=True, slots=True)
class WordList:
    """Entries of all countries behind each other; entry k of country c is at `start[c] + k`. Each has several forms."""

    forms: tuple[pl.Series, ...]
    start: Ints
    count: Ints

    def choose(self, draws: Draws, purpose: str, ids: Ints, country: Ints) -> Ints:
        """A position in the list for each id, among the entries of its country."""
        return self.start[country] + draws.below(purpose, ids, self.count[country])

    def pick(self, draws: Draws, purpose: str, ids: Ints, country: Ints) -> pl.Series:
        """An entry's first form for each id, among the entries of its country."""
        return self.at(self.choose(draws, purpose, ids, country))

    def at(self, positions: Ints, form: int = 0) -> pl.Series:
        return self.forms[form].gather(positions)


@dataclass(frozen=True, slots=True)
class Countries:
    """What is known of each country, in one fixed order."""

    facts: tuple[dict[str, Any], ...]

    def column(self, key: str, default: object = None) -> pl.Series:
        """One fact of every country, by country number."""
        return pl.Series(key, [c.get(key, default) for c in self.facts])

    def words(self, key: str, forms: int = 1) -> WordList:
        """The list `key` of every country; an entry `a|b|c` has several forms, missing ones repeat the first."""
        counts = [len(c[key]) for c in self.facts]
        entries = [(str(e).split("|") + [""] * forms)[:forms] for c in self.facts for e in c[key]]
        columns = tuple(pl.Series(key, [e[f] or e[0] for e in entries], dtype=pl.String) for f in range(forms))
        count = np.array(counts, dtype=np.int64)
        return WordList(columns, np.cumsum(count) - count, count)


def _complete(country: dict[str, Any], roots: dict[str, Any]) -> dict[str, Any]:
    streets = [form.replace("*", stem) for stem in country["street_stems"] for form in country["street_forms"]]
    rare = [form.replace("*", stem) for stem in country["family_stems"] for form in country["family_forms"]]
    long, short = country["street_short"]
    derived = {
        "family": country["family"] * COMMON + rare,
        "streets": streets,
        "street_short_from": long,
        "street_short_to": short,
    }
    return {**roots, "number_first": False, **country, **derived}


@cache
def load_countries() -> Countries:
    """Every country file of the package, in the order of their codes."""
    roots = yaml.safe_load(ROOTS.read_text(encoding="utf-8"))
    files = sorted(FOLDER.glob("*.yaml"), key=lambda path: path.name)
    return Countries(tuple(_complete(yaml.safe_load(f.read_text(encoding="utf-8")), roots) for f in files))
