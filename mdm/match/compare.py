"""The evidence of each candidate pair: one level for each comparison, -1 where one of the two records says nothing.

A level is a small whole number; higher means more alike. What a level is worth is the model's business. Levels are
symmetric: swapping the two records changes nothing. An empty field is never a disagreement.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from mdm.match.compare_names import NameEvidence, compare_names, shared_bits
from mdm.match.compare_persons import OWN_LABELS, compare_persons
from mdm.match.compare_values import FEW_HOLDERS, Flags, Levels, equal_level, rare, shared_level, web_level
from mdm.match.encode import BITS, MISSING, Column, Ints, Longs
from mdm.match.encoded import Encoded
from mdm.match.likeness import likeness

NAME_LEVELS: Final = (
    "different",
    "different (1 of 9)",
    "different (2 of 9)",
    "hardly alike (3 of 9)",
    "partly the same (4 of 9)",
    "partly the same (5 of 9)",
    "partly the same (6 of 9)",
    "nearly the same (7 of 9)",
    "nearly the same (8 of 9)",
    "nearly the same (9 of 9)",
    "the same, common words",
    "the same",
    "the same, and rare",
)
LIKENESS: Final = (-5500, -4500, -3500, -2500, -1500, -500, 700, 2000, 3500)
"""From which likeness, in thousandths of a bit, each level above the lowest begins."""

SCRIPT_LIKENESS: Final = (-2500, -1000, 1000, 1500)
SCRIPT_LEVELS: Final = (5, 6, 9, 9)
"""From which likeness names in two scripts take which level."""

UNLIKE: Final = 2
"""Up to this level two names are different."""

PARTLY: Final = 4
"""From this level on two names are alike."""

NEARLY: Final = 8
"""From this level on no other name needs to be asked."""

ALIAS_LEVELS: Final = ("no other name in common", "an other name in common", "a rare other name in common")
NUMBER_LEVELS: Final = ("a number in one name only", "no number against it")
PLACE_LEVELS: Final = (
    "different place",
    "same region",
    "same town or postcode area",
    "same postcode",
    "same street",
    "same building",
)
COUNTRY_LEVELS: Final = ("different", "the same")
PHONE_LEVELS: Final = ("different", "the same, shared by many", "the same")
WEB_LEVELS: Final = ("different", "same word, other ending", "the same, shared by many", "the same")
EMAIL_LEVELS: Final = ("different", "the same, shared by many", "the same")
IDENTIFIER_LEVELS: Final = ("conflict", "the same, not verified", "the same, shared by many", "the same")
FORM_LEVELS: Final = ("different", "the same")
BIRTH_LEVELS: Final = ("different", "partly the same", "the same")

FIRM_LABELS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": NAME_LEVELS,
    "other_name": ALIAS_LEVELS,
    "number": NUMBER_LEVELS,
    "place": PLACE_LEVELS,
    "country": COUNTRY_LEVELS,
    "phone": PHONE_LEVELS,
    "web": WEB_LEVELS,
    "email": EMAIL_LEVELS,
    "identifier": IDENTIFIER_LEVELS,
    "legal_form": FORM_LEVELS,
    "birth_date": BIRTH_LEVELS,
}
"""The comparisons of pairs that are not two persons, and their levels from the lowest up, in the order of the model."""

PERSON_LABELS: Final[Mapping[str, tuple[str, ...]]] = {
    name: {**FIRM_LABELS, **OWN_LABELS}[name]
    for name in (
        "given_name",
        "family_name",
        "generation",
        "other_name",
        "born",
        "home",
        "country",
        "phone",
        "email",
        "web",
        "personal_number",
    )
}
"""The comparisons of two persons, in the order of their model."""

LEVEL_LABELS: Final[Mapping[str, tuple[str, ...]]] = {**FIRM_LABELS, **OWN_LABELS}
"""Every comparison, in the order in which the levels of a pair are kept; those of the other kind are missing in it."""


def compare(e: Encoded, left: Ints, right: Ints) -> dict[str, Levels]:
    """The level of each comparison for each pair (left[i], right[i]); two persons are compared as such."""
    people = e.person[left] & e.person[right]
    found = {name: np.full(len(left), MISSING, dtype=np.int8) for name in LEVEL_LABELS}
    for chosen, how in ((~people, _compare_firms), (people, compare_persons)):
        rows = np.flatnonzero(chosen)
        if len(rows):
            for name, levels in how(e, left[rows], right[rows]).items():
                found[name][rows] = levels
    return found


def _compare_firms(e: Encoded, left: Ints, right: Ints) -> dict[str, Levels]:
    names = compare_names(e, left, right)
    name = name_level(names)
    one, other = e.joined.codes[left], e.joined.codes[right]
    apart = e.scripts.apart(one, other)
    if apart.any():
        name[apart] = script_level(e.scripts.likenesses(one[apart], other[apart]))
    return {
        "name": name,
        "other_name": _alias_level(e, names, name),
        "number": np.where(apart, MISSING, _number_level(names, name)).astype(np.int8),
        "place": _place_level(e, left, right),
        "country": equal_level(e.country, left, right),
        "phone": shared_level(e.phones, e.size, left, right),
        "web": web_level(e, left, right),
        "email": shared_level(e.emails, e.size, left, right),
        "identifier": _identifier_level(e, left, right),
        "legal_form": equal_level(e.legal_form, left, right),
        "birth_date": _birth_level(e, left, right),
    }


def name_level(n: NameEvidence) -> Levels:
    """The level of the name comparison."""
    same = (n.lower >= 985) | (n.joined >= 1000)
    alike = np.searchsorted(np.array(LIKENESS), likeness(n), side="right")
    level = np.select(
        [same & (n.surplus >= 4 * BITS), same & (n.surplus >= 0), same],
        [len(LIKENESS) + 3, len(LIKENESS) + 2, len(LIKENESS) + 1],
        alike,
    )
    return np.where(n.missing, MISSING, level).astype(np.int8)


def script_level(likeness: Longs) -> Levels:
    """The level of names in two scripts: names that are no counterparts speak against a match, but not much."""
    levels = np.array([UNLIKE, *SCRIPT_LEVELS], dtype=np.int8)
    return np.asarray(levels[np.searchsorted(np.array(SCRIPT_LIKENESS), likeness, side="right")])


def _alias_level(e: Encoded, n: NameEvidence, name: Levels) -> Levels:
    """Only asked where the names themselves do not settle it: an equal name would say the same thing twice."""
    chance = np.log2(max(e.size, 2)) * BITS
    level = np.select([n.alias >= chance - FEW_HOLDERS, n.alias > 0], [2, 1], 0)
    return np.where(n.missing | (name >= NEARLY), MISSING, level).astype(np.int8)


def _number_level(n: NameEvidence, name: Levels) -> Levels:
    return np.where(n.missing | (name < PARTLY), MISSING, np.where(n.numbers_differ, 0, 1)).astype(np.int8)


def _place_level(e: Encoded, left: Ints, right: Ints) -> Levels:
    def both(column: Column) -> Flags:
        return np.asarray((column.codes[left] != MISSING) & (column.codes[right] != MISSING))

    def same(column: Column) -> Flags:
        return np.asarray(both(column) & (column.codes[left] == column.codes[right]))

    a, b = e.street.codes[left], e.street.codes[right]
    streets = (a[:, 0] != MISSING) & (b[:, 0] != MISSING)
    words = np.minimum((a != MISSING).sum(axis=1), (b != MISSING).sum(axis=1))
    shared = ((a[:, :, None] == b[:, None, :]).any(axis=2) & (a != MISSING)).sum(axis=1)
    street = streets & (shared * 2 > words)
    known = both(e.postcode) | both(e.city) | streets
    near = same(e.postcode) | same(e.city)
    level = np.select(
        [
            street & same(e.house) & (near | ~(both(e.postcode) | both(e.city))),
            street & near & ~(both(e.house) & ~same(e.house)),
            same(e.postcode),
            same(e.city) | same(e.area),
            same(e.region),
        ],
        [5, 4, 3, 2, 1],
        0,
    )
    return np.where(known, level, MISSING).astype(np.int8)


def _identifier_level(e: Encoded, left: Ints, right: Ints) -> Levels:
    """Conflict: both hold a valid number of one kind and country, and none in common."""
    bits = shared_bits(e.identifiers.codes[left], e.identifiers.codes[right], e.identifiers.bits)
    doubtful = shared_bits(e.unverified.codes[left], e.unverified.codes[right], e.unverified.bits)
    every = np.ones(len(e.schemes.values), dtype=np.int64)
    kinds = shared_bits(e.schemes.codes[left], e.schemes.codes[right], every) > 0
    level = np.select([(bits > 0) & rare(bits, e.size), bits > 0, doubtful > 0], [3, 2, 1], 0)
    return np.where((bits == 0) & (doubtful == 0) & ~kinds, MISSING, level).astype(np.int8)


def _birth_level(e: Encoded, left: Ints, right: Ints) -> Levels:
    a, b = e.birth_date.codes[left], e.birth_date.codes[right]
    level = np.where(a == b, 2, 0)
    return np.where((a == MISSING) | (b == MISSING), MISSING, level).astype(np.int8)
