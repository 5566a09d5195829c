"""How a name sounds, roughly: spellings that are said alike get one key (garski and garsky, moonie and mooney).

Coarser than Soundex in vowels and finer in consonants; it serves names of Europe, and of elsewhere as Europe writes
them. Names in the scripts of East Asia stay as they are.
"""

from __future__ import annotations

import string
from typing import Final

import polars as pl

_SAID: Final = {
    "chr": "kr",
    "chl": "kl",
    "sch": "s",
    "tsch": "s",
    "tch": "s",
    "cz": "s",
    "sz": "s",
    "sh": "s",
    "ch": "s",
    "ph": "f",
    "th": "t",
    "gh": "",
    "ck": "k",
    "dt": "t",
    "tz": "s",
    "ce": "se",
    "ci": "si",
    "cy": "si",
    "c": "k",
    "q": "k",
    "x": "ks",
    "z": "s",
    "w": "v",
    "j": "i",
    "y": "i",
    "h": "",
}
"""Letters and how they are said, longer ones first; replaced from left to right in one go."""

_DOUBLE: Final = {letter * 2: letter for letter in string.ascii_lowercase}


def sounds_of(names: pl.Series) -> pl.Series:
    """The sound of each folded name: its first letter, then the consonants."""
    frame = names.to_frame("name").select(name=pl.col("name").str.replace_all(" ", ""))
    said = pl.col("name").str.replace_many(_SAID, leftmost=True).str.replace_many(_DOUBLE)
    first = said.str.slice(0, 1)
    rest = said.str.slice(1).str.replace_all(r"[aeiou]", "").str.replace_many(_DOUBLE)
    return frame.select(sound=pl.concat_str(first, rest)).to_series()
