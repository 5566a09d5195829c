"""Names of persons: given and family name out of one field, titles aside."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from mdm.standardise.scripts import has_cjk
from mdm.standardise.text import fold_text
from mdm.standardise.wordlists import word_list
from mdm.standardise.words import join_initials


class PersonName(NamedTuple):
    """A person's name in the order given, family; a part that is not told is empty."""

    whole: str
    given: str
    family: str


@dataclass(frozen=True, slots=True)
class _PersonWords:
    titles: frozenset[str]
    particles: frozenset[str]
    generations: dict[str, str]


@cache
def _person_words() -> _PersonWords:
    lists = word_list("name_parts")
    titles = frozenset(word for title in lists["titles"] for word in fold_text(title).split())
    generations = {fold_text(word): short for short, written in lists["generations"].items() for word in written}
    return _PersonWords(titles, frozenset(fold_text(p) for p in lists["particles"]), generations)


def split_person(raw: str) -> PersonName:
    """A person's name taken apart: 'Smith, John', 'Dr. Anna Meier', 'Ludwig van Beethoven'.

    Behind a comma stands the given name, if it is no junior. Without a comma the last word, and the particles before
    it, are the family name; a junior, senior or third stays behind it. A name in Chinese, Japanese or Korean, and a
    single word, is not divided.
    """
    text = join_initials(raw)
    before, comma, after = text.partition(",")
    family, given = person_words(before), person_words(after)
    if given in _person_words().generations:
        family, given = f"{family} {_person_words().generations[given]}".strip(), ""
    if comma and family and given:
        return PersonName(f"{given} {family}", given, family)
    whole = family or given
    words = whole.split()
    if len(words) < 2 or has_cjk(whole):
        return PersonName(whole, "", "")
    start = len(words) - (2 if len(words) > 2 and words[-1] in _person_words().generations else 1)
    while start > 1 and words[start - 1] in _person_words().particles and len(words[start - 1]) > 1:
        start -= 1
    return PersonName(whole, " ".join(words[:start]), " ".join(words[start:]))


def person_words(raw: str) -> str:
    """A folded part of a person's name without titles at either end; a name that is only titles is kept.

    A junior or senior at the end is no title, as it tells father and son apart: it stays, as jr or sr.
    """
    words = fold_text(raw).split()
    titles, generations = _person_words().titles, _person_words().generations
    start, end = 0, len(words)
    while start < end and words[start] in titles:
        start += 1
    while end > start and words[end - 1] in titles and not (end > start + 1 and words[end - 1] in generations):
        end -= 1
    kept = words[start:end] or words
    if len(kept) > 1:
        kept[-1] = generations.get(kept[-1], kept[-1])
    return " ".join(kept)
