"""Ids of Salesforce: 15 characters whose case counts, or 18 of which the last three say the case of the others."""

from __future__ import annotations

import re
from typing import Final

SHORT: Final = 15
CHUNK: Final = 5
SIGNS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
ID: Final = re.compile(r"[A-Za-z0-9]{15}(?:[A-Z0-5]{3})?")


def long_id(text: str) -> str | None:
    """The id in 18 characters; None for what is no id.

    Each sign of the suffix stands for five characters: one bit for each capital, the first one's the lowest.
    """
    if not ID.fullmatch(text):
        return None
    chunks = [text[at : at + CHUNK] for at in range(0, SHORT, CHUNK)]
    bits = [sum(sign.isupper() << place for place, sign in enumerate(chunk)) for chunk in chunks]
    full = text[:SHORT] + "".join(SIGNS[number] for number in bits)
    return full if text in (full, text[:SHORT]) else None
