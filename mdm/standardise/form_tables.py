"""The tables of legal forms, made from `data/legal_forms.yaml`: Latin spellings, native ones, and glued ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from mdm.standardise.scripts import clean_text
from mdm.standardise.text import fold_text, fold_umlauts
from mdm.standardise.wordlists import word_list
from mdm.standardise.words import join_initials

SHORTEST_CUT: Final = 4
SHORTEST_CUT_ALONE: Final = 10
"""Letters that must be left of a word behind others, and of one that stands alone: aktiengese."""

_WHOLE_WORDS: Final = frozenset({"incorporate", "interessent", "partnerschaft", "unternehmer"})

_LATIN_LETTER: Final = re.compile("[a-z]")
NATIVE_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class FormTable:
    """Spellings (words joined by blanks) and their canonical code, at the start and at the end of a name.

    `first` and `last` hold the words that begin a start and end an end, with the length of the longest: most names
    need no further look. `cut` holds ends that are cut short, by all that is left of them.
    """

    start: dict[str, str]
    end: dict[str, str]
    first: dict[str, int]
    last: dict[str, int]
    cut: dict[str, str]


@cache
def latin_forms() -> FormTable:
    """Forms in Latin letters, as folded words."""
    return _table(_latin_spellings)


@cache
def native_forms() -> FormTable:
    """Forms in any other script, as cleaned words before transliteration: AO Smith is no Russian firm."""
    return _table(_native_spellings)


@cache
def glued_forms() -> tuple[tuple[str, str], ...]:
    """Forms written without a blank and their code, longest first."""
    found = [
        (clean_text(s), code) for code, places in word_list("legal_forms").items() for s in places.get("glued", ())
    ]
    return tuple(sorted(found, key=lambda pair: (-len(pair[0]), pair[0])))


def _table(spellings: Callable[[str], Iterator[str]]) -> FormTable:
    start: dict[str, str] = {}
    end: dict[str, str] = {}
    for code, places in word_list("legal_forms").items():
        for place, table in (("start", start), ("end", end)):
            for written in places.get(place, ()):
                for spelling in spellings(written):
                    table.setdefault(spelling, code)
    return FormTable(start, end, first=_longest(start, 0), last=_longest(end, -1), cut=_cut_short(end))


def _cut_short(end: dict[str, str]) -> dict[str, str]:
    """Forms whose last word a field was too short for, where enough is left to know it: joint stock compan."""
    cut: dict[str, str] = {}
    for spelling, code in end.items():
        before, _, last = spelling.rpartition(" ")
        least = SHORTEST_CUT if before else SHORTEST_CUT_ALONE
        for length in range(least, len(last)):
            cut.setdefault(f"{before} {last[:length]}".strip(), code)
    return {words: code for words, code in cut.items() if words not in end and words not in _WHOLE_WORDS}


def _longest(table: dict[str, str], position: int) -> dict[str, int]:
    lengths: dict[str, int] = {}
    for spelling in table:
        words = spelling.split()
        lengths[words[position]] = max(len(words), lengths.get(words[position], 0))
    return lengths


def _latin_spellings(written: str) -> Iterator[str]:
    """S.p.A. as spa and as s p a, and S.à r.l. as sa rl, s a r l and sarl."""
    if _LATIN_LETTER.search(clean_text(written)) is None:
        return
    yield fold_text(join_initials(written))
    spaced = fold_text(written)
    yield spaced
    if "." in written:
        yield fold_text(written.replace(".", ""))
        yield fold_umlauts(re.sub(r"\b(\w) (?=\w\b)", r"\1", spaced))


def _native_spellings(written: str) -> Iterator[str]:
    cleaned = clean_text(written)
    if _LATIN_LETTER.search(cleaned) is None:
        yield " ".join(NATIVE_WORD.findall(join_initials(cleaned)))
        yield " ".join(NATIVE_WORD.findall(cleaned))
