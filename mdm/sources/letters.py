"""Which of two Windows code pages a text was written in, judged by the letters its words would have.

Most accented bytes are the same letter in Windows-1252 (Western) and Windows-1250 (Central European). Only the bytes
that differ are judged, each between its neighbours: a Western vowel such as ø is a consonant in the other page (ř),
and vowels stand between consonants.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

VOWELS: Final = "aeiouy"
CONSONANTS: Final = "bcdfghjklmnpqrstvwxz"
BORDER: Final = "^"
"""Stands for the beginning or end of a word."""

ANY: Final = VOWELS + CONSONANTS + BORDER

Rule = tuple[str, str, int]

RULES: Final[dict[str, tuple[Rule, ...]]] = {
    "à": ((ANY, ANY, -1),),  # ŕ is rare
    "ã": ((ANY, "oe", -2), (ANY, BORDER, 1), (ANY, ANY, 2)),  # são, mãe; ă: Brăila
    "å": ((ANY, ANY, -1),),  # ĺ is rare
    "è": (("i", "rsgmcv", -2), (BORDER, BORDER, -2)),  # première, è
    "æ": (("bcdfghjklmnpqrtvwxz", "i", -1),),  # europæisk; ć by default
    "ê": ((ANY, "mnqvrl", -2), ("i", ANY, 2), (ANY, "bdkpzg" + BORDER, 2), (ANY, "t", -1), (ANY, ANY, 0)),  # ę: Dębica
    "ì": ((ANY, BORDER, -1), (ANY, ANY, 2)),  # lunedì; ě: město
    "ï": (("aou", ANY, -2), ("e", "in", -1), (ANY, ANY, 1)),  # naïf; ď: Žďár
    "ð": ((BORDER, ANY, 2), (ANY, ANY, -1)),  # đ begins words, ð never does
    "ñ": ((ANY, VOWELS, -2), (ANY, ANY, 2)),  # España; ń: Gdańsk
    "õ": ((ANY, "e", -2), (ANY, "iu", -1), (ANY, BORDER + "szkgd", 2), ("gyrzv", ANY, 1), (ANY, ANY, -1)),  # ő: Győr
    "ø": (("bdhkptv", "aeiou", 2), (ANY, "ejy", -2), (BORDER, CONSONANTS, -2)),  # øy; ř: Příbram
    "ù": ((ANY, BORDER, -1), (ANY, ANY, 2)),  # où; ů: Dvůr
    "û": (("o", ANY, -2), (ANY, "tlc", -1), (ANY, "r", 0), (ANY, ANY, 2)),  # août; ű: fűszer
    "þ": ((BORDER, ANY, -2), (ANY, ANY, 2)),  # Þór; ţ: Constanţa
    "ÿ": ((ANY, ANY, 1),),  # ź: Łódź
    "œ": ((ANY, "u", -3), (ANY, ANY, 1)),  # cœur; ś: Śląsk
}
"""For a Western letter: (letters before, letters after, score); the first rule that fits counts. Minus is Western.

Letters without a fitting rule are vowels in the Western page and consonants in the other.
"""

AFTER_VOWEL: Final = 2
AFTER_CONSONANT: Final = -1
IN_ONE_PAGE: Final = 2
"""A byte that is a letter in one page and a sign in the other (Ł and £), inside a word of some length."""

SHORTEST: Final = 3


def central_european(words: Iterable[bytes]) -> int:
    """Above zero: the words look like Windows-1250; below zero: like Windows-1252; zero: nothing tells."""
    return sum(max(-4, min(4, _word_score(word))) for word in words)


def _word_score(word: bytes) -> int:
    western = word.decode("cp1252", errors="replace").lower()
    central = word.decode("cp1250", errors="replace").lower()
    base = BORDER + "".join(map(_base, western, central)) + BORDER
    score = 0
    for at, (one, other) in enumerate(zip(western, central, strict=True)):
        if one == other:
            continue
        if one.isalpha() and other.isalpha() and one not in "ªº":
            score += _letter_score(one, base[at], base[at + 2])
        elif sum(sign in VOWELS + CONSONANTS for sign in base) >= SHORTEST and other.isalpha() != _is_letter(one):
            score += IN_ONE_PAGE if other.isalpha() else -IN_ONE_PAGE
    return score


def _letter_score(letter: str, before: str, after: str) -> int:
    for befores, afters, score in RULES.get(letter, ()):
        if before in befores and after in afters:
            return score
    return sum(AFTER_VOWEL if n in VOWELS else AFTER_CONSONANT for n in (before, after) if n != BORDER)


def _is_letter(sign: str) -> bool:
    return sign.isalpha() and sign not in "ªº"


def _base(western: str, central: str) -> str:
    """The plain letter under an accent, by the Western reading where both have one; a border for anything else."""
    for sign in (western, central):
        plain = {"ß": "s", "ø": "o", "æ": "e", "ł": "l"}.get(sign) or unicodedata.normalize("NFD", sign)[0]
        if plain in VOWELS or plain in CONSONANTS:
            return plain
    return BORDER
