"""What the words of a column name mean together: which of them may stand beside a role, and what they make of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mdm.records import MULTI_ROLES
from mdm.standardise.columns.headers import DIGITS, Word

WORD_STRENGTH: Final = 0.95
LATER: Final = 0.02
"""What a mobile or private number, or a name beside a code, stands behind others of its role."""

ADDRESS_PARTS: Final = frozenset(
    {"full_address", "street", "house_number", "address_extra", "postcode", "city", "region", "country"}
)
PLACE_WORDS: Final = frozenset({"postcode", "city"})
REACHES: Final = frozenset({"phone", "mobile", "fax", "email", "website"})
DOCUMENTS: Final = frozenset({"passport", "driving_licence"})
IDENTIFIERS: Final = frozenset({"vat", "tax_id", "register_no", "duns", "lei", "iban", *DOCUMENTS})
NUMBERED: Final = IDENTIFIERS | REACHES | {"postcode", "house_number"}
CODED: Final = (IDENTIFIERS - {"iban"}) | {"postcode", "country", "region"}
WITH_ID: Final = (IDENTIFIERS - {"iban"}) | {"email", "country", "region"}
OTHER_ROLES: Final = frozenset(
    {
        *("name", "legal_name", "trade_name", "given_name", "family_name", "birth_date"),
        *("kind", "company_flag", "mobile", "duns", "lei", "changed_at"),
    }
)
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
    frozenset({"phone", "mobile"}): "phone",
    frozenset({"mobile", "fax"}): "phone",
    frozenset({"given_name", "family_name"}): "full_name",
    frozenset({"trade_name", "other_name"}): "other_name",
}
"""What two roles in one column name mean together; pairs that are not here mean nothing."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a column name says. `role` may also be `key`, `address`, `entity` or a finer word for a name.

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


def named(meanings: set[str], words: tuple[Word, ...]) -> Reading:
    """The role of what is left when qualifiers are read, if every other word goes with that role."""
    roles = {m for m in meanings if m in ADDRESS_PARTS or m in MULTI_ROLES or m in OTHER_ROLES}
    roles = roles - {"name"} or roles  # beside another role `Company` is only whose value it is
    if roles == {"name"} and "address" in meanings:
        if _ends_with_english_name(words):
            return Reading("name", NAME_STRENGTHS["billing"], "English")
        roles = set()
    rest = meanings - roles - {"name"}
    origin = next((w.origin for w in words if w.meaning in roles and w.origin), "")
    if rest >= {"full", "address"}:
        roles.add("full_address")
    rest.discard("full")
    if not roles:
        return _without_role(rest)
    role = _combine(roles)
    if not role or not rest <= _companions(role):
        return Reading(closed="shipping" if "shipping" in rest else "noise" if roles & DOCUMENTS else "")
    if role in {"name", "full_name"} and rest & {"other", "id", "number", "code"}:
        return _name_with(rest, origin)
    strength = NAME_STRENGTHS["full"] if role == "full_name" else WORD_STRENGTH
    return Reading("name" if role == "full_name" else role, strength - _behind(role, rest), origin)


def _ends_with_english_name(words: tuple[Word, ...]) -> bool:
    """`Default Address Company` is the company at an address, `Company Address` and `Adresse entreprise` an address."""
    spoken = [w for w in words if w.meaning in {"name", "address"}]
    return spoken[-1].meaning == "name" and spoken[-1].origin == "English"


def _combine(roles: set[str]) -> str:
    if len(roles) == 1:
        return next(iter(roles))
    if roles <= ADDRESS_PARTS and (len(roles) > 2 or roles >= PLACE_WORDS):
        return "full_address"
    return COMBINED.get(frozenset(roles), "")


def _behind(role: str, rest: set[str]) -> float:
    """What stands later in a list: private numbers, codes of regions after names, names of countries after codes."""
    later = role == "mobile" or (role in REACHES and rest & {"home", "other"}) or (role == "region" and "code" in rest)
    return LATER if later or (role == "country" and "code" not in rest) else 0.0


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
