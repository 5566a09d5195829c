"""What stands in a name beside the name: brackets, former and trade names, care-of, departments, remarks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from mdm.standardise.form_tables import NATIVE_WORD, latin_forms, native_forms
from mdm.standardise.name_words import plain_words
from mdm.standardise.text import fold_text
from mdm.standardise.wordlists import word_list
from mdm.standardise.words import join_initials, name_words

_BRACKETS: Final = re.compile(r"[(\[{【「『]([^()\[\]{}【】「」『』]*)[)\]}】」』]")
_SLASH_MARKERS: Final = re.compile(r"(?i)(?<!\w)(?:(c/o)|(t/as?|d/b/a|f/k/a|a/k/a|n/k/a))(?!\w)")
_APART: Final = re.compile(r"(?i)[,;\u2013]|\s-\s")


@dataclass(frozen=True, slots=True)
class Markers:
    """Phrases that divide a name: the words of each, by the word it begins with, longest first."""

    by_first: dict[str, tuple[tuple[tuple[str, ...], str], ...]]
    dividing: frozenset[str]
    inline: frozenset[str]
    apart: frozenset[str]
    departments: frozenset[str]
    department_ends: frozenset[str]
    remarks: tuple[tuple[str, ...], ...]
    remark_words: frozenset[str]


@cache
def markers() -> Markers:
    """The shipped phrases of `data/name_parts.yaml`."""
    lists = word_list("name_parts")
    by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for kind, source in (("other", "other"), ("care", "care"), ("care", "department_of"), ("branch", "branch")):
        for phrase in {tuple(fold_text(p).split()) for p in lists[source]}:
            by_first.setdefault(phrase[0], []).append((phrase, kind))
    apart = frozenset(fold_text(p) for p in lists["other_if_apart"])
    departments = frozenset(fold_text(p) for p in lists["department"])
    remarks = sorted({tuple(fold_text(p).split()) for p in lists["remark"]}, key=lambda words: (-len(words), words))
    return Markers(
        {first: tuple(sorted(found, key=lambda f: (-len(f[0]), f))) for first, found in by_first.items()},
        dividing=frozenset(by_first) | apart,
        inline=frozenset(fold_text(p) for p in lists["inline"]),
        apart=apart,
        departments=departments,
        department_ends=frozenset(p.split()[-1] for p in departments),
        remarks=tuple(remarks),
        remark_words=frozenset(w[0] for w in remarks) | frozenset(w[-1] for w in remarks),
    )


def mark_slashes(text: str) -> str:
    """c/o, t/a and d/b/a in words, because folding would lose their signs."""
    return _SLASH_MARKERS.sub(lambda m: " care of " if m[1] else " trading as ", text)


def split_brackets(text: str, countries: frozenset[str]) -> tuple[str, list[str]]:
    """The text without its brackets, and what stood in them, outermost first.

    A legal form, a country or a word such as Holding stays in the text: Acme (UK) Ltd is not Acme (France) Ltd.
    """
    inside: list[str] = []

    def place(found: re.Match[str]) -> str:
        if _stays(found[1], countries):
            return f" {found[1]} "
        inside.append(found[1])
        return " "

    for _ in range(3):
        text, count = _BRACKETS.subn(place, text)
        if not count:
            break
    return text, inside


def divide(words: list[str], apart_before: frozenset[int] = frozenset()) -> tuple[list[str], list[list[str]]]:
    """The words of the name itself, and those of its further names.

    A marker counts only between two parts that both say something, so a firm may be called Vormals or AKA. What
    follows care-of and a department is dropped; a branch only counts behind a legal form.
    """
    table = markers()
    if table.dividing.isdisjoint(words):
        return words, []
    for at, word in enumerate(words):
        if at in apart_before and word in table.apart and at + 1 < len(words) and at > 0:
            return words[:at], _further(words[at + 1 :])
        if word not in table.by_first:
            continue
        for phrase, kind in table.by_first[word]:
            rest = words[at + len(phrase) :]
            if tuple(words[at : at + len(phrase)]) != phrase:
                continue
            if at == 0 and kind == "care" and rest and phrase == ("care", "of"):
                return divide(rest)
            if at == 0 or (not rest and kind == "other"):
                continue
            if kind == "branch" and words[at - 1] not in latin_forms().last:
                continue
            return words[:at], _further(rest) if kind == "other" else []
    return words, []


def without_marker(words: list[str]) -> list[str]:
    """The words in brackets without the marker they begin with: (formerly Huber), (ex Huber)."""
    table = markers()
    for phrase, kind in table.by_first.get(words[0], ()) if words else ():
        if kind == "other" and tuple(words[: len(phrase)]) == phrase and len(words) > len(phrase):
            return words[len(phrase) :]
    return words[1:] if len(words) > 1 and words[0] in table.apart else words


def strip_department(words: list[str], apart_before: frozenset[int]) -> list[str]:
    """The words without a department at their end, if a legal form or a sign of division stands before it."""
    table = markers()
    if words and words[-1] in table.department_ends:
        for length in range(min(5, len(words) - 1), 0, -1):
            before = len(words) - length
            if " ".join(words[before:]) in table.departments and (
                before in apart_before or words[before - 1] in latin_forms().last
            ):
                return words[:before]
    return words


def strip_remarks(words: list[str]) -> list[str]:
    """The words without remarks such as 'do not use' at either end, unless nothing else is left."""
    table = markers()
    if words and (words[0] in table.remark_words or words[-1] in table.remark_words):
        for remark in table.remarks:
            length = len(remark)
            if len(words) > length and tuple(words[-length:]) == remark:
                return strip_remarks(words[:-length])
            if len(words) > length and tuple(words[:length]) == remark:
                return strip_remarks(words[length:])
    return words


def division_points(text: str, folded: list[str] | None = None) -> tuple[list[str], frozenset[int]]:
    """The folded words of a text, and the positions of those that follow a comma or a dash; `folded` if known."""
    if _APART.search(text) is None:
        return name_words(text) if folded is None else folded, frozenset()
    words: list[str] = []
    points: set[int] = set()
    for part in _APART.split(text):
        points.add(len(words))
        words += name_words(part)
    return words, frozenset(points - {0})


def _further(words: list[str]) -> list[list[str]]:
    first, others = divide(words)
    return [first, *others]


def _stays(inside: str, countries: frozenset[str]) -> bool:
    folded = " ".join(name_words(inside))
    inline = markers().inline
    if not folded or folded.isdigit() or folded in inline or folded in countries or folded in latin_forms().end:
        return True
    if " ".join(plain_words(folded.split())) in inline:
        return True
    return " ".join(NATIVE_WORD.findall(join_initials(inside))) in native_forms().end
