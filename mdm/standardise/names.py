"""Names of organisations: the name as a whole, its core, its legal form, and its further names."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from mdm.standardise.countries import country_words
from mdm.standardise.form_tables import latin_forms
from mdm.standardise.legal_forms import said_once, strip_forms, strip_glued_forms, strip_native_forms
from mdm.standardise.name_parts import (
    divide,
    division_points,
    mark_slashes,
    split_brackets,
    strip_department,
    strip_remarks,
    without_marker,
)
from mdm.standardise.name_words import plain_words
from mdm.standardise.scripts import CJK, clean_text, is_western
from mdm.standardise.securities import strip_security
from mdm.standardise.words import name_words

_GLUED_LATIN: Final = re.compile(r"(?<=[a-z]{2})(GmbH|AG|KG|SE|SpA|LLC|PLC|NV|BV|ASA|SA|AB)(?=\W*$)")
_BRACKET: Final = re.compile("[{【「『]")
_NOT_WORDS: Final = re.compile(f"[^{CJK}]+|[\u30a0-\u30ff\u31f0-\u31ff]+|[{CJK}]")


_SHORT: Final = 4
"""Up to so many letters in brackets are a further name only when they can be short for the name."""


class NameParts(NamedTuple):
    """A name taken apart; `core` is empty only when the whole name folds to nothing."""

    name: str
    core: str
    legal_form: str | None
    others: tuple[str, ...]


def split_name(raw: str) -> NameParts:
    """A name taken apart: folded as a whole, its core, the code of its legal form, the cores of its further names.

    The core is without legal form, care-of, branch, department, securities suffix and stop words, its abbreviations
    are written out and its single initials joined. The core of a core is itself.
    """
    whole = name_words(raw)
    if not whole:
        return NameParts("", "", None, ())
    stripped = raw.strip()
    text, form, others = _prepare(stripped)
    words, points = division_points(text, whole if text == stripped else None)
    words = strip_remarks(words)
    words, further = divide(words, points)
    words = strip_department(words, points)
    words = said_once(words)
    core, latin_form = reduce_words(words or whole)
    key = " ".join(core)
    while (bare := _bare_again(key)) != key:
        key = _core_of(bare.split())
    form = latin_form or form
    if not (others or further):
        return NameParts(" ".join(whole), key, form, ())
    beside = (_core_of(without_marker(strip_remarks(name_words(o)))) for o in others)
    told = [o for o in beside if len(o) > _SHORT or _could_stand_for(o, key)]
    unique = dict.fromkeys([*told, *map(_core_of, further)])
    return NameParts(" ".join(whole), key, form, tuple(o for o in unique if o and o != key))


def spelling_of(raw: str) -> str:
    """What all ways of writing one name have in common: its folded words, and the legal form by its code."""
    words, form = strip_forms(name_words(raw), latin_forms())
    return " ".join([*words, form or ""])


def without_legal_form(text: str) -> str:
    """Words to look for without the legal form at their ends; as they are where there is none or in another script."""
    if not all(unicodedata.name(letter, "").startswith("LATIN") for letter in text if letter.isalpha()):
        return text
    bare, form = strip_forms(name_words(text), latin_forms())
    return " ".join(bare) if form else text


def _bare_again(key: str) -> str:
    """A core without what came to stand at its end only now: a branch, a department, a securities suffix, a glued form,
    its own beginning.
    """
    words = said_once(key.split())
    bare = strip_security(" ".join(strip_department(divide(words)[0], frozenset()) or words))
    return bare if bare.isascii() else strip_glued_forms(bare)[0]


def _core_of(words: list[str]) -> str:
    return " ".join(reduce_words(words)[0])


def _could_stand_for(short: str, core: str) -> bool:
    """Whether letters in brackets can be short for the name: IBM, but not (DEL) or (NEW)."""
    letters = iter(core)
    return len(short) > 1 and short[0] == core[:1] and all(letter in letters for letter in short)


def reduce_words(words: list[str]) -> tuple[list[str], str | None]:
    """Folded words without remarks, legal forms and stop words, written out, until nothing changes; the form found."""
    form: str | None = None
    for _ in range(6):
        bare, found = strip_forms(strip_remarks(words), latin_forms())
        words = plain_words(bare) or bare
        form = form or found
        if words == bare == strip_remarks(words):
            break
    return words, form


def core_tokens(core: str) -> list[str]:
    """The words of a core, in order. Chinese, Japanese and Korean are not divided by blanks: their words are the pairs
    of neighbouring characters, and each run of katakana.
    """
    if core.isascii():
        return core.split()
    return [token for word in core.split() for token in _native_tokens(word)]


def _native_tokens(word: str) -> list[str]:
    if word.isascii():
        return [word]
    tokens: list[str] = []
    run = ""
    for part in [*_NOT_WORDS.findall(word), " "]:
        if len(part) == 1 and not part.isascii() and not "\u30a0" <= part <= "\u31ff":
            run += part
            continue
        tokens += [run[i : i + 2] for i in range(max(1, len(run) - 1))] if run else []
        run = ""
        tokens += [part] if part.strip() else []
    return tokens


def _prepare(raw: str) -> tuple[str, str | None, list[str]]:
    """Text with one name in it, the native legal form, and what stood in brackets."""
    text = raw if _GLUED_LATIN.search(raw[-9:]) is None else _GLUED_LATIN.sub(r" \1", raw)
    text = strip_security(text)
    form: str | None = None
    others: list[str] = []
    native = not (text.isascii() or is_western(text))
    if native:
        text, form = strip_glued_forms(clean_text(text))
    if "/" in text:
        text = mark_slashes(text)
    if "(" in text or "[" in text or (native and _BRACKET.search(text)):
        text, others = _without_brackets(text)
    if native:
        text, native_form = strip_native_forms(text)
        form = form or native_form
    return text, form, others


def _without_brackets(text: str) -> tuple[str, list[str]]:
    outside, inside = split_brackets(text, country_words())
    return (outside, inside) if reduce_words(name_words(outside))[0] else (text, [])
