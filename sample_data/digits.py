"""Digits in columns, and the check digits that several numbering schemes share."""

from __future__ import annotations

import numpy as np
import polars as pl

from sample_data.draws import Ints

Digits = Ints
"""One row for each number, one column for each digit, most significant first."""


def spread(ids: Ints, places: int, key: int) -> Ints:
    """A number of `places` digits for each id, different for different ids below 10^places, in no visible order."""
    size = 10**places
    step = 6180339887 % size | 1
    while step % 5 == 0:
        step += 2
    mixed: Ints = (ids * step + key % size) % size
    return mixed


def to_digits(numbers: Ints, places: int) -> Digits:
    powers = 10 ** np.arange(places - 1, -1, -1, dtype=np.int64)
    return np.asarray(numbers[:, None] // powers % 10, dtype=np.int64)


def text(number: Ints, places: int, prefix: str = "", suffix: str = "") -> pl.Series:
    """The numbers as text of a fixed width."""
    padded = pl.Series(number).cast(pl.String).str.zfill(places)
    return prefix + padded + suffix


def weigh(digits: Digits, *weights: int) -> Ints:
    return np.asarray(digits @ np.array(weights, dtype=np.int64), dtype=np.int64)


def luhn(digits: Digits) -> Ints:
    """The Luhn check digit."""
    doubled = digits.copy()
    doubled[:, ::-1][:, ::2] *= 2
    total = (doubled // 10 + doubled % 10).sum(axis=1)
    return np.asarray(-total % 10, dtype=np.int64)


def iso7064_mod11_10(digits: Digits) -> Ints:
    check = np.full(len(digits), 5, dtype=np.int64)
    for column in digits.T:
        check = (np.where(check == 0, 10, check) * 2 % 11 + column) % 10
    return np.asarray((1 - np.where(check == 0, 10, check) * 2 % 11) % 10, dtype=np.int64)


def mod11(base: Ints, weights: tuple[int, ...], *, minus: bool) -> Ints:
    """The base with a last digit added and its check digit (sum or 11 - sum, mod 11) that is below 10."""
    best = np.zeros(len(base), dtype=np.int64)
    open_ = np.ones(len(base), dtype=np.bool_)
    for last in range(10):
        number = base * 10 + last
        check = weigh(to_digits(number, len(weights)), *weights) % 11
        check = (11 - check) % 11 if minus else check
        best = np.where(open_ & (check < 10), number * 10 + check, best)
        open_ &= check >= 10
    return best
