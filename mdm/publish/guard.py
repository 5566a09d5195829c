r"""Keeps text in a CSV file from running as a formula when somebody opens it in a spreadsheet.

Two questions, two patterns (decision 0070). A cell *may look like a formula* when, after apostrophes and anything
invisible, it begins with `=`, `+`, `-`, `@`, tab, CR, LF or a full-width form of these. It *is dangerous* when it looks
like a formula and is not merely a signed number such as `-5` or `+49 30 1234`, which can call nothing.
"""

from __future__ import annotations

from typing import Final

import polars as pl

INVISIBLE: Final = r"[\p{Z}\p{C}\p{M}\x{115F}\x{1160}\x{2800}\x{3164}\x{FFA0}]"
"""Blanks, control, format and combining characters, and the letters that are drawn as blanks."""

STARTS: Final = r"[=+\-@\t\r\n＝＋－＠﹦﹢﹣﹫−]"  # noqa: RUF001 - the full-width forms are the point
"""What begins a formula: the ASCII signs, their full-width and small forms, and the minus sign U+2212."""

LOOKS_LIKE_A_FORMULA: Final = rf"^'*{INVISIBLE}*{STARTS}"
"""Leading apostrophes count as well, so that a guarded cell never equals another cell that was left alone."""

SIGNED_NUMBER: Final = r"^[+-][0-9 .,()/-]*$"


def looks_like_a_formula(text: pl.Expr) -> pl.Expr:
    """Whether a cell must not stand unguarded before a person."""
    return text.str.contains(LOOKS_LIKE_A_FORMULA).fill_null(False)


def is_dangerous(text: pl.Expr) -> pl.Expr:
    """Whether a cell could do more in a spreadsheet than show a number."""
    return looks_like_a_formula(text) & ~text.str.contains(SIGNED_NUMBER).fill_null(False)


def guard_text(text: pl.Expr) -> pl.Expr:
    """The cell with an apostrophe before it when it looks like a formula; for words that people read.

    No two different cells become equal, and taking one apostrophe off a guarded cell gives the original back.
    """
    return pl.when(~looks_like_a_formula(text)).then(text).otherwise(pl.lit("'") + text)


def guard_key(text: pl.Expr) -> pl.Expr:
    """The cell with an apostrophe before it only when it is dangerous; for keys that join back to their source."""
    return pl.when(~is_dangerous(text)).then(text).otherwise(pl.lit("'") + text)


def dangerous_rows(frame: pl.DataFrame) -> pl.Series:
    """For each row of a table of texts whether one of its cells is dangerous."""
    return frame.select(pl.any_horizontal(is_dangerous(pl.col(name)) for name in frame.columns)).to_series()
