"""Which characters count as blank at the ends of a value, and the value without them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

BLANKS: Final = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\u200b\u2060\ufeff"
)
"""Every blank of Unicode, the no-break and ideographic ones too, and the characters of no width that stand alone."""


def trimmed(text: pl.Expr) -> pl.Expr:
    """Text without blanks at its ends; null where nothing is left."""
    return text.str.strip_chars(BLANKS).replace("", None)


def trimmed_columns(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """The columns without blanks, under their own names.

    Polars reads names such as `*` or `^.*$` as patterns, so they are put under numbers while expressions see them.
    """
    numbered = pl.DataFrame([frame.get_column(c).alias(str(i)) for i, c in enumerate(columns)])
    clean = numbered.select(trimmed(pl.col(str(i))).alias(str(i)) for i in range(len(columns)))
    clean.columns = list(columns)
    return clean
