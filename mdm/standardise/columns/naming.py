"""Which columns are the customer's name: joined parts, persons' names, and what stands in where the name is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from mdm.records import Role
from mdm.standardise.columns.candidates import Candidate
from mdm.standardise.columns.entries import Chosen, Entry, joined, single, with_gain

NAME_ROLES: Final[frozenset[Role]] = frozenset({"name", "legal_name", "other_name", "given_name", "family_name"})
FIRST_NAME_WORDS: Final = frozenset({"nombre"})
COMPANY_SHARE: Final = 0.1
CONTACT_SHARE: Final = 0.8


def choose_names(found: Sequence[Candidate], texts: pl.DataFrame) -> Chosen:
    """Names of the customer among the candidates of the name roles; the rest of them stay unknown.

    A bare `Name` beside a given name is the family name. Where no column is called a name, the legal name or else the
    trade name is the name. Given and family names that have nothing to do with a name beside them in the same rows
    are those of contact persons and are left out.
    """
    by_role: dict[Role, list[Candidate]] = defaultdict(list)
    for one in _persons_settled(found):
        by_role[one.role].append(one)
    _promote(by_role)
    chosen: Chosen = {}
    for role, candidates in by_role.items():
        entries = _names(candidates, frozenset(texts.columns)) if role == "name" else [single(c) for c in candidates]
        kept = sorted(entries, key=lambda e: e.order) if role == "other_name" else with_gain(entries)
        if kept:
            chosen[role] = kept
    return _without_contacts(chosen, texts)


def _persons_settled(found: Sequence[Candidate]) -> list[Candidate]:
    roles = {c.role for c in found}
    plain = [c for c in found if c.said == "plain_name" and c.profile.share("legal_form") < COMPANY_SHARE]
    beside: Role
    if "given_name" in roles and "family_name" not in roles:
        beside, among = "family_name", plain
    elif "family_name" in roles and "given_name" not in roles:
        beside, among = "given_name", [c for c in plain if c.reading.family in FIRST_NAME_WORDS]
    else:
        return list(found)
    turned = min(among, key=lambda c: c.order, default=None)
    why = "stands beside the other half of a person's name"
    return [replace(c, role=beside, why=f"{c.why}; {why}") if c is turned else c for c in found]


def _promote(by_role: dict[Role, list[Candidate]]) -> None:
    """Without a name, the best legal name, else the best trade name, becomes it."""
    if by_role["name"]:
        return
    trade = [c for c in by_role["other_name"] if c.said == "trade_name"]
    source = by_role["legal_name"] or trade
    if source:
        best = min(source, key=lambda c: c.order)
        by_role[best.role].remove(best)
        by_role["name"].append(replace(best, role="name", why=f"{best.why}; there is no plainer name"))


def _names(candidates: Sequence[Candidate], taken: frozenset[str]) -> list[Entry]:
    """NAME1 to NAME4 joined; a second part without a first is no name."""
    families: dict[tuple[str, str], dict[int, Candidate]] = defaultdict(dict)
    entries = []
    for one in sorted(candidates, key=lambda c: c.order):
        parts = families[one.reading.family, one.reading.block]
        if one.reading.position in parts and one.reading.position < 2:
            entries.append(single(one))
        parts.setdefault(one.reading.position, one)
    for parts in families.values():
        first = parts.get(1) or parts.get(0)
        if first is None:
            continue
        rest = [parts[n] for n in sorted(parts) if n > 1]
        entries.append(joined([first, *rest], taken))
        if first is parts.get(1) and 0 in parts:
            entries.append(single(parts[0]))
    return entries


def _without_contacts(chosen: Chosen, texts: pl.DataFrame) -> Chosen:
    name, person = chosen.get("name"), chosen.get("family_name") or chosen.get("given_name")
    if not name or not person:
        return chosen
    names = [texts.get_column(c).alias(str(i)) for i, c in enumerate(c for e in name for c in e.columns)]
    whole = pl.DataFrame(names).select(whole=pl.concat_str(pl.all().fill_null(""), separator=" ").str.to_lowercase())
    part = texts.get_column(person[0].columns[0]).alias("part").str.to_lowercase()
    both = whole.with_columns(part).drop_nulls()
    beside = both.filter(pl.col("whole").str.strip_chars().str.len_bytes() > 0)
    within = beside.filter(pl.col("whole").str.contains(pl.col("part"), literal=True)).height
    contacts = beside.height >= CONTACT_SHARE * both.height and within < (1 - CONTACT_SHARE) * beside.height
    return {r: e for r, e in chosen.items() if not (contacts and r in {"given_name", "family_name"})}
