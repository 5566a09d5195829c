"""From the words of a column name to one reading: which role it names, in which address, and how surely."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from mdm.records import MULTI_ROLES
from mdm.standardise.columns.headers import DIGITS, UNREAD, Word, read_words, split_words, system_field, table_prefix
from mdm.standardise.columns.lexicon import BLOCK_RANKS

SYSTEM_STRENGTH: Final = 0.97
WORD_STRENGTH: Final = 0.95
UNREAD_FACTOR: Final = 0.55
CONTACT_FACTOR: Final = 0.8

ADDRESS_PARTS: Final = frozenset(
    {"full_address", "street", "house_number", "address_extra", "postcode", "city", "region", "country"}
)
PLACE_WORDS: Final = frozenset({"postcode", "city"})
REACHES: Final = frozenset({"phone", "fax", "email", "website"})
NUMBERED: Final = frozenset(
    {"vat", "tax_id", "register_no", "iban", "duns", "lei", "postcode", "house_number", *REACHES}
)
CODED: Final = frozenset({"vat", "tax_id", "register_no", "duns", "lei", "postcode", "country", "region"})
WITH_ID: Final = frozenset({"vat", "tax_id", "register_no", "duns", "lei", "email", "country", "region"})
IDENTIFIERS: Final = frozenset({"vat", "tax_id", "register_no", "duns", "lei", "iban"})
SILENT: Final = frozenset({"joiner", "table", "value", DIGITS})
BLOCKS: Final = ("shipping", "other", "home", "mailing", "billing", "main")
NAME_STRENGTHS: Final = {"plain": 0.85, "full": 0.82, "entity": 0.7, "billing": 0.6}

COMBINED: Final[dict[frozenset[str], str]] = {
    frozenset({"street", "house_number"}): "street",
    frozenset({"postcode", "city"}): "full_address",
    frozenset({"city", "region"}): "full_address",
    frozenset({"region", "country"}): "country",
    frozenset({"street", "address_extra"}): "address_extra",
    frozenset({"house_number", "address_extra"}): "address_extra",
    frozenset({"vat", "tax_id"}): "vat",
    frozenset({"vat", "register_no"}): "vat",
    frozenset({"tax_id", "register_no"}): "tax_id",
    frozenset({"phone", "fax"}): "phone",
    frozenset({"given_name", "family_name"}): "full_name",
    frozenset({"name", "legal_name"}): "legal_name",
    frozenset({"name", "trade_name"}): "trade_name",
    frozenset({"name", "other_name"}): "other_name",
    frozenset({"trade_name", "other_name"}): "other_name",
}
"""What two roles in one column name mean together; pairs that are not here mean nothing."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a column name says. `role` may also be `key`, `address`, `bare_number`, `entity` or a finer word for a name.

    `closed` names what rules every role out (another's value, a date, a flag); `block` is the address, `position`
    the place in a joined name or among address lines, `family` the name without its number.
    """

    role: str = ""
    strength: float = 0.0
    origin: str = ""
    block: str = ""
    rank: int = 0
    position: int = 0
    family: str = ""
    closed: str = ""


@lru_cache(maxsize=4096)
def read_header(header: str) -> Reading:
    """The reading of a column name by itself; its neighbours and values are not seen here."""
    field = system_field(header)
    words = read_words(header)
    reading = _system_reading(*field) if field else _reading(words)
    digits = [w.letters for w in words if w.meaning == DIGITS]
    position = int(digits[-1]) if digits and len(digits[-1]) < 4 else 0
    family = " ".join(w for w in split_words(header) if not w.isdigit())
    prefix = table_prefix(header)
    return _placed(replace(reading, position=reading.position or position, family=family), words, prefix)


def _system_reading(role: str, system: str) -> Reading:
    if role == "closed":
        return Reading(closed="field")
    role, _, block = role.partition("@")
    return Reading(role, SYSTEM_STRENGTH, system, block=block)


def _placed(reading: Reading, words: tuple[Word, ...], prefix: str) -> Reading:
    """The reading with its address block; a number right after `address` counts addresses if a part follows it."""
    if reading.role not in ADDRESS_PARTS | {"address"}:
        return replace(reading, block=prefix) if prefix else reading
    meanings = [w.meaning for w in words]
    block, rank, position = reading.block, 0, reading.position
    for name in BLOCKS:
        if name in meanings and reading.origin != "SAP":
            block, rank = block + ("" if name == "main" else name), max(rank, BLOCK_RANKS[name])
    for i, meaning in enumerate(meanings[:-1]):
        counts = meaning == DIGITS and i > 0 and meanings[i - 1] in {"address", *BLOCKS}
        if counts and any(m in ADDRESS_PARTS or m == "line" for m in meanings[i + 1 :]):
            number = int(words[i].letters[:3])
            block += "" if number == 1 else str(number)
            rank = max(rank, BLOCK_RANKS["other"] if number > 1 else 0)
            position = 0 if meanings.count(DIGITS) == 1 else position
    if (
        reading.role in ADDRESS_PARTS - {"street", "address_extra", "full_address"}
        and position > 1
        and not reading.block
    ):
        block, rank = block + f"#{position}", max(rank, BLOCK_RANKS["other"])
    role = reading.role
    if role == "street" and reading.origin != "SAP" and position > 1:
        role = "address_extra"
    if role == "address" and position:
        role = "street" if position == 1 else "address_extra"
    return replace(reading, role=role, block=f"{prefix}.{block}" if prefix else block, rank=rank, position=position)


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
    reading = _named(meanings - {UNREAD, "main"}, words)
    if factor < 1 and reading.role in {"key", "bare_number", "entity"}:
        return Reading()
    return replace(reading, strength=reading.strength * factor)


def _parent(meanings: set[str]) -> Reading:
    if meanings - {"parent", "entity", "id", "number", "code", "reference", "main", "name"}:
        return Reading(closed="parent")
    strength = WORD_STRENGTH if meanings & {"id", "number", "code"} else 0.6
    return Reading("parent_key", strength, "")


def _contact(words: tuple[Word, ...], meanings: set[str]) -> Reading:
    """A contact's telephone and e-mail reach the customer; a contact's name and address are not the customer's."""
    reading = _named(meanings - {"contact", "main", UNREAD, "plain_name"}, words)
    if reading.role in REACHES:
        return replace(reading, strength=reading.strength * CONTACT_FACTOR)
    if reading.role == "key":
        return replace(reading, strength=0.6)
    return Reading(closed="contact")


def _named(meanings: set[str], words: tuple[Word, ...]) -> Reading:
    """The role of what is left when qualifiers are read, if every other word goes with that role."""
    roles = {m for m in meanings if m in ADDRESS_PARTS or m in MULTI_ROLES or m in _OTHER_ROLES}
    rest = meanings - roles
    origin = next((w.origin for w in words if w.meaning in roles and w.origin), "")
    if rest >= {"full", "address"}:
        roles.add("full_address")
    rest.discard("full")
    if not roles:
        return _without_role(rest)
    role = _combine(roles)
    if not role or not rest <= _companions(role):
        return Reading(closed="shipping" if "shipping" in rest else "")
    if role in {"name", "full_name"} and rest & {"other", "id", "number", "code"}:
        return _name_with(rest, origin)
    strength = NAME_STRENGTHS["full"] if role == "full_name" else WORD_STRENGTH
    return Reading("name" if role == "full_name" else role, strength, origin)


_OTHER_ROLES: Final = frozenset(
    {"name", "legal_name", "trade_name", "given_name", "family_name", "birth_date", "kind", "duns", "lei", "changed_at"}
)


def _combine(roles: set[str]) -> str:
    if len(roles) == 1:
        return next(iter(roles))
    if roles <= ADDRESS_PARTS and (len(roles) > 2 or roles >= PLACE_WORDS):
        return "full_address"
    return COMBINED.get(frozenset(roles), "")


def _companions(role: str) -> frozenset[str]:
    """The classes of words that may stand beside a role without changing it."""
    allowed = {"entity"}
    if role in ADDRESS_PARTS:
        allowed |= {"address", "line", "plain_name", "billing", "mailing", "home", "other", "shipping"}
    if role in REACHES:
        allowed |= {"address", "billing", "home", "other", "mailing"}
    if role in IDENTIFIERS:
        allowed |= {"billing", "reference"}
    if role in {"name", "full_name"}:
        allowed |= {"plain_name", "id", "number", "code", "other"}
    if role in {"legal_name", "trade_name", "other_name", "given_name", "family_name"}:
        allowed |= {"plain_name", "other"}
    for group, word in ((NUMBERED, "number"), (CODED, "code"), (WITH_ID, "id")):
        if role in group:
            allowed.add(word)
    return frozenset(allowed)


def _name_with(rest: set[str], origin: str) -> Reading:
    if "other" in rest and not rest & {"id", "number", "code"}:
        return Reading("other_name", WORD_STRENGTH, origin)
    if rest & {"id", "number"} and "other" not in rest:
        return Reading("key", 0.9)
    return Reading()


def _without_role(rest: set[str]) -> Reading:
    """A column name of general words alone: a name, a key, an address, or nothing."""
    if "address" in rest:
        blocks = {"address", "line", "entity", *BLOCKS}
        return Reading("address", 0.9) if rest <= blocks else Reading()
    if "plain_name" in rest:
        return _plain_name(rest - {"plain_name"})
    if rest == {"entity"}:
        return Reading("entity", NAME_STRENGTHS["entity"])
    return Reading("key", strength) if (strength := _key_strength(rest)) else Reading(closed=_block_of(rest))


def _plain_name(rest: set[str]) -> Reading:
    if rest == {"other"}:
        return Reading("other_name", WORD_STRENGTH)
    if rest <= {"entity"}:
        return Reading("name" if rest else "plain_name", WORD_STRENGTH if rest else NAME_STRENGTHS["plain"])
    if rest <= {"entity", "billing"}:
        return Reading("name", NAME_STRENGTHS["billing"])
    return Reading(closed=_block_of(rest))


def _key_strength(rest: set[str]) -> float:
    if rest == {"id"}:
        return 0.96
    if rest == {"number"}:
        return 0.55
    if rest in ({"code"}, {"reference"}):
        return 0.5
    named = {"entity"} & rest
    for word, strength in (("id", 0.95), ("number", 0.92), ("code", 0.85), ("reference", 0.8)):
        if word in rest and rest <= {"entity", "id", "number", "code", "reference"} and (named or len(rest) > 1):
            return strength
    return 0.0


def _block_of(rest: set[str]) -> str:
    return next((block for block in ("shipping", "other") if block in rest), "")
