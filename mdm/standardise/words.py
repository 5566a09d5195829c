"""A name as folded words: initials written with dots or slashes become one word, as in S.p.A., I.B.M. or A/S."""

from __future__ import annotations

import re
from typing import Final

from mdm.standardise.text import fold_text

_DOTTED: Final = re.compile(r"(?<!\w)\w(?:\.\w)+\.?(?!\w)")
_DOTTED_END: Final = re.compile(r"(?<!\w)(\w)\.(\w\w)(?!\w)")
_SLASHED: Final = re.compile(r"(?<!\w)(\w)/(\w)(?!\w)")
_CO_OP: Final = re.compile(r"(?i)\bco-(op)")


def join_initials(text: str) -> str:
    """The text with S.p.A. as SpA, E.ON as EON, A/S as AS and co-op as coop; everything else as it is."""
    if text.find(".", 0, -1) > 0:
        text = _DOTTED.sub(lambda found: found[0].replace(".", ""), text)
        text = _DOTTED_END.sub(r"\1\2", text)
    if "/" in text:
        text = _SLASHED.sub(r"\1\2", text)
    if "-" in text:
        text = _CO_OP.sub(r"co\1", text)
    return text


def name_words(text: str) -> list[str]:
    """The folded words of a name, '&' and its translations as 'and'."""
    return fold_text(join_initials(text)).split()
