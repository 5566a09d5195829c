"""Names that differ by their number: "Fonds 3" and "Fonds 4" of one house are two, however much else they share."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mdm.match.compare_values import Flags, Levels
from mdm.match.encode import MISSING, Ints
from mdm.match.encoded import Encoded

DIFFER = 0
"""Of the comparison of numbers in names: one of the names has a number that the other lacks."""


def numbered_apart(e: Encoded, left: Ints, right: Ints, levels: Mapping[str, Levels]) -> Flags:
    """Pairs of which each name has a number that the other lacks, and no number of identification agrees.

    A number in one name only says little: it may have been left out or cut off.
    """
    found = np.zeros(len(left), dtype=np.bool_)
    asked = np.flatnonzero((levels["number"] == DIFFER) & (levels["identifier"] <= 0))
    codes = e.tokens.codes
    is_number = np.append(e.tokens.values.str.contains(r"^\d+$").to_numpy(), False)  # the last is for MISSING
    a, b = codes[left[asked]], codes[right[asked]]
    found[asked] = _lacks(a, b, is_number) & _lacks(b, a, is_number)
    return found


def _lacks(mine: Ints, yours: Ints, is_number: Flags) -> Flags:
    """Whether a number of mine is none of yours."""
    alone = is_number[mine] & (mine != MISSING) & ~(mine[:, :, None] == yours[:, None, :]).any(axis=2)
    return np.asarray(alone.any(axis=1))
