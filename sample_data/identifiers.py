"""Numbers with which the world knows a firm: DUNS, Legal Entity Identifier, bank account."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from sample_data.digits import spread, text
from sample_data.draws import Draws, Ints
from sample_data.spoiling import empty_texts


def duns_numbers(draws: Draws, entity: Ints) -> pl.Series:
    key = int(draws.bits("duns key", np.zeros(1, dtype=np.int64))[0] % 10**8)
    return text(10**8 + spread(entity, 8, key) * 8, 9)


def mod97(characters: pl.Series, width: int) -> Ints:
    """The value modulo 97 of equally long texts of digits and capital letters, letters counting 10 to 35."""
    raw = np.frombuffer("".join(characters.to_list()).encode("ascii"), dtype=np.uint8).reshape(-1, width)
    value = raw.astype(np.int64) - 48
    value = np.where(value > 9, value - 7, value)
    rest = np.zeros(len(raw), dtype=np.int64)
    for column in value.T:
        rest = (rest * np.where(column > 9, 100, 10) + column) % 97
    return rest


def lei_codes(draws: Draws, entity: Ints) -> pl.Series:
    """A Legal Entity Identifier (ISO 17442) for each entity."""
    key = int(draws.bits("lei key", np.zeros(1, dtype=np.int64))[0] % 10**9)
    body = text(spread(entity, 9, key), 9, "984500", "A0B")
    return body + text(98 - mod97(body + "00", 20), 2)


BBAN: Final[dict[str, tuple[str, int]]] = {
    "DE": ("50070010", 10),
    "AT": ("19043", 11),
    "CH": ("00762", 12),
    "NL": ("ZZBK", 10),
    "DK": ("0040", 10),
    "PL": ("10901014", 16),
    "SE": ("500", 17),
    "GB": ("ZZBK601613", 8),
}
"""Country: an invented or documentation bank code and the number of digits of the account."""


def ibans(draws: Draws, entity: Ints, country: pl.Series) -> pl.Series:
    """An IBAN (ISO 13616) for each entity of a country in BBAN, null elsewhere."""
    out = empty_texts(len(entity))
    for code, (bank, places) in sorted(BBAN.items()):
        rows = (country == code).arg_true()
        if len(rows):
            ids = entity[rows.to_numpy()]
            account = text(spread(ids, min(places, 9), draws.seed * 7919), min(places, 9)).str.zfill(places)
            body = bank + account
            check = 98 - mod97(body + f"{code}00", len(bank) + places + 4)
            out = out.scatter(rows, code + text(check, 2) + body)
    return out
