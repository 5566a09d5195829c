"""Writing systems: invisible characters, lookalike letters, and the way from other scripts to Latin letters.

Chinese, Japanese and Korean characters are kept as they are: read aloud by a machine, a Japanese name comes out as
Chinese, and no table of sounds makes it equal to the name the firm uses abroad.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

from anyascii import anyascii

from mdm.standardise.wordlists import word_list

CJK: Final = (
    "\u3005-\u3007\u3040-\u309a\u309d-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uac00-\ud7a3\U00020000-\U0003ffff"
)
"""Han, kana and hangul, as the inside of a character class."""

_CJK_CHARACTER: Final = re.compile(f"[{CJK}]")
_MARKS: Final = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_TOO_MANY_MARKS: Final = re.compile(f"([{_MARKS}]{{8}})[{_MARKS}]+")
_POINTS: Final = re.compile("[\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]")
_OTHER_ALPHABET: Final = re.compile("[\u0370-\u03ff\u0400-\u052f\u1f00-\u1fff]")
_MIXED_WORD: Final = re.compile("[a-z\u0370-\u03ff\u0400-\u052f\u1f00-\u1fff]+")
_GREEK: Final = re.compile("[\u0370-\u03ff\u1f00-\u1fff]+")

_APOSTROPHES: Final = "'`\u2019\u2018\u201b\u00b4\u02bc\u02b9\u02bb\u2032\uff07"
_MADE_OF_LETTERS: Final = "\u2122\u00ae\u00a9\u2120\u2117"
"""Signs of trade marks: NFKC would make letters of them."""


@dataclass(frozen=True, slots=True)
class _Scripts:
    looks_latin: dict[int, str]
    looks_cyrillic: dict[int, str]
    greek_pairs: tuple[tuple[str, str], ...]
    greek: dict[int, str]
    simpler_han: dict[int, str]


@cache
def _scripts() -> _Scripts:
    lists = word_list("scripts")
    return _Scripts(
        str.maketrans(lists["lookalikes"]["latin"]),
        str.maketrans(lists["lookalikes"]["cyrillic"]),
        tuple(lists["greek"]["pairs"].items()),
        str.maketrans(lists["greek"]["letters"]),
        str.maketrans(lists["han"]),
    )


class _Cleaner(dict[int, str | None]):
    """What becomes of one character before NFKC: filled as characters are met, bounded by Unicode."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        self[code] = value = self.clean(character)
        return value

    @staticmethod
    def clean(character: str) -> str | None:
        if character in _APOSTROPHES:
            return "'"
        if character in _MADE_OF_LETTERS or unicodedata.category(character) in {"Cf", "Cs", "Co", "Cn"}:
            return None
        if unicodedata.category(character) == "Cc":
            return " " if character.isspace() else None
        if unicodedata.category(character) == "Pd":
            return "-"
        return " " if character.isspace() else character


class _Transliterator(dict[int, str | None]):
    """What becomes of one clean character: Latin letters, itself, a blank or nothing; filled as characters are met."""

    def __missing__(self, code: int) -> str | None:
        self[code] = value = self.latin(chr(code))
        return value

    @staticmethod
    def latin(character: str) -> str | None:
        if _CJK_CHARACTER.match(character):
            return character if character.isalnum() else " "
        category = unicodedata.category(character)
        if category[0] in "SZ":
            return " "
        if category[0] == "M" and re.match(f"[{_MARKS}]", character):
            return None
        plain = anyascii(character).lower()
        return "".join(c if c.isalnum() else " " for c in plain.replace("'", "").replace("`", ""))


class _WesternLetters(dict[int, str | None]):
    """What becomes of one raw letter of a western text, where no letter depends on its neighbours."""

    def __missing__(self, code: int) -> str | None:
        self[code] = value = _any_to_latin(chr(code))
        return value


_CLEAN: Final = _Cleaner()
_LATIN: Final = _Transliterator({code: chr(code) for code in range(128)})
_WESTERN: Final = _WesternLetters({code: chr(code).lower() for code in range(128)})
_NOT_WESTERN: Final = re.compile("[^\x00-\xb4\xb6-\u024f]")
"""Beyond the letters of Latin-1 and Latin Extended; the micro sign counts as Greek."""


def clean_text(text: str) -> str:
    """The text in its own script: NFKC, casefolded, without invisible characters, lookalike letters put right.

    At most eight marks a letter are kept, so that a letter under ten thousand marks costs nothing.
    """
    text = _TOO_MANY_MARKS.sub(r"\1", text).translate(_CLEAN)
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).translate(_CLEAN)
    if _OTHER_ALPHABET.search(text):
        text = _MIXED_WORD.sub(_one_alphabet, text)
    return text


def is_western(text: str) -> bool:
    """Whether the text is of Latin letters, with or without accents, and nothing else that needs care."""
    return _NOT_WESTERN.search(text) is None


def to_latin(text: str) -> str:
    """The text in small Latin letters, digits and signs; Chinese, Japanese and Korean are kept in their own."""
    return text.translate(_WESTERN) if is_western(text) else _any_to_latin(text)


def _any_to_latin(text: str) -> str:
    text = _POINTS.sub("", clean_text(text))
    if _OTHER_ALPHABET.search(text):
        text = _GREEK.sub(_greek, text)
    return text.translate(_scripts().simpler_han).translate(_LATIN)


def has_cjk(text: str) -> bool:
    """Whether the text holds a Chinese, Japanese or Korean character."""
    return not text.isascii() and _CJK_CHARACTER.search(text) is not None


def _one_alphabet(word: re.Match[str]) -> str:
    """A word of two alphabets in the one of which all its letters could be; any other word as it is."""
    text = word[0]
    if text.isascii() or not any("a" <= c <= "z" for c in text):
        return text
    latin = text.translate(_scripts().looks_latin)
    if latin.isascii():
        return latin
    other = text.translate(_scripts().looks_cyrillic)
    return text if any("a" <= c <= "z" for c in other) else other


def _greek(run: re.Match[str]) -> str:
    """Greek in the Latin letters of ELOT 743, without its pairs that depend on the sound of the next letter."""
    plain = "".join(c for c in unicodedata.normalize("NFD", run[0]) if not unicodedata.combining(c))
    for pair, latin in _scripts().greek_pairs:
        plain = plain.replace(pair, latin)
    return plain.translate(_scripts().greek)
