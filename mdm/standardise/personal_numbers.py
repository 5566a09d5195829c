"""Numbers that a state gives to each of its people for life, told from other tax numbers by their checksum."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stdnum import get_cc_module
from stdnum.exceptions import ValidationError

FOR_LIFE: Final[Mapping[str, str]] = {
    "AT": "vnr",
    "BE": "nn",
    "BR": "cpf",
    "CH": "ssn",
    "CN": "ric",
    "DE": "idnr",
    "EE": "ik",
    "FI": "hetu",
    "FR": "nir",
    "IS": "kennitala",
    "IT": "codicefiscale",
    "KR": "rrn",
    "LT": "asmens",
    "NL": "bsn",
    "NO": "fodselsnummer",
    "PL": "pesel",
    "SE": "personnummer",
    "TR": "tckimlik",
    "ZA": "idnr",
}
"""Country -> python-stdnum's name of the number of which a person has one and which has check digits.

Left out: numbers without check digits (of the United States, Britain and, since 2007, Denmark), which a slip turns
into another right one, and those that are VAT numbers too (Spain, Romania, Bulgaria, Czechia, Ireland): read as such.
"""

SWEDISH_DIGITS: Final = 10
"""Swedish numbers are written with or without the century."""


def personal_scheme(text: str, country: str | None) -> str | None:
    """The kind of number for life that `text` is in that country, by its check digits: `bsn`, `idnr`, `pesel`."""
    kind = FOR_LIFE.get(country or "")
    return kind if kind and _holds(country or "", kind, text) else None


def personal_value(value: str, country: str | None) -> str:
    """The number as all ways to write it agree: of Sweden the last ten digits."""
    return value[-SWEDISH_DIGITS:] if country == "SE" else value


def _holds(country: str, kind: str, text: str) -> bool:
    module = get_cc_module(country.lower(), kind)
    if module is None:
        return False
    try:
        module.validate(text)
    except (ValidationError, ValueError, LookupError):
        return False
    return True
