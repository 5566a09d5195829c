"""Weighs the name of a column against its values: one candidate for each column, with confidence and reasons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, cast, get_args

from mdm.records import Role
from mdm.standardise.columns.fitting import fit
from mdm.standardise.columns.lexicon import LANGUAGES, ROLE_WORDS
from mdm.standardise.columns.meanings import Reading
from mdm.standardise.columns.readings import read_header
from mdm.standardise.columns.values import Profile

LEAST: Final = 0.25
"""Below this confidence a column stays unknown."""

FINER_NAMES: Final = {
    "plain_name": "name",
    "trade_name": "other_name",
    "entity": "name",
    "mobile": "phone",
    "company_flag": "kind",
}
ROLE_NAMES: Final = frozenset(get_args(Role))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A column that may take a role; `said` is the finer word of its name, such as `plain_name` or `trade_name`."""

    column: str
    role: Role
    confidence: float
    why: str
    said: str
    reading: Reading
    profile: Profile

    @property
    def order(self) -> tuple[float, int, int, str]:
        """Best first; ties by the number of filled rows, then by the shorter and the smaller name."""
        return (-self.confidence, -self.profile.rows, len(self.column), self.column)


def candidate(column: str, profile: Profile, *, address_is: Role) -> Candidate | None:
    """What the name of a column, checked by its values, makes of it; None when the name says nothing that holds.

    `address_is` is the role of a column that is just called an address: a street beside a town, else a whole address.
    """
    reading = read_header(column)
    said = reading.role if reading.role != "address" else str(address_is)
    role = FINER_NAMES.get(said, said)
    if role not in ROLE_NAMES or reading.closed:
        return None
    if role == "tax_id" and profile.rows and profile.share("vat") >= 0.8:
        role = "vat"
    found = Candidate(column, cast("Role", role), reading.strength, "", said, reading, profile)
    return _weighed(found)


def _weighed(found: Candidate) -> Candidate | None:
    words = f'column name "{found.column}" {_meaning(found)}'
    if not found.profile.rows and found.said == "entity":
        return None
    if not found.profile.rows:
        return replace(found, confidence=round(found.confidence * 0.8, 2), why=f"{words}; no values in the sample")
    share = fit("company_flag" if found.said == "company_flag" else found.role, found.profile)
    if found.role == "kind" and share < 0.8:
        return None
    confidence = round(found.confidence * (0.2 + 0.8 * share), 2)
    why = f"{words}; {looks(found.role, share)}"
    return replace(found, confidence=confidence, why=why) if share >= 0.2 and confidence >= LEAST else None


def looks(role: str, share: float) -> str:
    return f"{share:.0%} of its values look like {ROLE_WORDS[role][1]}".replace("%", " %")


def _meaning(found: Candidate) -> str:
    origin, role = found.reading.origin, ROLE_WORDS[found.role][0]
    if found.role == "vat" and found.said == "tax_id":
        return "means tax id, but the values begin with a country as VAT numbers do"
    if origin in LANGUAGES.values():
        return f"is {origin} for {role}"
    return f"is {origin}'s {role}" if origin else f"means {role}"
