"""Names of things that last: source systems, record keys and master ids."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NewType

from mdm.errors import SettingsInvalid

SystemName = NewType("SystemName", str)
"""The short name of a source system, such as `salesforce` or `sap_de`."""

MasterId = NewType("MasterId", str)
"""The persistent id of one customer, such as `M-000016J-D`. Once given out it is never reused."""

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that an id survives a telephone call."""

CHECK_ALPHABET: Final = ALPHABET + "*~$=U"
"""The check character is the sequence number modulo 37 (Crockford's own scheme)."""

PLACES: Final = 7

ID_FORM: Final = re.compile(rf"M-([{ALPHABET}]{{{PLACES}}})-([{re.escape(CHECK_ALPHABET)}])")
READ_AS: Final = str.maketrans("OIL", "011")
"""Letters that no id has are read as the digits they look like."""


@dataclass(frozen=True, slots=True, order=True)
class RecordKey:
    """Where a source record lives: its source system and that system's own key."""

    system: SystemName
    key: str

    def __str__(self) -> str:
        return f"{self.system}:{self.key}"


def format_master_id(sequence: int) -> MasterId:
    """The master id of a sequence number from 1 to 32^7 - 1; ids sort like their numbers."""
    if not 0 < sequence < 32**PLACES:
        raise SettingsInvalid(f"Master id number {sequence} is outside 1 to {32**PLACES - 1}.")
    digits, rest = "", sequence
    for _ in range(PLACES):
        rest, digit = divmod(rest, 32)
        digits = ALPHABET[digit] + digits
    return MasterId(f"M-{digits}-{CHECK_ALPHABET[sequence % 37]}")


def parse_master_id(text: str) -> int:
    """The sequence number of a master id as typed by a person: case does not matter, O reads as 0, I and L as 1.

    Raises SettingsInvalid when the form or the check character is wrong, so that a typing error never finds
    another customer.
    """
    found = ID_FORM.fullmatch(text.strip().upper().translate(READ_AS))
    if found is None:
        raise SettingsInvalid(f"{text!r} is not a master id.", "It looks like M-000016J-D; check the typing.")
    digits, check = found.groups()
    sequence = 0
    for digit in digits:
        sequence = sequence * 32 + ALPHABET.index(digit)
    if sequence == 0 or CHECK_ALPHABET[sequence % 37] != check:
        raise SettingsInvalid(
            f"{text.strip()} is mistyped: its check character does not fit.", "Compare it with its origin."
        )
    return sequence
