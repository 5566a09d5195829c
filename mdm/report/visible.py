"""Shows untrusted text so that a reader sees what is there: nothing hidden, nothing that turns the page around."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST: Final = 400
"""Characters shown of one value; what is longer ends in its length."""

HIDDEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\U000e0000-\U000e007f]"
)
"""Control, direction and invisible characters. The two joiners of Arabic and Indic scripts are part of their words."""

PILE: Final = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{4})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)
"""More than four marks on one letter, which would run over the lines above and below."""


def visible(text: str) -> str:
    """The text with a marker for each hidden character: `␛` for escape, `⟨U+202E⟩` for a change of direction.

    This is plain text, to be escaped for its page or terminal like any other. Blanks and line breaks inside become
    their signs, so that one value never looks like two.
    """
    short = text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,} characters)"
    return PILE.sub("\\1⟨…⟩", HIDDEN.sub(_marker, short))


def width(text: str) -> int:
    """How many columns of a terminal the text takes: wide characters two, combining marks none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def fit(text: str, columns: int) -> str:
    """The visible text in exactly so many columns of a terminal: cut with `…`, or filled with blanks."""
    shown = visible(text)
    if width(shown) > columns:
        while width(shown) > columns - 1:
            shown = shown[:-1]
        shown += "…"
    return shown + " " * (columns - width(shown))


def _marker(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"⟨U+{code:04X}⟩"
