"""Why two records are linked: one line, and the weights of the comparisons one after the other."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from mdm.match import Agreement, MatchModel, agreements, reasons, steps
from mdm.records import RecordKey, SystemName

MICRO: Final = 1_000_000
EXACT: Final = 0.001
"""By how much the weights of a link's comparisons may miss its own weight: rounding, not another model."""

Agreed = tuple[tuple[Agreement, tuple[str, ...]], ...]
"""Comparisons by their outcome: what is the same, similar, different, missing."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One step of a waterfall: what was compared and found, what it weighs, and the total with it (both in bits)."""

    comparison: str
    finding: str
    weight: float
    total: float


@dataclass(frozen=True, slots=True)
class Link:
    """A scored pair with its reasons. `bars` is empty when the model that scored it is no longer the project's.

    `missing` names the comparisons that had nothing to compare, `agreed` all of them by their outcome; `held_back` is
    true where strong evidence was kept from joining the two: valid numbers contradict, one is the parent of the other,
    the names are different and only the place agrees, or two persons may be of one household.
    """

    left: RecordKey
    right: RecordKey
    weight: float
    probability: float
    band: str
    held_back: bool
    reason: str
    bars: tuple[Bar, ...]
    missing: tuple[str, ...]
    agreed: Agreed = ()


@dataclass(frozen=True, slots=True)
class Explainer:
    """Explains links by the model that scored them, and by no other."""

    model: MatchModel
    scored_by: str

    @property
    def can_explain(self) -> bool:
        return self.model.digest == self.scored_by

    def reasons(self, links: pl.DataFrame) -> pl.Series:
        """One line for each link of a frame with `levels`; what was `told` of it stands before."""
        lines = pl.Series("reason", [""] * links.height, dtype=pl.String)
        if self.can_explain:
            lines = reasons(links["levels"], self.model).fill_null("").alias("reason")
        if "told" not in links.columns:
            return lines
        parts = [links["told"], pl.select(pl.when(lines != "").then(lines)).to_series()]
        return pl.select(pl.concat_str(*parts, separator="; ", ignore_nulls=True).alias("reason")).to_series()

    def explain(self, links: pl.DataFrame) -> tuple[Link, ...]:
        """Each row of STORED_LINKS with its reasons, in the order given."""
        lines = self.reasons(links)
        return tuple(self._link(row, line) for row, line in zip(links.iter_rows(named=True), lines, strict=True))

    def _link(self, row: dict[str, Any], line: str) -> Link:
        weight = row["weight"] / MICRO
        left = RecordKey(SystemName(row["system_l"]), row["key_l"])
        right = RecordKey(SystemName(row["system_r"]), row["key_r"])
        bars, missing, agreed = self._waterfall(row["levels"], weight)
        return Link(left, right, weight, row["probability"], row["band"], row["veto"], line, bars, missing, agreed)

    def _waterfall(self, levels: Sequence[int], weight: float) -> tuple[tuple[Bar, ...], tuple[str, ...], Agreed]:
        """The steps by the population whose weights add up to the link's: the store does not say which it was."""
        if not self.can_explain:
            return (), (), ()
        for population in (self.model.organisation, self.model.person):
            found = steps(list(levels), population)
            if abs(sum(s.weight for s in found) - weight) <= EXACT:
                said = [s for s in found if s.finding != "missing"]
                totals = [sum(s.weight for s in said[: n + 1]) for n in range(len(said))]
                bars = [Bar(s.comparison, s.finding, s.weight, t) for s, t in zip(said, totals, strict=True)]
                missing = tuple(s.comparison for s in found if s.finding == "missing")
                agreed = tuple((word, tuple(names)) for word, names in agreements(levels, population).items() if names)
                return tuple(bars), missing, agreed
        return (), (), ()


def holding(links: Sequence[Link], bands: Collection[str] = ("auto",)) -> tuple[Link, ...]:
    """The links that hold records together, strongest first: without the last one they would fall apart.

    The spanning trees of the links in these bands, by Kruskal (1956); ties by record keys.
    """
    joined: dict[RecordKey, RecordKey] = {}

    def root(key: RecordKey) -> RecordKey:
        while key in joined:
            key = joined[key]
        return key

    found = []
    for link in sorted((x for x in links if x.band in bands), key=lambda x: (-x.weight, x.left, x.right)):
        one, other = root(link.left), root(link.right)
        if one != other:
            joined[max(one, other)] = min(one, other)
            found.append(link)
    return tuple(found)


def link_ends(links: pl.DataFrame) -> list[tuple[RecordKey, RecordKey]]:
    """The two records of each row of STORED_LINKS."""
    ends = links.select("system_l", "key_l", "system_r", "key_r").iter_rows()
    return [(RecordKey(SystemName(sl), kl), RecordKey(SystemName(sr), kr)) for sl, kl, sr, kr in ends]
