"""From a column name to one reading: which role it names, whose and in which address it is, and how surely."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Final

from mdm.standardise.columns.headers import DIGITS, UNREAD, Word, read_words, split_words, system_field, table_prefix
from mdm.standardise.columns.lexicon import BLOCK_RANKS
from mdm.standardise.columns.meanings import (
    ADDRESS_PARTS,
    BLOCKS,
    DOCUMENTS,
    REACHES,
    SILENT,
    WORD_STRENGTH,
    Reading,
    named,
)

SYSTEM_STRENGTH: Final = 0.97
FALLBACK_STRENGTH: Final = 0.8
UNREAD_FACTOR: Final = 0.55
CONTACT_FACTOR: Final = 0.8
PREFIX_FACTOR: Final = 0.97
FULLY_READ: Final = frozenset(
    {"key", "entity", "given_name", "family_name", "birth_date", "changed_at", "kind", *DOCUMENTS}
)
"""What a name with a word in no list never means: `Spouse First Name` is not the customer's."""


@lru_cache(maxsize=4096)
def read_header(header: str) -> Reading:
    """The reading of a column name by itself; its neighbours and values are not seen here."""
    field = system_field(header)
    words = read_words(header)
    reading = _system_reading(*field) if field else _reading(words)
    digits = [w.letters for w in words if w.meaning == DIGITS]
    position = int(digits[-1]) if digits and len(digits[-1]) < 4 else 0
    family = " ".join(w for w in split_words(header) if not w.isdecimal())
    prefix = table_prefix(header)
    return _placed(replace(reading, position=reading.position or position, family=family), words, prefix)


def _system_reading(role: str, system: str) -> Reading:
    if role == "closed":
        return Reading(closed="field")
    role, _, block = role.partition("@")
    strength = FALLBACK_STRENGTH if role.endswith("?") else SYSTEM_STRENGTH
    return Reading(role.removesuffix("?"), strength, system, block=block)


def _placed(reading: Reading, words: tuple[Word, ...], prefix: str) -> Reading:
    """The reading with its address and its place in it; a column of a child table stands behind the main table's."""
    if reading.role in ADDRESS_PARTS | {"address"}:
        reading = _in_address(_in_numbered(reading, words), words)
    if not prefix:
        return reading
    return replace(reading, strength=reading.strength * PREFIX_FACTOR, block=f"{prefix}.{reading.block}")


def _in_numbered(reading: Reading, words: tuple[Word, ...]) -> Reading:
    """`address2_city` is of the second address: a number after `address` counts addresses if a part follows it."""
    meanings = [w.meaning for w in words]
    for i in range(1, len(words)):
        parts_follow = any(m in ADDRESS_PARTS or m == "line" for m in meanings[i + 1 :])
        if meanings[i] == DIGITS and meanings[i - 1] in {"address", *BLOCKS} and parts_follow:
            number = int(words[i].letters[:3])
            position = 0 if meanings.count(DIGITS) == 1 else reading.position
            block, rank = (str(number), BLOCK_RANKS["other"]) if number > 1 else ("", 0)
            return replace(reading, block=reading.block + block, rank=rank, position=position)
    return reading


def _in_address(reading: Reading, words: tuple[Word, ...]) -> Reading:
    """Billing, shipping and so on; `City 2` is of another address, `Street 2` and `Address 2` go on with the same."""
    role, block, rank, position = reading.role, reading.block, reading.rank, reading.position
    if reading.origin == "SAP":
        return reading
    named_here = [name for name in BLOCKS if any(w.meaning == name for w in words)]
    block += "".join(name for name in named_here if name != "main")
    rank = max([rank, *(BLOCK_RANKS[name] for name in named_here)])
    if role in {"street", "address"} and position > 1:
        role = "address_extra"
    elif role == "address" and position:
        role = "street"
    elif role not in {"street", "address", "address_extra", "full_address"} and position > 1:
        block, rank = f"{block}#{position}", max(rank, BLOCK_RANKS["other"])
    return replace(reading, role=role, block=block, rank=rank)


def _reading(words: tuple[Word, ...]) -> Reading:
    meanings = {w.meaning for w in words} - SILENT
    closed = next((m for m in ("ours", "parent", "bank", "noise") if m in meanings), "")
    if closed == "parent":
        return _parent(meanings)
    if closed == "bank" and "iban" in meanings and not meanings & {"ours", "noise"}:
        closed = ""
        meanings -= {"bank", "entity"}
    if closed:
        return Reading(closed=closed)
    if "contact" in meanings:
        return _contact(words, meanings)
    factor = UNREAD_FACTOR if UNREAD in meanings else 1.0
    reading = named(meanings - {UNREAD, "main"}, words)
    if factor < 1 and reading.role in FULLY_READ:
        return Reading()
    return replace(reading, strength=reading.strength * factor)


def _parent(meanings: set[str]) -> Reading:
    if meanings - {"parent", "entity", "id", "number", "code", "reference", "main", "name"}:
        return Reading(closed="parent")
    strength = WORD_STRENGTH if meanings & {"id", "number", "code"} else 0.6
    return Reading("parent_key", strength, "")


def _contact(words: tuple[Word, ...], meanings: set[str]) -> Reading:
    """A contact's telephone and e-mail reach the customer; a contact's name and address are not the customer's."""
    reading = named(meanings - {"contact", "main", UNREAD, "plain_name"}, words)
    if reading.role in REACHES:
        return replace(reading, strength=reading.strength * CONTACT_FACTOR)
    if reading.role == "key":
        return replace(reading, strength=0.6)
    return Reading(closed="contact")
