"""Reads a column name: its words, what they mean, and so the role, the address and the place in a joined name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from mdm.standardise.columns.lexicon import LANGUAGES, qualifiers, role_phrases, system_fields

LONGEST_READ: Final = 120
MOST_WORDS: Final = 14
LONGEST_PHRASE: Final = 7
UNREAD: Final = "unread"
DIGITS: Final = "digits"

CUSTOM_FIELD: Final = re.compile(r"__(?:c|pc|r)$", re.IGNORECASE)
TABLE_PREFIX: Final = re.compile(r"^([^\s.]{3,})\.(?=[^\s.]{2,})")
ODD_LETTERS: Final = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ł": "l", "№": "no", "°": " "})


@dataclass(frozen=True, slots=True)
class Word:
    """One part of a column name that means something: its class, the letters, and the language or system it is from."""

    meaning: str
    letters: str
    origin: str = ""


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Small letters without accents; `ß` is `ss`, `Nº` is `no`."""
    decomposed = unicodedata.normalize("NFKD", text.translate(ODD_LETTERS).casefold().translate(ODD_LETTERS))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def split_words(header: str) -> tuple[str, ...]:
    """The folded words of a column name: parted at separators, at changes of case, and between letters and digits.

    >>> split_words("BillingPostalCode"), split_words("USt-IdNr."), split_words("HOUSE_NUM1")
    (('billing', 'postal', 'code'), ('u', 'st', 'id', 'nr'), ('house', 'num', '1'))
    """
    parted: list[str] = []
    text = unicodedata.normalize("NFC", CUSTOM_FIELD.sub("", header.strip()[:LONGEST_READ])).replace("#", " no ")
    for i, c in enumerate(text):
        before, after = text[i - 1 : i], text[i + 1 : i + 2]
        camel = c.isupper() and (before.islower() or (before.isupper() and after.islower()))
        if camel or (before and c.isdecimal() != before.isdecimal()):
            parted.append(" ")
        parted.append(c)
    folded = fold("".join(parted))
    return tuple("".join(c if c.isalnum() else " " for c in folded).split())[:MOST_WORDS]


def compact(text: str) -> str:
    """The letters and digits of a column name alone."""
    return "".join(split_words(text))


@lru_cache(maxsize=1)
def _phrases() -> Mapping[str, Word]:
    found: dict[str, Word] = {}
    for role, spoken in role_phrases().items():
        for language, phrases in spoken.items():
            for letters in (phrase.replace(" ", "") for phrase in phrases):
                found.setdefault(letters, Word(role, letters, LANGUAGES[language]))
    for meaning, phrases in qualifiers().items():
        for letters in (phrase.replace(" ", "") for phrase in phrases):
            found.setdefault(letters, Word(meaning, letters))
    return found


@lru_cache(maxsize=1)
def _system_fields() -> Mapping[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for system, roles in system_fields().items():
        for role, fields in roles.items():
            for field in fields:
                found.setdefault(compact(field), (role, system))
    return found


def table_prefix(header: str) -> str:
    """The child table of a column such as `ADRC.STREET`, folded; empty when there is none."""
    match = TABLE_PREFIX.match(header.strip())
    return compact(match.group(1)) if match and compact(header) not in _phrases() else ""


@lru_cache(maxsize=4096)
def system_field(header: str) -> tuple[str, str] | None:
    """The role word and the system of a column whose name is known from a system, with or without its table's name."""
    words = split_words(header)
    for start in range(min(3, len(words))):
        table = "".join(words[:start])
        if start and (table not in _phrases() or _phrases()[table].meaning != "table"):
            continue
        known = _system_fields().get("".join(words[start:]))
        if known:
            return known
    return None


@lru_cache(maxsize=4096)
def read_words(header: str) -> tuple[Word, ...]:
    """The column name as words with a meaning; what is in no list has the meaning `unread`.

    Of all ways to cover the name by known phrases the one that leaves fewest letters unread is taken, then the one
    with fewest phrases, then the one whose first phrases are longest. A word in no list is parted into known words
    where it consists of nothing else, as in `stateorprovince` or `Rechnungsort`.
    """
    words = split_words(header)
    covered = _cover(words)
    if not any(w.meaning == UNREAD for w in covered):
        return covered
    parted = tuple(piece for word in covered for piece in _part(word))
    return _cover(parted)


def _cover(words: tuple[str, ...]) -> tuple[Word, ...]:
    best: list[tuple[int, int, tuple[Word, ...]]] = [(0, 0, ())]
    for start in range(len(words) - 1, -1, -1):
        options = []
        for end, word in _spans(words, start):
            unread, phrases, rest = best[len(words) - end]
            cost = len(word.letters) if word.meaning == UNREAD else 0
            options.append((unread + cost, phrases + 1, (word, *rest)))
        best.append(min(options, key=lambda option: (option[0], option[1], [-len(w.letters) for w in option[2]])))
    return best[-1][2]


def _spans(words: tuple[str, ...], start: int) -> Iterator[tuple[int, Word]]:
    first = words[start]
    yield start + 1, Word(DIGITS if first.isdecimal() else UNREAD, first)
    for end in range(start + 1, min(len(words), start + LONGEST_PHRASE) + 1):
        known = _phrases().get("".join(words[start:end]))
        if known:
            yield end, known


def _part(word: Word) -> tuple[str, ...]:
    """The known words an unread word consists of, or the word itself; the fewest, the first ones longest."""
    text = word.letters
    if word.meaning != UNREAD or not 5 <= len(text) <= 40:
        return (text,)
    best: list[tuple[str, ...] | None] = [()]
    for start in range(len(text) - 1, -1, -1):
        options = []
        for end in range(len(text), start + 1, -1):
            piece, rest = text[start:end], best[len(text) - end]
            if rest is not None and piece in _phrases() and (len(piece) > 2 or piece in {"id", "no", "nr", "or"}):
                options.append((piece, *rest))
        best.append(min(options, key=lambda option: (len(option), [-len(p) for p in option])) if options else None)
    return best[-1] or (text,)
