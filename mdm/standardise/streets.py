"""Streets: words of streets in one form, the house number and the rooms inside a building apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from mdm.standardise.scripts import to_latin
from mdm.standardise.text import fold_text, fold_umlauts
from mdm.standardise.wordlists import word_list

POST_BOX: Final = "pobox"
_TOKEN: Final = re.compile(r"\d+(?:\s?[-/]\s?\d+)*[a-z]?(?![^\W_])|[^\W_]+")
_ZEROS: Final = re.compile(r"^0+(?=\d)")
_NUMBER: Final = re.compile(r"\d+(?:[-/]\d+)*[a-z]?")
_DOTTED: Final = re.compile(r"\b(p|v|c|l|b|pr)[.-](zza|le|so|go|dul|t)\b")
_PART: Final = re.compile(r"[,;\n\r|]|(?<!\d)\s-\s|\s-\s(?!\d)")
_REPEAT: Final = frozenset({"bis", "ter", "quater"})
_BEHIND: Final = frozenset("abcdfghijk") | _REPEAT
_LINKING: Final = frozenset(
    {"des", "du", "de", "of", "the", "dei", "del", "della", "dos", "da", "do", "am", "im", "an"}
)


class StreetParts(NamedTuple):
    """A street without its house number, and the number as 12, 12a, 12-14 or 12/3; either may be empty."""

    street: str
    number: str


@dataclass(frozen=True, slots=True)
class _StreetWords:
    words: dict[str, str]
    only_first: frozenset[str]
    dropped_first: frozenset[str]
    directions: dict[str, str]
    linking: frozenset[str]
    units: frozenset[str]
    types: frozenset[str]
    endings: tuple[tuple[str, str], ...]
    post_box: re.Pattern[str]
    box_words: frozenset[str]


@cache
def _street_words() -> _StreetWords:
    lists = word_list("streets")
    words = {fold_text(w): canonical for canonical, written in lists["words"].items() for w in written}
    numbered = frozenset(words.get(w, w) for w in lists["numbered"])
    boxes = sorted({fold_text(b) for b in lists["boxes"]}, key=lambda b: (-len(b), b))
    box = "|".join(b.replace(" ", r"\W{0,2}") for b in boxes)
    return _StreetWords(
        words,
        only_first=frozenset(lists["only_first"]),
        dropped_first=frozenset(lists["dropped_first"]),
        directions={w: d for d, written in lists["directions"].items() for w in written},
        linking=numbered | _LINKING,
        units=frozenset(fold_text(u) for u in lists["units"]),
        types=numbered | frozenset(lists["words"]) | frozenset(lists["directions"]),
        endings=tuple((ending, short) for short, written in lists["endings"].items() for ending in written),
        post_box=re.compile(rf"(?<!\w)(?:{box})\W{{0,3}}(?:(?:no|nr|n)\W{{0,2}})?(\d[\d ]*)"),
        box_words=frozenset(b.split()[0] for b in boxes),
    )


def split_street(raw: str) -> StreetParts:
    """A street line taken apart: 'Hauptstr. 5 a' and '5a Hauptstraße' are both 'hauptstr' and '5a'.

    Of several parts (building, street, floor) the first with a number counts. A post office box is the street
    'pobox' with its number. Splitting the street that comes out changes nothing more.
    """
    text = _plain_text(raw)
    tokens = _tokens(text)
    if not _street_words().box_words.isdisjoint(tokens):
        box = _street_words().post_box.search(text)
        if box is not None:
            return StreetParts(POST_BOX, box[1].replace(" ", ""))
    words = _main_part(text, tokens)
    number = ""
    for _ in range(8):
        rest, found = _take_number(_without_units(words))
        plain = _plain(rest)
        number = number or found
        if plain == words:
            break
        words = plain
    return StreetParts(" ".join(words), number)


def fold_house_number(raw: str) -> str:
    """A house number as 12, 12a, 12-14 or 12/3; empty when there is no number in it."""
    text = to_latin(raw) if not raw.isascii() else raw.lower()
    found = _NUMBER.search(
        re.sub(r"(?<=\d)\s+(?=[a-z](?![a-z]))|\s*(?=[-/])|(?<=[-/])\s*", "", re.sub(r"^(\d+)\.0$", r"\1", text))
    )
    number = found[0].lstrip("0") if found else ""
    return number if number[:1].isdigit() else ""


def _plain_text(raw: str) -> str:
    text = raw.lower() if raw.isascii() else to_latin(raw)
    text = text.replace("'", "").replace("`", "").replace("#", " unit ")
    return _DOTTED.sub(r"\1\2", text) if text.find(".", 0, -1) > 0 or "-" in text else text


def _main_part(text: str, tokens: list[str]) -> list[str]:
    if _PART.search(text) is None:
        return _without_units(tokens)
    parts: list[list[str]] = []
    for part in _PART.split(text):
        tokens = _without_units(_tokens(part))
        if not tokens:
            continue
        if parts and any(len(p) == 1 and _is_number(p[0]) for p in (tokens, parts[-1])):
            parts[-1] = parts[-1] + tokens
        else:
            parts.append(tokens)
    for tokens in parts:
        if _take_number(tokens)[1]:
            return tokens
    return [token for tokens in parts for token in tokens]


def _tokens(text: str) -> list[str]:
    found = _TOKEN.findall(fold_umlauts(text))
    return [_ZEROS.sub("", t.replace(" ", "")) if t[0].isdigit() else t for t in found]


def _is_number(token: str) -> bool:
    return token[0].isdigit() and _NUMBER.fullmatch(token) is not None


def _without_units(tokens: list[str]) -> list[str]:
    """The tokens without 'suite 200', '3rd floor', '2 og'; a unit word without a number is a word like any other."""
    units = _street_words().units
    if units.isdisjoint(tokens):
        return tokens
    kept: list[str] = []
    skip = False
    for at, token in enumerate(tokens):
        if skip:
            skip = False
            continue
        following = tokens[at + 1] if at + 1 < len(tokens) else ""
        if token in units and (following[:1].isdigit() or (len(following) == 1 and kept)):
            skip = True
        elif token in units and len(kept) > 1 and kept[-1][0].isdigit() and not following:
            kept.pop()
        else:
            kept.append(token)
    return kept


def _take_number(words: list[str]) -> tuple[list[str], str]:
    """The words without the house number: first at the start, then at the end, then behind the name of the street."""
    if len(words) < 2:
        return words, ""
    table = _street_words()
    if _is_number(words[0]) and words[1] != "de":
        length = 2 if len(words) > 2 and (words[1] in _REPEAT or words[1] in "abcdf") else 1
        if _is_name(words[length:]) or any(map(_is_number, words[length:])):
            return words[length:], "".join(words[:length])
    for length in (1, 2):
        at = len(words) - length
        if at > 0 and _is_number(words[at]) and (length == 1 or words[-1] in _BEHIND):
            rest = words[:at]
            if rest[-1] in table.dropped_first and len(rest) > 1:
                return rest[:-1], "".join(words[at:])
            return (rest, "".join(words[at:])) if _is_name(rest) else (words, "")
    for at in range(1, len(words) - 1):
        if _is_number(words[at]) and words[at + 1] != "de" and words[at - 1] not in table.linking:
            return (words[:at], words[at]) if _is_name(words[:at]) else (words, "")
    return words, ""


def _is_name(words: list[str]) -> bool:
    """Whether something is left that is a name: a number behind nothing but 'Highway' belongs to the street."""
    table = _street_words()
    return any(
        table.words.get(w, w) not in table.types and not _is_number(w) and w not in table.directions for w in words
    )


def _plain(words: list[str]) -> list[str]:
    table = _street_words()
    while len(words) > 1 and words[0] in table.dropped_first and words[1] not in table.dropped_first:
        words = words[1:]
    out: list[str] = []
    last = len(words) - 1
    while last > 0 and words[last] in table.directions:
        last -= 1
    for at, word in enumerate(words):
        plain = _plain_word(word, at, last, len(words))
        if plain == "str" and out and not out[-1][0].isdigit():
            out[-1] = fold_umlauts(out[-1] + plain)
        else:
            out.append(plain)
    return out


def _plain_word(word: str, at: int, last: int, count: int) -> str:
    table = _street_words()
    if word in table.directions and count > 1 and (at == 0 or at > last):
        return table.directions[word]
    if word == "st":
        return "street" if at == last and at > 0 else "saint"
    if word == "dr":
        return "drive" if at == last and at > 0 else "doctor"
    if word in table.only_first and (at > 0 or count == 1):
        return word
    for ending, short in table.endings:
        if word.endswith(ending) and len(word) > len(ending):
            return word[: -len(ending)] + short
    return table.words.get(word, word)
