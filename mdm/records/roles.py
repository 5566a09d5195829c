"""What a source column can mean to us: the closed list of roles, and which of them a golden record carries."""

from __future__ import annotations

from typing import Final, Literal

Role = Literal[
    "name",
    "legal_name",
    "given_name",
    "family_name",
    "birth_date",
    "kind",
    "full_address",
    "street",
    "house_number",
    "address_extra",
    "postcode",
    "city",
    "region",
    "country",
    "parent_key",
    "duns",
    "lei",
    "changed_at",
    "value",
    "other_name",
    "phone",
    "email",
    "website",
    "vat",
    "tax_id",
    "register_no",
    "iban",
    "passport",
    "driving_licence",
    "fax",
]

SINGLE_ROLES: Final[tuple[Role, ...]] = (
    "name",
    "legal_name",
    "given_name",
    "family_name",
    "birth_date",
    "kind",
    "full_address",
    "street",
    "house_number",
    "address_extra",
    "postcode",
    "city",
    "region",
    "country",
    "parent_key",
    "duns",
    "lei",
    "changed_at",
    "value",
)
"""Roles with one value a record: of several mapped columns the first that is not empty counts."""

MULTI_ROLES: Final[tuple[Role, ...]] = (
    "other_name",
    "phone",
    "fax",
    "email",
    "website",
    "vat",
    "tax_id",
    "register_no",
    "iban",
    "passport",
    "driving_licence",
)
"""Roles with any number of values a record: every mapped column adds one."""

ROLES: Final[tuple[Role, ...]] = SINGLE_ROLES + MULTI_ROLES

GOLDEN_ATTRIBUTES: Final[tuple[str, ...]] = (
    "name",
    "legal_name",
    "given_name",
    "family_name",
    "birth_date",
    "street",
    "house_number",
    "postcode",
    "city",
    "region",
    "country",
    "phone",
    "email",
    "website",
    "vat",
    "tax_id",
    "lei",
    "duns",
    "iban",
    "register_no",
)
"""What a golden record says about a customer, in the order in which it is shown and exported.

Passports and driving licences are compared, not passed on: no system needs another one's."""
