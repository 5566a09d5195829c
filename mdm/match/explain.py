"""Why two records were, or were not, brought together: one line a steward reads, and the weights behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

import polars as pl

from mdm.match.compare import LEVEL_LABELS
from mdm.match.encode import MISSING
from mdm.match.model import ComparisonModel, MatchModel, PopulationModel

TITLES: Final = {
    "name": "name",
    "other_name": "other name",
    "number": "numbers",
    "place": "place",
    "country": "country",
    "phone": "telephone",
    "web": "web site",
    "email": "e-mail",
    "identifier": "tax or register number",
    "legal_form": "legal form",
    "birth_date": "birth date",
    "given_name": "given name",
    "family_name": "family name",
    "generation": "junior or senior",
    "born": "birth date",
    "home": "address",
    "personal_number": "identity or tax number",
}
SILENT: Final = {"number": 1}
"""Levels that are the ordinary case and would only lengthen the line."""

CONDITIONAL: Final = frozenset({"other_name", "number", "generation", "birth_date"})
"""Comparisons that are asked only of few, or where others leave a doubt: not to have asked is nothing missing."""

BONUS: Final = frozenset({"other_name"})
"""Comparisons that only ever speak for a match: two records without another name in common do not differ in it."""

IN_PART: Final = frozenset(
    {
        *("the same initial", "the same in part"),
        *("the same region", "the same town or postcode area", "the same postcode", "the same street"),
    }
)
"""Findings that say of what a part is the same: a steward would call the two similar."""

Agreement = Literal["same", "similar", "different", "missing"]


@dataclass(frozen=True, slots=True)
class Step:
    """One comparison of one pair: what was found and what it weighs in bits; weight 0 and `missing` where no value."""

    comparison: str
    finding: str
    weight: float


def reasons(levels: pl.Series, model: MatchModel) -> pl.Series:
    """One line for each pair of a LINKS `levels` column, strongest words of the model's labels, missing ones left out.

    For example: `name: the same, and rare; web site: the same; place: different place`.
    """
    parts = []
    known = {c.name: c for population in (model.person, model.organisation) for c in population.comparisons}
    for place, name in enumerate(LEVEL_LABELS):
        c = known[name]
        level = pl.col("levels").list.get(place, null_on_oob=True)
        silent = SILENT.get(c.name, -1)
        labels = {x.level: f"{TITLES.get(c.name, c.name)}: {x.label}" for x in c.levels if x.level != silent}
        parts.append(level.replace_strict(labels, default=None, return_dtype=pl.String))
    line = pl.concat_str(parts, separator="; ", ignore_nulls=True)
    return pl.DataFrame({"levels": levels}).select(reason=line).to_series()


def steps(levels: Sequence[int], population: PopulationModel) -> list[Step]:
    """The waterfall of one pair: the prior, then every comparison that had something to say, in the model's order."""
    found = [Step("prior", "share of matches among candidate pairs", population.prior_weight)]
    for c, level in _of_population(levels, population):
        title = TITLES.get(c.name, c.name)
        known = _level(c, level)
        found.append(Step(title, *(known or ("missing", 0.0))))
    return found


def agreements(levels: Sequence[int], population: PopulationModel) -> dict[Agreement, list[str]]:
    """The comparisons of one pair by what a steward would call their outcome, each in the model's order.

    The lowest level, and every one called "different", is different; the highest, and every one called "the same" but
    for those of which only a part is, is same; all between are similar.
    """
    found: dict[Agreement, list[str]] = {word: [] for word in get_args(Agreement)}
    for c, level in _of_population(levels, population):
        if level == SILENT.get(c.name, MISSING - 1) or (level == MISSING and c.name in CONDITIONAL):
            continue
        if level == 0 and c.name in BONUS:
            continue
        found[_agreement(c, level)].append(TITLES.get(c.name, c.name))
    return found


def _of_population(levels: Sequence[int], population: PopulationModel) -> list[tuple[ComparisonModel, int]]:
    """The comparisons of one population and their levels; those of the other kind stand among them in a link."""
    found = dict(zip(LEVEL_LABELS, levels, strict=False))  # links of an older version have fewer
    return [(c, found.get(c.name, MISSING)) for c in population.comparisons]


def _agreement(comparison: ComparisonModel, level: int) -> Agreement:
    if level == MISSING:
        return "missing"
    label = comparison.levels[level].label
    if level == len(comparison.levels) - 1 or (label.startswith("the same") and label not in IN_PART):
        return "same"
    return "different" if level == 0 or label.startswith("different") else "similar"


def _level(comparison: ComparisonModel, level: int) -> tuple[str, float] | None:
    if level < 0:
        return None
    found = comparison.levels[level]
    return found.label, found.weight
