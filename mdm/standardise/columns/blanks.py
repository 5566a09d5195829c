"""Which characters count as blank at the ends of a value, and the value without them."""

from __future__ import annotations

from typing import Final

import polars as pl

BLANKS: Final = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\u200b\u2060\ufeff"
)
"""Every blank of Unicode, the no-break and ideographic ones too, and the characters of no width that stand alone."""


def trimmed(column: str) -> pl.Expr:
    """A text column without blanks at its ends; null where nothing is left."""
    text = pl.col(column).str.strip_chars(BLANKS)
    return pl.when(text.str.len_bytes() > 0).then(text).alias(column)
