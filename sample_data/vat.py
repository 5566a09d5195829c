"""VAT and tax numbers of each country, with the check digits that country asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import polars as pl

from sample_data.digits import iso7064_mod11_10, luhn, mod11, spread, text, to_digits, weigh
from sample_data.draws import Draws, Ints
from sample_data.spoiling import empty_texts


def _de(base: Ints) -> pl.Series:
    number = 1_0000000 + base
    return text(number * 10 + iso7064_mod11_10(to_digits(number, 8)), 9, "DE")


def _at(base: Ints) -> pl.Series:
    digits = to_digits(base, 7)
    odd = digits[:, 1::2]
    total = digits[:, 0::2].sum(axis=1) + (odd // 5 + odd * 2 % 10).sum(axis=1)
    return text(base * 10 + (6 - total) % 10, 8, "ATU")


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
    out = empty_texts(len(tax))
    for code in sorted(VAT):
        rows = (country == code).arg_true()
        if len(rows):
            out = out.scatter(rows, VAT[code](base[rows.to_numpy()]))
    return out
