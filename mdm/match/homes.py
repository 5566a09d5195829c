"""How near two persons live: house number, street, postcode and town as one comparison, with room for slips.

The parts of an address depend on each other, so they are one piece of evidence and not four.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from mdm.match.compare_values import Flags, Levels
from mdm.match.encode import MISSING, Column, Ints
from mdm.match.encoded import Encoded
from mdm.match.name_forms import close_spelling

HOME_LEVELS: Final = (
    "different",
    "the same region",
    "the same town or postcode area",
    "the same postcode",
    "the same street",
    "the same house",
)


def home_level(e: Encoded, left: Ints, right: Ints) -> Levels:
    """Street, postcode and town may be nearly the same; of house numbers two that differ are two."""
    street = _alike(e.persons.street, left, right)
    street |= _same_words(e, left, right)
    city, code = _alike(e.city, left, right), _alike(e.postcode, left, right)
    house, postcode = _same(e.house, left, right), _same(e.postcode, left, right)
    placeless = ~((_both(e.postcode, left, right)) | (_both(e.city, left, right)))
    near = city | code
    other_house = _both(e.house, left, right) & ~house
    known = ~placeless | _both(e.persons.street, left, right)
    level = np.select(
        [
            (street & house & (near | placeless)) | (house & postcode & city & ~_both(e.persons.street, left, right)),
            (street & house) | (street & near & ~other_house) | (house & code & city),
            (street & near) | postcode | (code & city),
            city | _same(e.area, left, right),
            _same(e.region, left, right),
        ],
        [5, 4, 3, 2, 1],
        0,
    )
    return np.where(known, level, MISSING).astype(np.int8)


def _both(column: Column, left: Ints, right: Ints) -> Flags:
    return np.asarray((column.codes[left] != MISSING) & (column.codes[right] != MISSING))


def _same(column: Column, left: Ints, right: Ints) -> Flags:
    return np.asarray((column.codes[left] == column.codes[right]) & (column.codes[left] != MISSING))


def _same_words(e: Encoded, left: Ints, right: Ints) -> Flags:
    """Whether more than half of the words of the shorter street stand in the other."""
    a, b = e.street.codes[left], e.street.codes[right]
    words = np.minimum((a != MISSING).sum(axis=1), (b != MISSING).sum(axis=1))
    shared = ((a[:, :, None] == b[:, None, :]).any(axis=2) & (a != MISSING)).sum(axis=1)
    return np.asarray(shared * 2 > words)


def _alike(column: Column, left: Ints, right: Ints) -> Flags:
    """Whether two values are the same but for a slip of the finger; compared are distinct pairs of values."""
    found = _same(column, left, right)
    todo = np.flatnonzero(_both(column, left, right) & ~found)
    if len(todo):
        a, b = column.codes[left[todo]].astype(np.int64), column.codes[right[todo]].astype(np.int64)
        count = len(column.values)
        distinct, place = np.unique(np.minimum(a, b) * count + np.maximum(a, b), return_inverse=True)
        texts = (column.values.gather(distinct // count), column.values.gather(distinct % count))
        nearly, _ = close_spelling(*(text.str.replace_all(" ", "") for text in texts))
        found[todo] = nearly[place]
    return found
