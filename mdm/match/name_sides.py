"""The two sides of names in two scripts, each distinct name once: how it begins by sound, and what its parts mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from mdm.match.encode import BITS, MISSING, Ints, Longs, surprise
from mdm.match.meanings import Meant, as_bits, meanings
from mdm.match.sounds import consonants, joined_sound, spellings

T = TypeVar("T")
Flags = npt.NDArray[np.bool_]

NATIVE: Final = "[\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7a3]"
CHARACTERS: Final = 8
WORDS: Final = 8
HEAD_WORDS: Final = 3
MOST_OF_A_WORD: Final = 7 * BITS

_WRITTEN_BY_SOUND: Final = re.compile("[\u3041-\u30ff\u31f0-\u31ff\uac00-\ud7a3]")


@dataclass(frozen=True, slots=True)
class LatinNames:
    """`heads`: by name the sounds of its first words; of each place the word as a number (`words`), and of each word
    what it may mean (`meant`), how rare it is (`bits`) and whether it is more than a word of business (`distinctive`).

    The last word stands for none.
    """

    heads: pl.DataFrame
    words: Ints
    meant: Meant
    bits: Longs
    distinctive: Flags

    @staticmethod
    def read(cores: pl.Series, *, by_consonants: bool) -> LatinNames:
        """Latin names; `by_consonants` also hears them without vowels, as kana and hangul need it."""
        table = meanings()
        rows = [core.split()[:WORDS] for core in cores.to_list()]
        heads = [
            (at, end, sound)
            for at, row in enumerate(rows)
            for start in range(2 if row[0] in table.places and len(row) > 1 else 1)
            for end in range(start + 1, min(start + HEAD_WORDS, len(row)) + 1)
            for sound in _heard(row[start:end], by_consonants=by_consonants)
        ]
        schema = {"latin": pl.Int64(), "words": pl.Int64(), "sound": pl.String()}
        known, words = _numbered(rows, WORDS)
        used = np.unique(np.stack([np.repeat(np.arange(len(rows)), WORDS), words.reshape(-1)]), axis=1)[1]
        bits = surprise(np.bincount(used, minlength=len(known) + 1).astype(np.int64), len(rows))
        bits[-1] = 0
        return LatinNames(
            pl.DataFrame(heads, schema=schema, orient="row"),
            words,
            as_bits([*map(table.of_word, known), ()]),
            np.minimum(bits, MOST_OF_A_WORD),
            np.array([*(word not in table.business for word in known), False]),
        )


def _heard(words: list[str], *, by_consonants: bool) -> list[str]:
    sounds = [joined_sound(words), *([consonants("".join(words))] if by_consonants else [])]
    return [sound for sound in sounds if sound]


def _numbered(rows: Sequence[Sequence[T]], width: int) -> tuple[list[T], Ints]:
    """The distinct items, and each row as their numbers, the number behind the last where a row has no more."""
    numbers: dict[T, int] = {}
    table = np.full((len(rows), width), MISSING, dtype=np.int32)
    for at, row in enumerate(rows):
        table[at, : len(row)] = [numbers.setdefault(item, len(numbers)) for item in row]
    table[table == MISSING] = len(numbers)
    return list(numbers), table


@dataclass(frozen=True, slots=True)
class NativeNames:
    """`heads`: by name the sounds of its first characters, each with its distance from the usual ones; `characters`
    and `meant` as the words of Latin names; `length`: how many characters are looked at.
    """

    heads: pl.DataFrame
    characters: Ints
    meant: Meant
    length: Longs

    @staticmethod
    def read(cores: pl.Series, latins: LatinNames) -> NativeNames:
        """Native names, with those sounds only that some of the Latin names has."""
        heard = latins.heads["sound"].unique().to_list()
        begins = {sound[:end] for sound in heard for end in range(1, len(sound) + 1)}
        texts = native_texts(cores)
        heads = [(at, *way) for at, text in enumerate(texts) for way in spellings(text, begins)]
        schema = {"native": pl.Int64(), "characters": pl.Int64(), "sound": pl.String(), "far": pl.Int64()}
        meant, characters = _numbered([meanings().of_characters(t[:CHARACTERS]) for t in texts], CHARACTERS)
        return NativeNames(
            pl.DataFrame(heads, schema=schema, orient="row"),
            characters,
            as_bits([*meant, ()]),
            np.array([min(len(text), CHARACTERS) for text in texts], dtype=np.int64),
        )


def native_texts(cores: pl.Series) -> list[str]:
    """The native characters of each name, without blanks and Latin letters."""
    return ["".join(found) for found in cores.str.extract_all(NATIVE).to_list()]


def written_by_sound(cores: pl.Series) -> bool:
    """Whether some name has kana or hangul."""
    return bool(cores.str.contains(_WRITTEN_BY_SOUND.pattern).any())
