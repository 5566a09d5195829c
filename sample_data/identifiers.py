"""Numbers with a right check digit: VAT numbers by country, LEI, DUNS and IBAN."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import polars as pl

from sample_data.draws import Draws, Ints

Digits = Ints
"""One row for each number, one column for each digit, most significant first."""


def spread(ids: Ints, places: int, key: int) -> Ints:
    """A number of `places` digits for each id, different for different ids below 10^places, in no visible order."""
    size = 10**places
    step = 6180339887 % size | 1
    while step % 5 == 0:
        step += 2
    return (ids * step + key % size) % size


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


def _de(base: Ints) -> pl.Series:
    number = 1_0000000 + base
    return text(number * 10 + iso7064_mod11_10(to_digits(number, 8)), 9, "DE")


def _at(base: Ints) -> pl.Series:
    digits = to_digits(base, 7)
    odd = digits[:, 1::2]
    total = digits[:, 0::2].sum(axis=1) + (odd // 5 + odd * 2 % 10).sum(axis=1)
    return text(base * 10 + (6 - total) % 10, 8, "ATU")


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


def _ch(base: Ints) -> pl.Series:
    number = mod11(10**6 + base % 10**6, (5, 4, 3, 2, 7, 6, 5, 4), minus=True)
    return text(number, 9, "CHE", "MWST")


def _nl(base: Ints) -> pl.Series:
    number = mod11(base % 10**7, (9, 8, 7, 6, 5, 4, 3, 2), minus=False)
    return text(number, 9, "NL", "B01")


def _fr(base: Ints) -> pl.Series:
    siren = (3_0000000 + base) * 10 + luhn(to_digits(3_0000000 + base, 8))
    return text((12 + 3 * (siren % 97)) % 97, 2, "FR") + text(siren, 9)


def _es(base: Ints) -> pl.Series:
    return text(base * 10 + luhn(to_digits(base, 7)), 8, "ESB")


def _it(base: Ints) -> pl.Series:
    number = (base % 10**7) * 1000 + 15
    return text(number * 10 + luhn(to_digits(number, 10)), 11, "IT")


def _gb(base: Ints) -> pl.Series:
    number = 10**6 + base % (9 * 10**6)
    total = weigh(to_digits(number, 7), 8, 7, 6, 5, 4, 3, 2)
    return text(number * 100 + (97 - total % 97), 9, "GB")


def _us(base: Ints) -> pl.Series:
    return text(20 + base % 7, 2, "", "-") + text(base % 10**7, 7)


def _pl(base: Ints) -> pl.Series:
    number = mod11(5_0000000 + base, (6, 5, 7, 2, 3, 4, 5, 6, 7), minus=False)
    return text(number, 10, "PL")


def _cz(base: Ints) -> pl.Series:
    number = 10**6 + base % (8 * 10**6)
    check = (11 - weigh(to_digits(number, 7), 8, 7, 6, 5, 4, 3, 2) % 11) % 10
    return text(number * 10 + check, 8, "CZ")


def _se(base: Ints) -> pl.Series:
    number = 5560_00000 + base % (4 * 10**6) * 10 + base % 7
    return text(number * 10 + luhn(to_digits(number, 9)), 10, "SE", "01")


def _dk(base: Ints) -> pl.Series:
    number = mod11(10**5 + base % (9 * 10**5), (2, 7, 6, 5, 4, 3, 2), minus=True)
    return text(number, 8, "DK")


def _gr(base: Ints) -> pl.Series:
    number = 8_0000000 + base
    total = weigh(to_digits(number, 8), 256, 128, 64, 32, 16, 8, 4, 2)
    return text(number * 10 + total % 11 % 10, 9, "EL")


def _bg(base: Ints) -> pl.Series:
    number = 1_0000000 + base
    digits = to_digits(number, 8)
    check = weigh(digits, 1, 2, 3, 4, 5, 6, 7, 8) % 11
    second = weigh(digits, 3, 4, 5, 6, 7, 8, 9, 10) % 11 % 10
    return text(number * 10 + np.where(check == 10, second, check), 9, "BG")


def _jp(base: Ints) -> pl.Series:
    number = 10_0000_000000 + base * 10 + 1
    check = 9 - weigh(to_digits(number, 12), 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1) % 9
    return text(check * 10**12 + number, 13)


def _cn(base: Ints) -> pl.Series:
    number = 91_310000_0000000_00 + base * 100 + 7
    digits = to_digits(number, 17)
    weights = [pow(3, place, 31) for place in range(17)]
    check = (31 - weigh(digits, *weights) % 31) % 31
    last = pl.Series(list("0123456789ABCDEFGHJKLMNPQRTUWXY")).gather(check)
    return text(number, 17) + last


VAT: Final[dict[str, Callable[[Ints], pl.Series]]] = {
    "DE": _de,
    "AT": _at,
    "CH": _ch,
    "NL": _nl,
    "FR": _fr,
    "ES": _es,
    "IT": _it,
    "GB": _gb,
    "US": _us,
    "PL": _pl,
    "CZ": _cz,
    "SE": _se,
    "DK": _dk,
    "GR": _gr,
    "BG": _bg,
    "JP": _jp,
    "CN": _cn,
}


def vat_numbers(draws: Draws, tax: Ints, country: pl.Series) -> pl.Series:
    """The VAT number (in the United States the EIN) of each registration; null where a country has none here."""
    base = spread(tax, 7, int(draws.bits("vat key", np.zeros(1, dtype=np.int64))[0] % 10**7))
    out = pl.Series("vat", [None], dtype=pl.String).new_from_index(0, len(tax))
    for code in sorted(VAT):
        rows = (country == code).arg_true()
        if len(rows):
            out = out.scatter(rows, VAT[code](base[rows.to_numpy()]))
    return out


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
    out = pl.Series("iban", [None], dtype=pl.String).new_from_index(0, len(entity))
    for code, (bank, places) in sorted(BBAN.items()):
        rows = (country == code).arg_true()
        if len(rows):
            ids = entity[rows.to_numpy()]
            account = text(spread(ids, min(places, 9), draws.seed * 7919), min(places, 9)).str.zfill(places)
            body = bank + account
            check = 98 - mod97(body + f"{code}00", len(bank) + places + 4)
            out = out.scatter(rows, code + text(check, 2) + body)
    return out
