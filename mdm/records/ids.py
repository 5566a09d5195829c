"""Names of things that last: source systems, record keys and master ids."""

from __future__ import annotations

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
    parts = text.strip().upper().split("-")
    if len(parts) == 3 and parts[0] == "M" and len(parts[1]) == PLACES and len(parts[2]) == 1:
        digits = parts[1].replace("O", "0").replace("I", "1").replace("L", "1")
        if all(c in ALPHABET for c in digits):
            sequence = 0
            for c in digits:
                sequence = sequence * 32 + ALPHABET.index(c)
            if sequence > 0 and CHECK_ALPHABET[sequence % 37] == parts[2]:
                return sequence
    raise SettingsInvalid(f"{text!r} is not a master id.", "It looks like M-000016J-D; check the typing.")
