"""Errors of typing, scanning and exporting, applied to whole columns of text."""

from __future__ import annotations

from typing import Final

import polars as pl

from sample_data.draws import Draws, Ints, Mask

ASCII_FROM: Final = ["ä", "ö", "ü", "Ä", "Ö", "Ü", "ß", "ø", "Ø", "å", "Å", "æ", "Æ", "ł", "Ł"]
ASCII_TO: Final = ["ae", "oe", "ue", "Ae", "Oe", "Ue", "ss", "oe", "Oe", "aa", "Aa", "ae", "Ae", "l", "L"]
SCAN_FROM: Final = ["rn", "ri", "cl", "l", "O", "S", "B", "e", "h"]
SCAN_TO: Final = ["m", "n", "d", "1", "0", "5", "8", "c", "b"]


def where(mask: Mask, yes: pl.Series, no: pl.Series) -> pl.Series:
    """`yes` where the mask holds, else `no`."""
    return yes.zip_with(pl.Series(mask), no)


def empty_texts(count: int) -> pl.Series:
    """A text column without values."""
    return pl.Series([None], dtype=pl.String).new_from_index(0, count)


def blank(texts: pl.Series, mask: Mask) -> pl.Series:
    """The texts with nothing where the mask holds."""
    return where(mask, empty_texts(len(texts)), texts)


def plain_letters(texts: pl.Series) -> pl.Series:
    """ASCII spelling as old systems had it: Mueller for Müller, and other accents dropped."""
    folded = texts.str.replace_many(ASCII_FROM, ASCII_TO).str.normalize("NFKD")
    return folded.str.replace_all(r"\p{M}", "")


def capitals(texts: pl.Series) -> pl.Series:
    """Upper case, as typed on a terminal that knows no umlauts."""
    return plain_letters(texts).str.to_uppercase()


def mistype(texts: pl.Series, draws: Draws, purpose: str, ids: Ints) -> pl.Series:
    """One slip of a finger in each text: two letters swapped, one lost, one doubled or one replaced."""
    frame = pl.DataFrame(
        {
            "t": texts.fill_null(""),
            "slip": draws.weighted(f"{purpose} slip", ids, [30, 30, 20, 20]),
            "roll": draws.below(f"{purpose} at", ids, 1 << 20),
            "letter": pl.Series(list("aeiounrstlmd")).gather(draws.below(f"{purpose} letter", ids, 12)),
        }
    )
    length = pl.col("t").str.len_chars().cast(pl.Int64)
    at = 1 + pl.col("roll") % (length - 2).clip(lower_bound=1)
    before, one = pl.col("t").str.slice(0, at), pl.col("t").str.slice(at, 1)
    two, rest = pl.col("t").str.slice(at + 1, 1), pl.col("t").str.slice(at + 2)
    spoiled = (
        pl.when(length < 4)
        .then("t")
        .when(pl.col("slip") == 0)
        .then(before + two + one + rest)
        .when(pl.col("slip") == 1)
        .then(before + two + rest)
        .when(pl.col("slip") == 2)
        .then(before + one + one + two + rest)
        .otherwise(before + pl.col("letter") + two + rest)
    )
    return frame.select(spoiled.alias("t")).to_series()


def misread(texts: pl.Series, draws: Draws, purpose: str, ids: Ints) -> pl.Series:
    """One letter misread by a scanner: m for rn, 1 for l, 0 for O."""
    which = draws.below(purpose, ids, len(SCAN_FROM))
    out = texts
    for number, (seen, read) in enumerate(zip(SCAN_FROM, SCAN_TO, strict=True)):
        out = where(which == number, texts.str.replace(seen, read, literal=True), out)
    return out


def last_word_first(texts: pl.Series) -> pl.Series:
    """'Logistik Veltron' for 'Veltron Logistik'."""
    return texts.str.replace(r"^(.+) (\S+)$", "$2 $1")


def cut(texts: pl.Series, width: int) -> pl.Series:
    return texts.str.slice(0, width).str.strip_chars_end()


def joined(*parts: pl.Series) -> pl.Series:
    """The parts with a blank between those that are not empty."""
    frame = pl.DataFrame([part.alias(str(number)) for number, part in enumerate(parts)])
    return frame.select(pl.concat_str(pl.all(), separator=" ").str.strip_chars().str.replace_all(" +", " ")).to_series()
