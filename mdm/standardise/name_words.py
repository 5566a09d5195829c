"""Words of names: abbreviations written out, single initials joined, stop words dropped."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Final

from mdm.standardise.text import fold_text, fold_umlauts
from mdm.standardise.wordlists import word_list

UNITS: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True, slots=True)
class NameWords:
    """What is written for a word: `words` one for one, `phrases` by their first word, and what is dropped."""

    words: dict[str, str]
    phrases: dict[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]
    stop: frozenset[str]
    join_and: frozenset[str]


@cache
def name_word_table() -> NameWords:
    """The shipped table of `data/name_words.yaml`."""
    lists = word_list("name_words")
    words = {fold_text(w): fold_text(canonical) for canonical, written in lists["words"].items() for w in written}
    phrases: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for canonical, written in lists["phrases"].items():
        for phrase in written:
            key = tuple(fold_text(phrase).split())
            phrases.setdefault(key[0], []).append((key, tuple(fold_text(canonical).split())))
    for tens, written in lists["tens"].items():
        for word, unit in product(written, range(1, 10)):
            phrases.setdefault(word, []).append(((word, UNITS[unit - 1]), (str(int(tens) + unit),)))
    return NameWords(
        words,
        {first: tuple(sorted(found, key=lambda f: (-len(f[0]), f))) for first, found in phrases.items()},
        frozenset(lists["stop"]),
        frozenset(lists["join_and"]),
    )


def plain_words(words: list[str]) -> list[str]:
    """The words written out, initials joined (I B M, H and M), without 'and' and 'the'; empty if nothing is left."""
    table = name_word_table()
    if not table.phrases.keys().isdisjoint(words):
        words = _write_out_phrases(words, table)
    words = [table.words.get(word, word) for word in words]
    if min(map(len, words), default=9) == 1:
        words = _join_initials(words, table)
    elif not table.stop.isdisjoint(words):
        words = _join_short_pairs(words)
    return [word for word in words if word not in table.stop]


def _write_out_phrases(words: list[str], table: NameWords) -> list[str]:
    out: list[str] = []
    at = 0
    while at < len(words):
        for phrase, canonical in table.phrases.get(words[at], ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                out += canonical
                at += len(phrase)
                break
        else:
            out.append(words[at])
            at += 1
    return out


def _join_initials(words: list[str], table: NameWords) -> list[str]:
    """Neighbouring single letters as one word; the Spanish 'y' and Portuguese 'e' between two words are dropped; a
    single l or d before a vowel is the French article and joins its word.
    """
    kept = [
        word
        for at, word in enumerate(words)
        if not (
            word in table.join_and and 0 < at < len(words) - 1 and len(words[at - 1]) > 1 and len(words[at + 1]) > 1
        )
    ]
    out: list[str] = []
    run: list[str] = []
    for word in [*_join_short_pairs(kept), ""]:
        if len(word) == 1 and word.isascii():
            run.append(word)
            continue
        if len(run) == 1 and run[0] in "ld" and word[:1] and word[0] in "aeiouh":
            out.append(run[0] + word)
            run = []
            continue
        if run:
            out.append(fold_umlauts("".join(run)))
            run = []
        out.append(word)
    return out[:-1]


def _join_short_pairs(words: list[str]) -> list[str]:
    """H and M as hm, AT and T as att, PG and E as pge: 'and' between two short words, one of them a single letter."""
    out: list[str] = []
    at = 0
    while at < len(words):
        if words[at] == "and" and out and at + 1 < len(words):
            left, right = out[-1], words[at + 1]
            if len(left) <= 2 and len(right) <= 2 and min(len(left), len(right)) == 1 and (left + right).isascii():
                out[-1] = fold_umlauts(left + right)
                at += 2
                continue
        out.append(words[at])
        at += 1
    return out
