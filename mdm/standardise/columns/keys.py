"""Which column identifies a record: an explicit id whose values are unique; never a name, never a guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from mdm.standardise.columns.headers import compact
from mdm.standardise.columns.readings import read_header
from mdm.standardise.columns.values import Profile

MOST_BLANK: Final = 0.01
"""A key may be blank in this share of the sample, or once: the line of totals of a sheet is set aside later."""

CERTAIN: Final = 0.9
RARE: Final = 0.02
"""A column that is surely called a key may repeat in this share of the sample, or once: faults of the export, whose
records are set aside later."""

CLIENTS: Final = frozenset({"mandt", "rclnt", "mandant"})
"""SAP's client: part of every key where it is exported."""

SCOPES: Final = frozenset(
    {"bukrs", "companycode", "buchungskreis", "dataareaid", "sourcesystem", "system", "source", "quelle", "subsidiary"}
)
"""Columns within which numbers are given out: joined to the key where the number alone is not unique."""

ERPNEXT_NEIGHBOURS: Final = frozenset({"customername", "namingseries", "customergroup"})
STREET_NUMBERS: Final = 0.5
BARE: Final = 0.6
"""Names such as `No.` or `Ref` say key only this surely."""


def choose_key(texts: pl.DataFrame, profiles: Mapping[str, Profile]) -> tuple[str, float]:
    """The key column (columns joined by `+`) and how sure it is; an empty text and 0 when there is none.

    Exact copies of a row do not count.
    Ties between equally good names go to the column with the shorter name, then to the first in the alphabet.
    """
    named, texts = _named(profiles), texts.unique(maintain_order=True)
    for strength, column in named:
        if _repeats(texts, [column], profiles) == 0:
            return _with_client(column, profiles), strength
    for strength, column in named:
        for scope in sorted(c for c in profiles if compact(c) in SCOPES | CLIENTS and c != column):
            if "+" not in scope + column and _repeats(texts, [scope, column], profiles) == 0:
                return f"{scope}+{column}", round(strength * 0.8, 2)
    for strength, column in named:
        if strength >= CERTAIN and _repeats(texts, [column], profiles) <= max(1, RARE * texts.height):
            return _with_client(column, profiles), round(strength * 0.7, 2)
    return "", 0.0


def _with_client(column: str, profiles: Mapping[str, Profile]) -> str:
    client = _first_in(profiles, CLIENTS)
    return f"{client}+{column}" if client and "+" not in client + column else column


def _named(profiles: Mapping[str, Profile]) -> list[tuple[float, str]]:
    strengths = {column: _strength(column, profiles) for column in profiles}
    found = [(strength, column) for column, strength in strengths.items() if strength]
    return sorted(found, key=lambda f: (-f[0], len(f[1]), f[1]))


def _strength(column: str, profiles: Mapping[str, Profile]) -> float:
    """How surely the name of a column says key, if its values are like keys: one word each, no addresses or dates."""
    reading, profile = read_header(column), profiles[column]
    if reading.closed or not _key_like(profile):
        return 0.0
    if reading.role == "key":
        bare = reading.strength < BARE
        return (
            0.0 if bare and _numbers_of_houses(column, profiles) else reading.strength * (0.8 if reading.block else 1)
        )
    if reading.role == "entity" and profile.rows and profile.share("digits") > 0.9:
        return 0.75
    erpnext = compact(column) == "name" and {compact(c) for c in profiles} & ERPNEXT_NEIGHBOURS
    return 0.8 if erpnext and profile.rows and profile.share("digits") == 1 else 0.0


def _key_like(profile: Profile) -> bool:
    if not profile.rows:
        return not len(profile.filled)
    return profile.share("one_word") > 0.9 and profile.share("email") + profile.share("url") < 0.5


def _numbers_of_houses(column: str, profiles: Mapping[str, Profile]) -> bool:
    """Whether a bare `Nr.` beside a street without numbers is the house number and no key."""
    streets = [p for c, p in profiles.items() if read_header(c).role == "street" and p.rows]
    return (
        bool(streets)
        and profiles[column].share("house") > 0.8
        and max(p.share("numbered_street") for p in streets) < STREET_NUMBERS
    )


def bare_house_number(profiles: Mapping[str, Profile], key: str) -> str:
    """The column called just a number that holds house numbers; empty when there is none or more than one."""
    bare = [
        c
        for c in profiles
        if read_header(c).role == "key" and read_header(c).strength < BARE and c not in key.split("+")
    ]
    found = [c for c in bare if _numbers_of_houses(c, profiles)]
    return found[0] if len(found) == 1 else ""


def _repeats(texts: pl.DataFrame, columns: Sequence[str], profiles: Mapping[str, Profile]) -> int:
    """How many rows have a key that an earlier row has; all of them where too many have none."""
    if texts.height - min(profiles[c].rows for c in columns) > max(1, MOST_BLANK * texts.height):
        return texts.height
    filled = pl.DataFrame([texts.get_column(c).alias(str(i)) for i, c in enumerate(columns)]).drop_nulls()
    return filled.height - filled.n_unique()


def _first_in(profiles: Mapping[str, Profile], names: frozenset[str]) -> str:
    return min((c for c in profiles if compact(c) in names and profiles[c].rows), default="")
