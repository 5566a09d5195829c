"""What a steward may set as a golden value: a known field, and a value of that field's form."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final

import polars as pl

from mdm.errors import SettingsInvalid
from mdm.records import GOLDEN_ATTRIBUTES, MAPPED, MULTI_ROLES, conform
from mdm.rulebook.stages import StandardiseRules
from mdm.standardise import standardise

LONGEST: Final = 1_000
NUMBERS: Final = frozenset({"vat", "tax_id", "lei", "duns", "iban", "register_no"})
FORMS: Final[Mapping[str, tuple[str, str]]] = {
    "birth_date": ("birth_date", "Write it as 1980-01-31."),
    "country": ("country", "Write its ISO code, such as DE, or its name."),
    "phone": ("phones", "Write it with the code of its country, such as +49 30 123456."),
    "email": ("emails", "Write it as name@company.example."),
}
"""Fields with a form, the standard column that is filled when a value has it, and what to do when it has not."""


def parse_field(text: str) -> str:
    """The golden attribute that is meant. Raises SettingsInvalid, naming all of them, for any other."""
    found = text.strip().lower().replace("-", "_").replace(" ", "_")
    if found not in GOLDEN_ATTRIBUTES:
        raise SettingsInvalid(f"There is no field {text!r}.", f"The fields are {', '.join(GOLDEN_ATTRIBUTES)}.")
    return found


def checked_value(attribute: str, text: str, country: str | None, rules: StandardiseRules) -> str:
    """The value, trimmed. Raises SettingsInvalid where it has not the form of its field; numbers are checked in full.

    `country` is the customer's, by which numbers without a country are read.
    """
    value = text.strip()
    if not value or len(value) > LONGEST or any(unicodedata.category(letter) in ("Cc", "Cs") for letter in value):
        raise SettingsInvalid(
            f"The {attribute} cannot be {text!r}.", f"Give a value of one line, at most {LONGEST:,} letters long."
        )
    if attribute not in NUMBERS and attribute not in FORMS:
        return value
    standard = standardise(_as_record(attribute, value, country), rules, {})
    column, how = FORMS.get(attribute, ("identifiers", "Check the typing: its form or check digits are wrong."))
    read = standard[column][0]
    if read is None or not len(read):
        raise SettingsInvalid(f"{value!r} is no valid {attribute.replace('_', ' ')}.", how)
    return value


def _as_record(attribute: str, value: str, country: str | None) -> pl.DataFrame:
    """A record with this one value, as it would be delivered."""
    given: dict[str, object] = {"system": "steward", "key": "1", "row_hash": "", "country": country}
    given[attribute] = [value] if attribute in MULTI_ROLES else value
    row = {name: [given.get(name)] for name in MAPPED}
    return conform(pl.DataFrame(row, schema=dict(MAPPED)), MAPPED, "mapped")
