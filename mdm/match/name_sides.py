"""The two sides of names in two scripts, each distinct name once: how it begins by sound, and what its parts mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from mdm.match.encode import BITS, MISSING, Ints, Longs, encode_within, surprise
from mdm.match.meanings import Meant, as_bits, meanings
from mdm.match.sounds import Beginnings, consonants, plain_sounds, spelled_by_sound, spellings, spoken_as_one

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
        names = cores.str.split(" ").list.head(WORDS).to_frame("parts").with_row_index("latin")
        long = names.with_columns(place=pl.int_ranges(pl.col("parts").list.len())).explode(
            "parts", "place", empty_as_null=True, keep_nulls=True
        )
        known = long["parts"].unique().sort()
        codes = encode_within(long["parts"], known).codes
        words = np.full((len(cores), WORDS), len(known), dtype=np.int32)
        words[long["latin"].to_numpy(), long["place"].to_numpy()] = codes
        holders = pl.DataFrame({"latin": long["latin"], "code": codes}).unique()["code"].to_numpy()
        bits = surprise(np.bincount(holders, minlength=len(known) + 1).astype(np.int64), len(cores))
        bits[-1] = 0
        return LatinNames(
            _latin_heads(names, sorted(table.places), by_consonants=by_consonants),
            words,
            as_bits([*map(table.of_word, known.to_list()), ()]),
            np.minimum(bits, MOST_OF_A_WORD),
            np.array([*(word not in table.business for word in known.to_list()), False]),
        )


def _latin_heads(names: pl.DataFrame, places: list[str], *, by_consonants: bool) -> pl.DataFrame:
    """The sounds of one to three words at the head of each name, and behind a place that it begins with."""
    head = pl.col("parts").list
    after = names.filter(head.first().is_in(places) & (head.len() > 1))
    begun = pl.concat(
        frame.select(
            "latin",
            pl.lit(start).alias("start"),
            *(head.get(start + n, null_on_oob=True).alias(str(n)) for n in range(HEAD_WORDS)),
        )
        for start, frame in ((0, names), (1, after))
    )
    sounds = begun.with_columns(plain_sounds(begun[str(n)]).alias(f"sound{n}") for n in range(HEAD_WORDS))
    found = []
    for count in range(1, HEAD_WORDS + 1):
        parts = [pl.col(f"sound{n}") for n in range(count)]
        ways = [reduce(spoken_as_one, parts)]
        if by_consonants:
            ways.append(consonants(pl.concat_str(pl.col(str(n)) for n in range(count))))
        there = sounds.filter(pl.col(str(count - 1)).is_not_null())
        found += [
            there.select("latin", words=(pl.col("start") + count).cast(pl.Int64), sound=way).filter(
                pl.col("sound") != ""
            )
            for way in ways
        ]
    return pl.concat(found).with_columns(pl.col("latin").cast(pl.Int64))


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
        begins = Beginnings(latins.heads["sound"])
        texts = native_texts(cores)
        by_sound = spelled_by_sound(texts)
        heads = [(at, *way) for at, text in enumerate(texts) for way in spellings(text, begins, by_sound)]
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
