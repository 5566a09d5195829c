"""Roles from values alone, for columns whose names say nothing: few, and less sure than any name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from mdm.records import Role
from mdm.standardise.columns.candidates import Candidate, looks
from mdm.standardise.columns.keys import BARE
from mdm.standardise.columns.meanings import Reading
from mdm.standardise.columns.readings import read_header
from mdm.standardise.columns.values import Profile

SURE: Final = 0.9
FEW: Final = 3
LEGAL_FORM_SHARE: Final = 0.2

UNMISTAKABLE: Final[tuple[tuple[Role, str, float], ...]] = (
    ("email", "email", 0.6),
    ("iban", "valid_iban", 0.6),
    ("lei", "valid_lei", 0.6),
)
"""Shapes that nothing else has; taken from any column whose name does not give it to somebody else."""

TELLING: Final[tuple[tuple[Role, str, float], ...]] = (
    ("website", "url", 0.55),
    ("website", "known_domain", 0.45),
    ("phone", "dotted_phone", 0.5),
    ("vat", "eu_vat", 0.5),
    ("country", "country_name", 0.5),
    ("postcode", "lettered_postcode", 0.5),
)
"""Shapes that speak for a role where the name of the column says nothing at all."""


def guess(columns: Mapping[str, Profile], taken: AbstractSet[Role]) -> list[Candidate]:
    """Candidates by their values among columns without a reading; `taken` are the roles that have a column already."""
    found: list[Candidate] = []
    for column in sorted(columns):
        closed = read_header(column).closed
        one = _by_shape(column, columns[column], UNMISTAKABLE) if closed in {"", "noise"} else None
        if one is None and _silent(column):
            one = _by_shape(column, columns[column], TELLING)
        if one is not None:
            found.append(one)
    rest = {c: p for c, p in columns.items() if _silent(c) and c not in {f.column for f in found}}
    return found + _names_and_streets(rest, {*taken, *(f.role for f in found)})


def _silent(column: str) -> bool:
    """Whether the name of a column says nothing, or no more than `code` or `number`."""
    reading = read_header(column)
    return not reading.closed and (not reading.role or (reading.role == "key" and reading.strength < BARE))


def _by_shape(column: str, profile: Profile, shapes: tuple[tuple[Role, str, float], ...]) -> Candidate | None:
    for role, shape, confidence in shapes:
        enough = profile.distinct >= (1 if shapes is UNMISTAKABLE else FEW)
        if enough and profile.share(shape) >= SURE:
            return _guessed(column, role, profile, round(confidence * profile.share(shape), 2))
    return None


def _guessed(column: str, role: Role, profile: Profile, confidence: float) -> Candidate:
    share = {"country": "country_name", "website": "domain"}.get(role, "")
    why = f'column name "{column}" says nothing; {looks(role, profile.share(share) if share else 1.0)}'
    return Candidate(column, role, confidence, why, role, Reading(family=column), profile)


def _names_and_streets(columns: Mapping[str, Profile], taken: set[Role]) -> list[Candidate]:
    """The one column of company names and the one of numbered streets, where no column is named as such."""
    found: list[Candidate] = []
    wanted: tuple[tuple[Role, Callable[[Profile], float], float], ...] = (
        ("name", _company, 0.5),
        ("street", _street, 0.45),
        ("postcode", _five_digits, 0.35),
    )
    for role, measure, confidence in wanted:
        ranked = sorted(((-measure(p), c) for c, p in columns.items() if measure(p) > 0), key=lambda r: r)
        if ranked and role not in taken and (role != "postcode" or taken & {"city", "street"}):
            column = ranked[0][1]
            why = f'column name "{column}" says nothing; {looks(role, -ranked[0][0])}'
            found.append(Candidate(column, role, confidence, why, role, Reading(family=column), columns[column]))
            taken.add(role)
    return found


def _varied(profile: Profile) -> bool:
    return profile.distinct >= FEW and profile.distinct >= 0.3 * profile.rows


def _company(profile: Profile) -> float:
    share = profile.share("legal_form") if _varied(profile) and profile.share("words") > 0.5 else 0.0
    return profile.share("words") if share >= LEGAL_FORM_SHARE and profile.share("long") == 0 else 0.0


def _street(profile: Profile) -> float:
    share = profile.share("numbered_street") if _varied(profile) and profile.share("legal_form") < 0.1 else 0.0
    return share if share > 0.7 and profile.share("date") < 0.1 else 0.0


def _five_digits(profile: Profile) -> float:
    share = profile.share("five_digits")
    return share if share > 0.95 and profile.distinct >= 10 and profile.distinct < 0.98 * profile.rows else 0.0
