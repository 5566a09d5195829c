"""The one fold of text for match keys: lower-case Latin letters and digits, with Chinese, Japanese and Korean kept.

Two spellings that people take for the same must fold to the same. German ä, ö, ü fold to a, o, u, and so do ae, oe, ue
where they can be an umlaut; so 'Müller', 'Mueller' and 'Muller' are all 'muller' (see docs/decisions/0020).
"""

from __future__ import annotations

import re
from typing import Final

from mdm.standardise.scripts import to_latin

APOSTROPHE: Final = "'`"
_ASCII: Final[dict[int, str | None]] = {
    **{code: None if code < 0x20 or code == 0x7F else " " for code in range(128)},
    **{ord(c): " " for c in "\t\n\r\v\f\x1c\x1d\x1e\x1f"},
    **{ord(c): None for c in APOSTROPHE},
    **{ord(c): c for c in "abcdefghijklmnopqrstuvwxyz0123456789"},
    **{ord(c): c.lower() for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
}
_TERMINAL_ESCAPE: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])")
_UMLAUT: Final = re.compile(
    r"(?<![aeiouq])(?:ae(?!ro|l\b|s\b)(?=[b-df-hj-np-tv-zu])|oe(?!s\b)(?=[b-df-hj-np-tv-z])|ue(?!l\b|s\b)(?=[b-df-hj-np-tv-z]))"
    r"|(?<=g)aa(?=rd)|\baa(?=[b-df-hj-np-tv-z])"
)


def fold_text(text: str) -> str:
    """The match key of any text: words of a-z, 0-9 and native Chinese, Japanese and Korean, with single blanks.

    Steps, in this order: terminal escapes out; NFKC and casefold; invisible characters out; lookalike letters of
    another script put right; transliteration; '&' and '+' read as 'and'; apostrophes out; all other signs a blank;
    umlauts to their plain vowel. Folding twice equals folding once. Never raises; may be empty.
    """
    if "\x1b" in text:
        text = _TERMINAL_ESCAPE.sub(" ", text)
    if not text.isascii():
        text = to_latin(text)
    if "&" in text or "+" in text:
        text = text.replace("&", " and ").replace("+", " and ")
    return fold_umlauts(" ".join(text.translate(_ASCII).split()))


def fold_umlauts(text: str) -> str:
    """The folded text with ae, oe, ue as a, o, u where they can stand for an umlaut.

    Not after a vowel or q (Bauer, Quelle), not before a vowel (Boeing), not at the end of a word (Avenue, shoes), not
    in -uel and -ael (Samuel, Michael), not in aero-. Danish aa is a at the start of a word and in -gaard.
    """
    if "ae" in text or "oe" in text or "ue" in text or "aa" in text:
        return _UMLAUT.sub(lambda found: found[0][0], text)
    return text
