"""Measures what the values of each column look like: shares of its distinct values, all columns at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from mdm.standardise.columns.shapes import FLAGS, KINDS, SHAPES, country_codes, country_names

MOST_DISTINCT: Final = 200
"""Distinct values looked at in each column, picked evenly from all in order: enough for shares, the same every time."""

LONGEST_LOOKED_AT: Final = 200

Filled = np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Profile:
    """One column's values. `filled` marks the rows with a value; `shares` are of the distinct values looked at."""

    filled: Filled
    distinct: int
    shares: Mapping[str, float]

    @property
    def rows(self) -> int:
        return int(self.filled.sum())

    def share(self, shape: str) -> float:
        return self.shares.get(shape, 0.0)


def profile_columns(texts: pl.DataFrame) -> dict[str, Profile]:
    """The profile of every column of trimmed texts; neither the order of rows nor of columns matters."""
    named = {name: texts.get_column(name).alias("values") for name in texts.columns}
    samples = [values.drop_nulls().unique().sort() for values in named.values()]
    shares = _shares(samples)
    return {
        name: Profile(values.is_not_null().to_numpy(), samples[i].len(), shares.get(i, {}))
        for i, (name, values) in enumerate(named.items())
    }


def _shares(samples: list[pl.Series]) -> dict[int, dict[str, float]]:
    """Shares by position of the column, over at most MOST_DISTINCT of its distinct values."""
    picked = [s.gather_every(max(1, -(-s.len() // MOST_DISTINCT))) for s in samples]
    lengths = [s.len() for s in picked]
    if not sum(lengths):
        return {}
    text = pl.concat([s.rename("whole") for s in picked if s.len()])
    column = np.repeat(np.arange(len(picked), dtype=np.int32), lengths)
    long = pl.DataFrame({"column": column, "whole": text})
    measured = (
        long.lazy().with_columns(text=pl.col("whole").str.slice(0, LONGEST_LOOKED_AT)).select("column", *_measures())
    )
    means = measured.collect().group_by("column").agg(pl.exclude("column").mean())
    return {row.pop("column"): row for row in means.iter_rows(named=True)}


def _measures() -> list[pl.Expr]:
    """One truth value for each shape; those that need more than a pattern replace the pattern of that name."""
    text = pl.col("text")
    shapes = {name: text.str.contains(pattern) for name, pattern in SHAPES.items()}
    digits, letters = text.str.count_matches("[0-9]"), text.str.count_matches(r"\p{L}")
    small, prefix = text.str.to_lowercase(), text.str.slice(0, 2).str.to_uppercase()
    mostly_digits = (digits >= 5) & (letters <= 6)
    known_name = small.is_in(country_names())
    counted = {
        "mostly_digits": mostly_digits,
        "phone": mostly_digits & (digits <= 20) & (~shapes["date"] | shapes["plain_integer"]),
        "postcode": shapes["postcode"] & (digits >= 2),
        "vat": shapes["vat"] & (digits >= 7) & prefix.is_in(country_codes()),
        "country_name": known_name,
        "country": known_name | text.str.to_uppercase().is_in(country_codes()),
        "flag": small.is_in(FLAGS),
        "kind": small.str.split(" ").list.eval(pl.element().is_in(KINDS)).list.any(),
        "long": pl.col("whole").str.len_chars() > 100,
        "valid_iban": _checked("iban", shapes),
        "valid_lei": _checked("lei", shapes),
    }
    return [expr.alias(name) for name, expr in {**shapes, **counted}.items()]


def _checked(shape: str, shapes: Mapping[str, pl.Expr]) -> pl.Expr:
    """Whether a value has the shape and its ISO 7064 remainder modulo 97 is 1, as an IBAN's and an LEI's is."""
    text = pl.when(shapes[shape]).then(pl.col("text").str.replace_all(" ", ""))
    turned = text if shape == "lei" else text.str.slice(4) + text.str.slice(0, 4)
    return turned.map_elements(_remainder_is_1, return_dtype=pl.Boolean).fill_null(value=False)


def _remainder_is_1(text: str) -> bool:
    digits = "".join(str(int(c, 36)) for c in text if c.isascii() and c.isalnum())
    return bool(digits) and int(digits) % 97 == 1
