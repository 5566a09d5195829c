"""Finds out what the columns of an unknown file mean: key, roles, how surely and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from mdm.records import MULTI_ROLES, ROLES, Role
from mdm.rulebook.source import RoleRule
from mdm.standardise.columns.addresses import ADDRESS_ROLES, choose_address
from mdm.standardise.columns.blanks import trimmed_columns
from mdm.standardise.columns.candidates import Candidate, candidate
from mdm.standardise.columns.entries import Chosen, rule, single, with_gain
from mdm.standardise.columns.guesses import guess
from mdm.standardise.columns.keys import bare_house_number, choose_key
from mdm.standardise.columns.naming import NAME_ROLES, choose_names
from mdm.standardise.columns.readings import read_header
from mdm.standardise.columns.values import Profile, profile_columns

WHOLE_ADDRESS_SHARE: Final = 0.3


@dataclass(frozen=True, slots=True)
class DetectedRoles:
    """What a file's columns were found to mean.

    `key` is a column, or columns joined by `+`; empty when no column is called an id and is unique. `columns` holds
    each found role in the order of ROLES; every column stands in at most one. `unknown` lists the rest in file order.
    """

    key: str
    key_confidence: float
    columns: dict[Role, RoleRule]
    unknown: tuple[str, ...]


def detect_roles(sample: pl.DataFrame) -> DetectedRoles:
    """The key and the roles of the columns of an all-text sample, from their names and their values together.

    The order of rows and columns makes no difference to who gets what; nothing raises, whatever the names and values.
    """
    named = [c for c in sample.columns if sample.schema[c] == pl.String and _addressable(c, sample.columns)]
    texts = trimmed_columns(sample, named)
    profiles = profile_columns(texts)
    key, sure = choose_key(texts, profiles)
    keys = {key} if key in profiles else set(key.split("+"))
    free = {c: p for c, p in profiles.items() if c not in keys}
    chosen = _choose(free, texts, bare_house_number(profiles, key))
    columns: dict[Role, RoleRule] = {role: rule(chosen[role]) for role in ROLES if chosen.get(role)}
    taken = keys | {c for entries in chosen.values() for e in entries for c in e.columns}
    return DetectedRoles(key, sure, columns, tuple(c for c in sample.columns if c not in taken))


def _addressable(column: str, columns: Iterable[str]) -> bool:
    """Whether a rule, which keeps no blanks at the ends of names, can name this column and no other."""
    stripped = RoleRule(columns=(column,)).columns[0]
    return bool(stripped) and (stripped == column or stripped not in set(columns))


def _choose(free: Mapping[str, Profile], texts: pl.DataFrame, house_number: str) -> Chosen:
    found = _candidates(free, house_number)
    have, named = {f.role for f in found}, {f.column for f in found}
    guessed = guess({c: p for c, p in free.items() if c not in named}, have)
    found += [g for g in guessed if g.role in MULTI_ROLES or g.role not in have]
    chosen = choose_names([c for c in found if c.role in NAME_ROLES], texts)
    chosen |= choose_address([c for c in found if c.role in ADDRESS_ROLES], frozenset(texts.columns))
    for role in ROLES:
        if role in NAME_ROLES or role in ADDRESS_ROLES:
            continue
        entries = [single(c) for c in found if c.role == role]
        if entries:
            chosen[role] = sorted(entries, key=lambda e: e.order) if role in MULTI_ROLES else with_gain(entries)
    return chosen


def _candidates(free: Mapping[str, Profile], house_number: str) -> list[Candidate]:
    places = {read_header(c).block for c in free if read_header(c).role in {"postcode", "city"}}
    found = []
    for column in sorted(free):
        beside = read_header(column).block in places
        whole = not beside and free[column].share("whole_address") >= WHOLE_ADDRESS_SHARE
        one = candidate(column, free[column], address_is="full_address" if whole else "street")
        if one is not None:
            found.append(one)
    if house_number in free and not any(f.role == "house_number" for f in found):
        why = f'column name "{house_number}" means number; it stands beside a street without numbers'
        reading = replace(read_header(house_number), block="", family="")
        found.append(Candidate(house_number, "house_number", 0.6, why, "", reading, free[house_number]))
    return found
