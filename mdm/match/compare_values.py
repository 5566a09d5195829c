"""Levels of values that two records either share or not: the same for organisations and for persons."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from mdm.match.compare_names import shared_bits
from mdm.match.encode import BITS, MISSING, Column, Ints, Lists, Longs
from mdm.match.encoded import Encoded

Levels = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]

FEW_HOLDERS: Final = 2500
"""A value counts as rare while about five records or fewer hold it: log2(5) is 2.3, counted with some room."""


def equal_level(column: Column, left: Ints, right: Ints) -> Levels:
    a, b = column.codes[left], column.codes[right]
    return np.where((a == MISSING) | (b == MISSING), MISSING, (a == b).astype(np.int8)).astype(np.int8)


def absent(lists: Lists, left: Ints, right: Ints) -> Flags:
    return np.asarray((lists.codes[left, 0] == MISSING) | (lists.codes[right, 0] == MISSING))


def rare(bits: Longs, size: int) -> Flags:
    return np.asarray(bits >= np.log2(max(size, 2)) * BITS - FEW_HOLDERS)


def shared_level(lists: Lists, size: int, left: Ints, right: Ints) -> Levels:
    bits = shared_bits(lists.codes[left], lists.codes[right], lists.bits)
    level = np.select([(bits > 0) & rare(bits, size), bits > 0], [2, 1], 0)
    return np.where(absent(lists, left, right), MISSING, level).astype(np.int8)


def web_level(e: Encoded, left: Ints, right: Ints) -> Levels:
    bits = shared_bits(e.domains.codes[left], e.domains.codes[right], e.domains.bits)
    brand = shared_bits(e.brands.codes[left], e.brands.codes[right], e.brands.bits)
    level = np.select([(bits > 0) & rare(bits, e.size), bits > 0, brand > 0], [3, 2, 1], 0)
    return np.where(absent(e.domains, left, right), MISSING, level).astype(np.int8)
