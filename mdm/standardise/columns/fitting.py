"""How well the values of a column fit a role: the share that looks right, and whether that look proves anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from mdm.standardise.columns.values import Profile

FEW_ROWS: Final = 50
FEW_DISTINCT: Final = 0.02

Fit = Callable[[Profile], float]


def _name(p: Profile) -> float:
    """A name has letters and is no address, date or flag; a name that nearly every row shares is none."""
    wrong = p.share("email") + p.share("url") + p.share("date") + p.share("flag") + p.share("long")
    fit = max(0.0, p.share("letters") - wrong)
    return fit * 0.2 if p.rows >= FEW_ROWS and p.distinct <= p.rows * FEW_DISTINCT else fit


def _place(p: Profile) -> float:
    return max(0.0, p.share("letters") - p.share("email") - p.share("url") - p.share("long") - p.share("flag"))


def _person(p: Profile) -> float:
    return max(0.0, _place(p) - p.share("digits"))


def _city(p: Profile) -> float:
    return max(0.0, _place(p) - 0.8 * p.share("digits"))


def _country(p: Profile) -> float:
    return max(p.share("country"), 0.6 * _person(p))


def _region(p: Profile) -> float:
    return max(0.0, p.share("letters") - p.share("digits") * 0.5 - p.share("email") - p.share("url") - p.share("long"))


def _number_like(p: Profile) -> float:
    return max(0.0, p.share("digits") - p.share("email") - p.share("url") - p.share("long") - p.share("flag"))


def _document(p: Profile) -> float:
    """A number on paper of one or a few words, with digits in it; neither a date nor a flag."""
    return max(0.0, _number_like(p) - max(0.0, p.share("date") - p.share("plain_integer")))


def _parent(p: Profile) -> float:
    return max(0.0, p.share("one_word") - p.share("email") - p.share("url") - p.share("flag"))


def _extra(p: Profile) -> float:
    return max(0.0, 1 - p.share("email") - p.share("url") - p.share("long") - p.share("flag"))


def _of(*shapes: str) -> Fit:
    return lambda p: min(1.0, max(p.share(shape) for shape in shapes))


FITS: Final[Mapping[str, Fit]] = {
    "name": _name,
    "legal_name": _name,
    "other_name": _name,
    "given_name": _person,
    "family_name": _person,
    "birth_date": _of("date"),
    "kind": _of("kind"),
    "company_flag": _of("flag", "category"),
    "full_address": _place,
    "street": _place,
    "house_number": _of("house"),
    "address_extra": _extra,
    "postcode": _of("postcode"),
    "city": _city,
    "region": _region,
    "country": _country,
    "parent_key": _parent,
    "duns": _of("duns"),
    "lei": _of("lei"),
    "changed_at": _of("date"),
    "phone": _of("phone"),
    "fax": _of("phone"),
    "email": _of("email"),
    "website": lambda p: min(1.0, p.share("domain") + p.share("url") * (1 - p.share("domain"))),
    "vat": _of("mostly_digits", "vat"),
    "tax_id": _number_like,
    "register_no": _number_like,
    "iban": _of("iban"),
    "passport": _document,
    "driving_licence": _document,
}
"""Role, or a finer word for one, to the share of a column's distinct values that can be a value of that role."""


def fit(role: str, profile: Profile) -> float:
    """Share from 0 to 1 of the distinct values that can be a value of that role."""
    return FITS[role](profile)
