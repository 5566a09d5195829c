"""Where two values differ, word by word, so that a person sees it without comparing letter by letter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

PIECE: Final = re.compile(r"\w+|\s+|[^\w\s]")
ALIKE: Final = 0.5
"""The share of a word's letters, at its two ends, from which it is shown as the same word with a difference inside."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text that is alike on both sides, or differs."""

    text: str
    differs: bool


Line = tuple[Part, ...]
"""One value: its parts put together are the whole text."""


def folded(text: str) -> str:
    """A value without what nobody calls a difference: case, width of letters, number of blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def plain(text: str) -> Line:
    """A value with nothing marked."""
    return (Part(text, differs=False),)


def mark(text: str, against: Sequence[str]) -> Line:
    """The text, marked where it differs from the most similar of the other values; unmarked where there is none.

    Of equally similar values the first counts.
    """
    if not against or folded(text) in {folded(other) for other in against}:
        return plain(text)
    nearest = max(against, key=lambda other: SequenceMatcher(None, folded(text), folded(other), autojunk=False).ratio())
    return _joined(_parts(PIECE.findall(text), PIECE.findall(nearest)))


def _parts(words: list[str], others: list[str]) -> list[Part]:
    """The words of one value, compared with those of the other in their order."""
    found: list[Part] = []
    matcher = SequenceMatcher(None, [folded(w) for w in words], [folded(w) for w in others], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            found += [Part(w, differs=False) for w in words[a:b]]
        elif kind == "replace" and b - a == d - c:
            for word, other in zip(words[a:b], others[c:d], strict=True):
                found += _inside(word, other)
        else:
            found += [Part(w, differs=True) for w in words[a:b]]
    return found


def _inside(word: str, other: str) -> list[Part]:
    """One word: its beginning and end where they agree with the other word, the middle marked."""
    one, two = word.casefold(), other.casefold()
    most = min(len(one), len(two))
    head = next((n for n in range(most) if one[n] != two[n]), most)
    tail = next((n for n in range(most - head) if one[-1 - n] != two[-1 - n]), most - head)
    if len(one) != len(word) or head + tail < ALIKE * max(len(one), len(two)):
        return [Part(word, differs=True)]
    middle = len(word) - tail
    if head == middle:  # letters are missing here: the letters around the gap are marked
        head, middle = max(head - 1, 0), min(middle + 1, len(word))
    return [Part(word[:head], differs=False), Part(word[head:middle], differs=True), Part(word[middle:], differs=False)]


def _joined(parts: list[Part]) -> Line:
    """Neighbours of one kind as one part, blanks between marked words marked with them, no empty parts."""
    line: list[Part] = []
    for place, part in enumerate(parts):
        differs = part.differs
        if part.text.isspace():
            differs = bool(line and line[-1].differs and place + 1 < len(parts) and parts[place + 1].differs)
        if not part.text:
            continue
        if line and line[-1].differs == differs:
            line[-1] = Part(line[-1].text + part.text, differs)
        else:
            line.append(Part(part.text, differs))
    return tuple(line)
