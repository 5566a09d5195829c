"""The words that column names consist of: `vocabulary.yaml`, `qualifiers.yaml`, `systems.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from mdm.rulebook import load_words

LANGUAGES: Final[Mapping[str, str]] = {
    "en": "English",
    "de": "German",
    "nl": "Dutch",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
    "pl": "Polish",
    "sv": "Swedish",
}

BLOCK_RANKS: Final[Mapping[str, int]] = {
    "main": 0,
    "": 0,
    "billing": 1,
    "mailing": 2,
    "home": 3,
    "other": 4,
    "shipping": 5,
}
"""Which address of several is the customer's: the smaller the better; from `mailing` on an address is secondary."""

ROLE_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "name": ("name", "names"),
    "legal_name": ("legal name", "names"),
    "given_name": ("given name", "given names"),
    "family_name": ("family name", "family names"),
    "birth_date": ("date of birth", "dates"),
    "kind": ("kind of customer", "kinds of customers"),
    "full_address": ("whole address", "addresses"),
    "street": ("street", "streets"),
    "house_number": ("house number", "house numbers"),
    "address_extra": ("addition to the address", "texts"),
    "postcode": ("postcode", "postcodes"),
    "city": ("city", "names of places"),
    "region": ("region", "names or codes of regions"),
    "country": ("country", "countries"),
    "parent_key": ("key of the parent", "keys"),
    "duns": ("D-U-N-S number", "D-U-N-S numbers"),
    "lei": ("LEI", "LEIs"),
    "changed_at": ("date of the last change", "dates"),
    "value": ("value at stake", "amounts"),
    "other_name": ("other name", "names"),
    "phone": ("telephone number", "telephone numbers"),
    "fax": ("fax number", "fax numbers"),
    "email": ("e-mail address", "e-mail addresses"),
    "website": ("website", "web addresses"),
    "vat": ("VAT number", "VAT numbers"),
    "tax_id": ("tax id", "tax ids"),
    "register_no": ("register number", "register numbers"),
    "iban": ("IBAN", "IBANs"),
    "passport": ("passport number", "passport numbers"),
    "driving_licence": ("driving licence number", "driving licence numbers"),
}
"""How a role is called in a sentence, and its values."""


def role_phrases() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Role, or a finer word for one, to language to phrases."""
    return {role: {k: _parted(v) for k, v in spoken.items()} for role, spoken in _read("vocabulary").items()}


def qualifiers() -> Mapping[str, tuple[str, ...]]:
    """Class of meaning to phrases."""
    return {meaning: _parted(phrases) for meaning, phrases in _read("qualifiers").items()}


def system_fields() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """System to role (`role@block`, `role?` for a weaker one, or `closed`) to field names."""
    return {system: {k: _parted(v) for k, v in roles.items()} for system, roles in _read("systems").items()}


def _parted(phrases: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in phrases.split(","))


@cache
def _read(name: str) -> Any:  # noqa: ANN401 (three files of different shapes, known to the functions above)
    text = (files("mdm.standardise.columns") / f"{name}.yaml").read_text(encoding="utf-8")
    return load_words(text)
