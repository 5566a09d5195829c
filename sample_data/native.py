"""Names and addresses in their own script: Greek, Cyrillic, Japanese, Chinese."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import polars as pl

from sample_data.draws import Ints, Mask
from sample_data.lists import load_countries

UNSPACED: Final = ("JP", "CN")
"""Scripts written without blanks between words."""

FINAL_SIGMA: Final = "\N{GREEK SMALL LETTER SIGMA}\\b"
"""Greek writes its s otherwise at the end of a word."""


@cache
def native_pairs(country: int) -> tuple[list[str], list[str]]:
    """What is written for what, the longest first; empty for countries of Latin script."""
    entries = load_countries().facts[country].get("native") or []
    pairs = sorted((str(entry).split("|") for entry in entries), key=lambda pair: (-len(pair[0]), pair[0]))
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def has_native(country: Ints) -> Mask:
    """True for rows whose country has a script of its own."""
    known = np.array([bool(c.get("native")) for c in load_countries().facts])
    return np.asarray(known[country], dtype=np.bool_)


def in_native_script(texts: pl.Series, country: Ints, mask: Mask) -> pl.Series:
    """The texts where the mask holds, in the script of their country; all others as they are."""
    out = texts
    for number, facts in enumerate(load_countries().facts):
        rows = np.flatnonzero(mask & (country == number))
        if facts.get("native") and len(rows):
            latin, native = native_pairs(number)
            written = texts.gather(rows).str.replace_many(latin, native, leftmost=True)
            if facts["code"] in UNSPACED:
                written = written.str.replace_all(" ", "")
            out = out.scatter(rows, written.str.replace_all(FINAL_SIGMA, "\N{GREEK SMALL LETTER FINAL SIGMA}"))
    return out
