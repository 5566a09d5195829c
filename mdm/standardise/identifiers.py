"""Identifiers: VAT, LEI, D-U-N-S, IBAN, tax and register numbers, numbers of persons and of their papers.

Checked where they can be.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple

from stdnum import get_cc_module, iban, lei
from stdnum.exceptions import ValidationError

from mdm.standardise.countries import country_names
from mdm.standardise.personal_numbers import personal_scheme, personal_value
from mdm.standardise.placeholders import REPEATED
from mdm.standardise.text import fold_text

_SIGNS: Final = re.compile(r"[^A-Z0-9]")
_DUMMY: Final = re.compile(r"^[A-Z]{0,3}(?:(\d)\1{4,}|0*123456789?0?|0*12345|0*987654321|0*)[A-Z]{0,3}$")
_VAT_TAIL: Final = re.compile(r"(?:MWST|TVA|IVA|MVA|VAT|USTID)$")
_TAIL_ENDS: Final = frozenset("TAD")
_VAT_HEAD: Final = re.compile(
    r"^(?:USTIDNR|USTID|USTIDNO|VATNO|VATREGNO|VATID|VAT|TVA|MWSTNR|UID|BTWNR|BTW|PIVA|PARTITAIVA|NIF|NIP)(?=[A-Z]{2}[A-Z0-9]|\d)"
)
_VAT_FORM: Final = re.compile(r"^[A-Z]{2}[A-Z0-9]{2,13}$")
_ISO_OF_VAT: Final = {"EL": "GR", "XI": "GB"}
_VAT_OF_ISO: Final = {"GR": "EL"}
_MODULE_OF_VAT: Final = {"CH": "uid", "NO": "orgnr"}
"""Where the VAT module of stdnum asks for words behind the number (MWST, MVA), the number under it is checked."""


class Identifier(NamedTuple):
    """An identifier as `scheme:VALUE`, and whether its checksum and pattern are right."""

    key: str
    valid: bool


def vat_identifier(raw: str, country: str | None) -> Identifier | None:
    """A VAT number as vat:CCVALUE; the country's letters are put before it where they are missing. Greece is EL.

    Invalid are a wrong checksum and a country without a VAT number that can be checked. Null: a placeholder, and a
    number whose country nobody tells.
    """
    value = _VAT_HEAD.sub("", _plain(raw))
    value = _VAT_TAIL.sub("", value) if value[-1:] in _TAIL_ENDS else value
    if _tells_country(value, country):
        prefix, number = value[:2], value[2:]
    elif country is not None:
        prefix, number = _VAT_OF_ISO.get(country, country), value
    else:
        return None
    prefix = _VAT_OF_ISO.get(prefix, prefix)
    if _is_dummy(number) or not _VAT_FORM.match(prefix + number):
        return None
    checker = _vat_checker(prefix)
    whole = f"CHE{number.removeprefix('E')}" if prefix == "CH" else number
    return Identifier(f"vat:{prefix}{number}", checker is not None and _holds(checker, whole))


def lei_identifier(raw: str) -> Identifier | None:
    """A legal entity identifier of 20 characters, checked by ISO 7064."""
    value = _plain(raw)
    return None if len(value) < 10 or _is_dummy(value) else Identifier(f"lei:{value}", lei.is_valid(value))


def duns_identifier(raw: str) -> Identifier | None:
    """A D-U-N-S number of nine digits; it has no checksum, so only its pattern is checked."""
    value = _plain(raw).removeprefix("DUNS")
    value = value.zfill(9) if value.isdigit() and 7 <= len(value) < 9 else value
    return (
        None if len(value) < 5 or _is_dummy(value) else Identifier(f"duns:{value}", len(value) == 9 and value.isdigit())
    )


def iban_identifier(raw: str) -> Identifier | None:
    """An international bank account number, checked by its country's length and pattern, and modulo 97."""
    value = _plain(raw).removeprefix("IBAN")
    return None if len(value) < 10 or _is_dummy(value) else Identifier(f"iban:{value}", iban.is_valid(value))


def tax_identifier(raw: str, country: str | None) -> Identifier | None:
    """A tax number as tax:CC:VALUE; one that is a right VAT number of its country is that VAT number.

    Without a country it is tax::VALUE: two that are equal still agree, in whatever country that is. A country has
    many kinds of tax number and few of them a public checksum, so only the pattern is checked: at least five signs,
    of them four digits. A number that a person has for life and that passes its check is tax:CC:kind:VALUE.
    """
    value = _plain(raw)
    vat = vat_identifier(raw, country)
    if vat is not None and vat.valid:
        return vat
    if _is_dummy(value):
        return None
    if kind := personal_scheme(raw, country) or personal_scheme(value, country):
        return Identifier(f"tax:{country}:{kind}:{personal_value(value, country)}", valid=True)
    return Identifier(f"tax:{country or ''}:{value}", len(value) >= 5 and sum(c.isdigit() for c in value) >= 4)


def document_identifier(scheme: str, raw: str) -> Identifier | None:
    """The number of a passport or driving licence as scheme:VALUE; at least five signs, of them three digits.

    Without a country: papers tell who issued them in other columns, if at all, and a person lives where they like.
    """
    value = _plain(raw)
    if _is_dummy(value):
        return None
    return Identifier(f"{scheme}:{value}", len(value) >= 5 and sum(c.isdigit() for c in value) >= 3)


def register_identifier(raw: str, country: str | None) -> Identifier | None:
    """A number of a company register as reg:CC:VALUE; British numbers get their leading zeros back."""
    value = _plain(raw)
    if country is None or _is_dummy(value):
        return None
    if country == "GB" and value.isdigit() and 5 <= len(value) < 8:
        value = value.zfill(8)
    return Identifier(f"reg:{country}:{value}", len(value) >= 3 and any(c.isdigit() for c in value))


def _plain(raw: str) -> str:
    text = raw if raw.isascii() else fold_text(raw)
    text = text.strip().upper()
    return _SIGNS.sub("", text[:-2] if re.fullmatch(r"\d+\.0", text) else text)


def _is_dummy(value: str) -> bool:
    return (
        not any(c.isdigit() for c in value) or _DUMMY.match(value) is not None or re.match(REPEATED, value) is not None
    )


@cache
def _vat_checker(prefix: str) -> Callable[[str], str] | None:
    """The function that raises when a number of that VAT prefix is wrong; null where no such scheme is known."""
    if not prefix.isalpha():
        return None
    country = _ISO_OF_VAT.get(prefix, prefix)
    module = get_cc_module(country.lower(), _MODULE_OF_VAT.get(country, "vat"))
    return None if module is None else module.validate


def _tells_country(value: str, country: str | None) -> bool:
    """Whether the number begins with the letters of a country; XX stands for one that nobody knew."""
    letters, rest = value[:2], value[2:]
    if not letters.isalpha() or not rest:
        return False
    if letters == country or letters in _ISO_OF_VAT:
        return True
    return (rest.isdigit() and (letters == "XX" or letters.lower() in country_names())) or _vat_checker(
        letters
    ) is not None


def _holds(check: Callable[[str], str], number: str) -> bool:
    """Whether the number passes the check of its country; one that the check cannot even read does not."""
    try:
        check(number)
    except (ValidationError, ValueError, LookupError):
        return False
    return True
