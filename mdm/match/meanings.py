"""What the words of names mean, across languages: 水泥 is cement, 電子 electronic, 台 in a short name Taiwan.

A meaning is a number; the words that share it say the same (`data/meanings.yaml`, common knowledge, no names of firms).
Sets of meanings are rows of 64-bit words, so that a million pairs are compared in a few operations.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from mdm.match.sounds import words_of

Meant = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Meanings:
    """The meanings of Latin and of native words; the Latin words that name no firm alone; those that are places."""

    latin: dict[str, tuple[int, ...]]
    native: dict[str, tuple[int, ...]]
    business: frozenset[str]
    places: frozenset[str]
    longest: int
    count: int

    def of_word(self, word: str) -> tuple[int, ...]:
        """The meanings of a word in Latin letters."""
        return self.latin.get(word, ())

    def of_characters(self, text: str) -> list[frozenset[int]]:
        """For each character of a native name the meanings of the words it is part of."""
        found: list[set[int]] = [set() for _ in text]
        for start in range(len(text)):
            for end in range(start + 1, min(len(text), start + self.longest) + 1):
                for place in range(start, end):
                    found[place].update(self.native.get(text[start:end], ()))
        return [frozenset(meant) for meant in found]


@cache
def meanings() -> Meanings:
    """The shipped table."""
    lists: dict[str, list[tuple[list[str], list[str]]]] = words_of("meanings")
    latin: dict[str, list[int]] = {}
    native: dict[str, list[int]] = {}
    entries = [*lists["business"], *lists["places"], *lists["other"]]
    for number, (words, characters) in enumerate(entries):
        for word in words:
            latin.setdefault(word, []).append(number)
        for text in characters:
            native.setdefault(text, []).append(number)
    return Meanings(
        {word: tuple(found) for word, found in latin.items()},
        {text: tuple(found) for text, found in native.items()},
        frozenset(word for words, _ in lists["business"] for word in words),
        frozenset(word for words, _ in lists["places"] for word in words),
        max(map(len, native)),
        len(entries),
    )


def as_bits(sets: Sequence[Collection[int]]) -> Meant:
    """Sets of meanings as rows of bits."""
    bits = np.zeros((len(sets), meanings().count // 64 + 1), dtype=np.uint64)
    for row, found in enumerate(sets):
        for meaning in found:
            bits[row, meaning // 64] |= np.uint64(1 << (meaning % 64))
    return bits
