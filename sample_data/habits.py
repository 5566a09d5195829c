"""How each system's people write: error rates per mille, by system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Habits:
    """How many of a thousand records show each habit or error."""

    old_name: int
    trade_name: int
    legal_missing: int
    legal_other: int
    abbreviated: int
    trade_missing: int
    typo: int
    misread: int
    reordered: int
    department: int
    city_added: int
    remark: int
    capitals: int
    plain: int
    native: int
    old_address: int
    street_short: int
    address_missing: int
    phone_missing: int
    phone_other: int
    email_missing: int
    website_missing: int
    vat_missing: int
    vat_wrong: int
    vat_foreign: int
    duns_missing: int
    placeholder: int


HABITS: Final[dict[str, Habits]] = {
    "salesforce": Habits(
        old_name=100, trade_name=600, legal_missing=300, legal_other=150, abbreviated=40, trade_missing=50, typo=35,
        misread=0, reordered=15, department=12, city_added=25, remark=8, capitals=15, plain=40, native=100,
        old_address=300, street_short=200, address_missing=180, phone_missing=250, phone_other=150, email_missing=600,
        website_missing=300, vat_missing=650, vat_wrong=15, vat_foreign=6, duns_missing=700, placeholder=25,
    ),
    "sap": Habits(
        old_name=150, trade_name=30, legal_missing=50, legal_other=180, abbreviated=130, trade_missing=10, typo=20,
        misread=8, reordered=8, department=20, city_added=12, remark=10, capitals=420, plain=250, native=30,
        old_address=350, street_short=500, address_missing=20, phone_missing=350, phone_other=100, email_missing=700,
        website_missing=900, vat_missing=250, vat_wrong=15, vat_foreign=6, duns_missing=850, placeholder=15,
    ),
    "oracle": Habits(
        old_name=150, trade_name=60, legal_missing=80, legal_other=220, abbreviated=100, trade_missing=15, typo=25,
        misread=15, reordered=12, department=10, city_added=15, remark=8, capitals=350, plain=350, native=450,
        old_address=350, street_short=250, address_missing=30, phone_missing=400, phone_other=150, email_missing=550,
        website_missing=600, vat_missing=350, vat_wrong=20, vat_foreign=8, duns_missing=500, placeholder=20,
    ),
    "odoo": Habits(
        old_name=900, trade_name=350, legal_missing=180, legal_other=220, abbreviated=60, trade_missing=30, typo=30,
        misread=5, reordered=12, department=12, city_added=20, remark=8, capitals=30, plain=60, native=0,
        old_address=450, street_short=350, address_missing=80, phone_missing=200, phone_other=180, email_missing=200,
        website_missing=450, vat_missing=350, vat_wrong=20, vat_foreign=8, duns_missing=1000, placeholder=20,
    ),
    "office": Habits(
        old_name=300, trade_name=550, legal_missing=450, legal_other=150, abbreviated=150, trade_missing=60, typo=60,
        misread=40, reordered=25, department=15, city_added=40, remark=15, capitals=60, plain=200, native=0,
        old_address=350, street_short=400, address_missing=150, phone_missing=150, phone_other=200, email_missing=350,
        website_missing=750, vat_missing=700, vat_wrong=25, vat_foreign=8, duns_missing=1000, placeholder=40,
    ),
}  # fmt: skip
