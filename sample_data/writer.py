"""One system's records while its people write them: the truth beside each, and that system's own chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from sample_data.draws import Draws, Ints, Mask
from sample_data.habits import habits_of
from sample_data.lists import load_countries


class Writer:
    """Rows of one system in the order of its file, with everything that is true of their customers.

    Each record draws for itself, so that a duplicate is written anew.
    """

    def __init__(self, system: str, draws: Draws, placed: pl.DataFrame, world: pl.DataFrame) -> None:
        # The order of the file must tell nothing about who belongs together.
        record = placed["record"].to_numpy()
        order = np.lexsort((record, draws.bits("file order", record)))
        self.system, self.draws = system, draws
        self.habits = habits_of(system)
        rows = placed[order]
        self.rows = rows.hstack(world.drop("entity")[rows["entity"]].get_columns())
        self.ids: Ints = rows["record"].to_numpy()

    def __getitem__(self, column: str) -> pl.Series:
        return self.rows[column]

    def mask(self, column: str) -> Mask:
        return np.asarray(self.rows[column].to_numpy(), dtype=np.bool_)

    def habit(self, name: str) -> Mask:
        """The records that show one of the system's habits."""
        return self.draws.hits(name, self.ids, self.habits[name])

    def chance(self, purpose: str, per_mille: int) -> Mask:
        return self.draws.hits(purpose, self.ids, per_mille)

    def way(self, purpose: str, weights: Sequence[int]) -> Ints:
        return self.draws.weighted(purpose, self.ids, weights)

    def any_of(self, purpose: str, choices: Sequence[str]) -> pl.Series:
        return pl.Series(choices, dtype=pl.String).gather(self.draws.below(purpose, self.ids, len(choices)))

    def word(self, key: str) -> pl.Series:
        """A word of the record's country from one of its lists."""
        words = load_countries().words(key)
        return words.at(words.choose(self.draws, f"word {key}", self.ids, self["country"].to_numpy()))

    def country_fact(self, key: str, default: object = None) -> pl.Series:
        return load_countries().column(key, default).gather(self["country"])
