"""The evidence of a pair of persons: their names in parts, birth dates, addresses and personal numbers.

A level is a small whole number; higher means more alike; -1 where one of the two says nothing. Swapping the records
changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from mdm.match.compare_values import Flags, Levels, equal_level, shared_level, web_level
from mdm.match.encode import BITS, MISSING, Column, Ints, Longs, surprise
from mdm.match.encoded import Encoded
from mdm.match.homes import HOME_LEVELS, home_level
from mdm.match.name_forms import FORM, NEARLY, OTHER, SAME, WITHIN, Kinds, part_likeness
from mdm.match.personal_numbers import PERSONAL_NUMBER_LEVELS, personal_number_level

GIVEN_LEVELS: Final = (
    "different",
    "alike",
    "the same initial",
    "nearly the same",
    "another form of it",
    "the same, in the other field",
    "the same",
)
FAMILY_LEVELS: Final = (
    "different",
    "alike",
    "nearly the same",
    "the same in part",
    "the same, a common name",
    "the same",
    "the same, and rare",
)
GENERATION_LEVELS: Final = ("different", "the same")
BORN_LEVELS: Final = ("different", "partly the same", "nearly the same", "the same, shared by many", "the same")

OWN_LABELS: Final[Mapping[str, tuple[str, ...]]] = {
    "given_name": GIVEN_LEVELS,
    "family_name": FAMILY_LEVELS,
    "generation": GENERATION_LEVELS,
    "born": BORN_LEVELS,
    "home": HOME_LEVELS,
    "personal_number": PERSONAL_NUMBER_LEVELS,
}
"""The comparisons that only two persons have, and their levels from the lowest up."""

GIVEN_OF: Final = np.array([0, 1, 2, 3, 4, 4, 6, MISSING], dtype=np.int8)
FAMILY_OF: Final = np.array([0, 1, 1, 2, 2, 3, 5, MISSING], dtype=np.int8)
"""The level of each kind of likeness in the order of the kinds; the last is that of UNTOLD."""

SWAPPED: Final = GIVEN_LEVELS.index("the same, in the other field")
FAMILY_SAME: Final = FAMILY_LEVELS.index("the same")
RARE_BITS: Final = 4 * BITS

FIELD: Final = np.array([-3, -1, 0, 2, 2, 2, 3, 0], dtype=np.int64)
"""What each kind of likeness speaks for a name standing in the right field; the last is that of UNTOLD."""


COMMON_DATE: Final = (8, 2_000)
"""Of so many holders at least, and of one record in so many, a birth date is a default and no date."""


def compare_persons(e: Encoded, left: Ints, right: Ints) -> dict[str, Levels]:
    """The level of each comparison for each pair (left[i], right[i]) of persons."""
    given, family = name_levels(e, left, right)
    settled = (given >= GIVEN_OF[NEARLY]) & (family >= FAMILY_OF[NEARLY])
    return {
        "given_name": given,
        "family_name": family,
        "generation": equal_level(e.persons.generation, left, right),
        "other_name": _alias_level(e, left, right, settled),
        "born": _born_level(e, left, right),
        "home": home_level(e, left, right),
        "country": equal_level(e.country, left, right),
        "phone": shared_level(e.phones, e.size, left, right),
        "web": web_level(e, left, right),
        "email": shared_level(e.emails, e.size, left, right),
        "personal_number": personal_number_level(e, left, right),
    }


def name_levels(e: Encoded, left: Ints, right: Ints) -> tuple[Levels, Levels]:
    """The levels of the given and of the family name; where the two fields were swapped in one of the records, so
    are they compared.
    """
    given, family = e.persons.given, e.persons.family
    g, f = (
        part_likeness(part.codes[left], part.codes[right], given.values, given=part is given)
        for part in (given, family)
    )
    g, f = _longer(e, left, right, (g, f))
    crossed = _crossed(e, left, right, (g, f))
    level_g, level_f = GIVEN_OF[g], FAMILY_OF[f]
    bits = np.where(f == SAME, _bits(family, e.size, left), 0)
    bits += np.where(g >= FORM, np.minimum(_bits(given, e.size, left), _bits(given, e.size, right)), 0)
    if crossed is not None:
        rows, low, high, same = crossed
        level_g[rows] = np.minimum(GIVEN_OF[low], SWAPPED)
        level_f[rows] = FAMILY_OF[high]
        bits[rows] = np.minimum(_bits(given, e.size, left[rows]), _bits(family, e.size, right[rows])) * same[0]
        bits[rows] += np.minimum(_bits(family, e.size, left[rows]), _bits(given, e.size, right[rows])) * same[1]
    surplus = bits - int(np.rint(np.log2(max(e.size, 2)) * BITS))
    step = np.where(surplus < 0, -1, np.where(surplus >= RARE_BITS, 1, 0))
    return level_g, np.where(level_f == FAMILY_SAME, level_f + step, level_f).astype(np.int8)


def _longer(e: Encoded, left: Ints, right: Ints, kinds: tuple[Kinds, Kinds]) -> tuple[Kinds, Kinds]:
    """The kinds, and where all of two words or more of one name stand in the other, the family name is one in part.

    Susan Meyer is found in Susan Meyer Thomas wherever the fields were divided.
    """
    given, family = kinds
    rows = np.flatnonzero((family == OTHER) | ((given == OTHER) & (family != SAME)))
    a, b = e.tokens.codes[left[rows]], e.tokens.codes[right[rows]]
    fewer = np.minimum(_words(a), _words(b))
    shared = ((a[:, :, None] == b[:, None, :]).any(axis=2) & (a != MISSING)).sum(axis=1)
    other = ((b[:, :, None] == a[:, None, :]).any(axis=2) & (b != MISSING)).sum(axis=1)
    found = rows[(fewer >= 2) & (np.minimum(shared, other) >= fewer) & (shared < np.maximum(_words(a), _words(b)))]
    given, family = given.copy(), family.copy()
    given[found], family[found] = FORM, WITHIN
    return given, family


def _words(codes: Ints) -> Longs:
    return np.asarray((codes != MISSING).sum(axis=1), dtype=np.int64)


def _crossed(
    e: Encoded, left: Ints, right: Ints, straight: tuple[Kinds, Kinds]
) -> tuple[Longs, Kinds, Kinds, tuple[Flags, Flags]] | None:
    """The pairs that agree better with the fields of one record swapped: their places, the lower and higher kind.

    And whether the given name of the left one is the family name of the right one, and the other way round.
    """
    given, family = e.persons.given.codes, e.persons.family.codes
    told = FIELD[straight[0]] + FIELD[straight[1]]
    rows = np.flatnonzero(told < 0)
    if not len(rows):
        return None
    a, b = left[rows], right[rows]
    one = part_likeness(given[a], family[b], e.persons.given.values, given=False)
    other = part_likeness(family[a], given[b], e.persons.given.values, given=False)
    better = (FIELD[one] + FIELD[other] > told[rows] + 1) & (np.maximum(one, other) >= NEARLY)
    one, other = one[better], other[better]
    low, high = np.minimum(one, other), np.maximum(one, other)
    return rows[better], low, high, (one == SAME, other == SAME)


def _bits(column: Column, size: int, rids: Ints) -> Longs:
    """How surprising the value of each record is, in thousandths of a bit; 0 where it has none."""
    return np.append(surprise(column.counts, size), 0)[column.codes[rids]]


def _alias_level(e: Encoded, left: Ints, right: Ints, settled: Flags) -> Levels:
    """Only asked where the names themselves do not settle it: an equal name would say the same thing twice."""
    return np.where(settled, MISSING, shared_level(e.persons.aliases, e.size, left, right)).astype(np.int8)


def _born_level(e: Encoded, left: Ints, right: Ints) -> Levels:
    """Partly: two of year, month and day. Nearly: one digit is another, two neighbours or day and month are swapped."""
    dates = e.birth_date
    a, b = dates.codes[left], dates.codes[right]
    digits = np.append(e.persons.dates, np.full((1, e.persons.dates.shape[1]), MISSING, np.int8), axis=0)
    x, y = digits[a], digits[b]
    differ = x != y
    count = differ.sum(axis=1)
    swapped = (differ[:, :-1] & differ[:, 1:] & (x[:, :-1] == y[:, 1:]) & (x[:, 1:] == y[:, :-1])).any(axis=1)
    turned_days = (x[:, 4:6] == y[:, 6:8]).all(axis=1) & (x[:, 6:8] == y[:, 4:6]).all(axis=1)
    nearly = (count == 1) | ((count == 2) & swapped) | (turned_days & ~differ[:, :4].any(axis=1))
    slip = turned_days & (differ[:, :4].sum(axis=1) == 1)
    same_parts = (~differ[:, :4].any(axis=1)).astype(int) + ~differ[:, 4:6].any(axis=1) + ~differ[:, 6:8].any(axis=1)
    holders = np.append(dates.counts, 0)[a]
    default = holders >= max(COMMON_DATE[0], e.size // COMMON_DATE[1])
    level = np.select([(a == b) & ~default, a == b, nearly, slip | (same_parts == 2)], [4, 3, 2, 1], 0)
    return np.where((a == MISSING) | (b == MISSING), MISSING, level).astype(np.int8)
