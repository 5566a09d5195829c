"""What a role that may not see personal data gets in its place; nothing leaves the desk for it before it went here.

Persons are masked, and so is every record that is not evidently an organisation: a mask too many hides a telephone
number, one too few tells on somebody. Names, towns and countries stay: without them there is nothing to look at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from mdm.app.asked_again import Again
from mdm.app.desk_customer import CustomerView
from mdm.app.desk_difference import plain
from mdm.app.desk_overview import SetAside
from mdm.app.desk_pair import Pair
from mdm.app.desk_records import Delivered, Sheet, SheetRow, label_of, texts_of
from mdm.records import ROLES
from mdm.standardise import ORGANISATION, told_kind, without_legal_form
from mdm.steward import Change
from mdm.store import Customer

HIDDEN: Final = "•••"
FOR_STEWARDS: Final = "Only stewards see this."

NUMBERS: Final = ("vat", "register_no", "lei", "duns")
"""Numbers that only organisations have, as good as always; a tax number is no such."""


OF_PERSONS: Final = ("birth_date", "given_name", "family_name", "passport", "driving_licence")
"""Values that only people have."""


def _year(text: str) -> str:
    found = re.search(r"(?<!\d)(1[89]|20)\d\d(?!\d)", text)
    return f"{found[0]}-••-••" if found else HIDDEN


def _end(text: str) -> str:
    return f"{HIDDEN} {text[-2:]}" if len(text) > 5 else HIDDEN


def _domain(text: str) -> str:
    _, at, domain = text.rpartition("@")
    return f"{HIDDEN}@{domain}" if at else HIDDEN


def _nothing(_: str) -> str:
    return HIDDEN


MASKS: Final[Mapping[str, Callable[[str], str]]] = {
    "birth_date": _year,
    "phone": _end,
    "fax": _end,
    "email": _domain,
    "iban": _end,
    "vat": _end,
    "tax_id": _end,
    "register_no": _end,
    "passport": _end,
    "driving_licence": _end,
    "full_address": _nothing,
    "street": _nothing,
    "house_number": _nothing,
    "address_extra": _nothing,
    "postcode": _nothing,
    "website": _nothing,
}
"""How each value of a person is shown: by its year, its last two signs, its domain, or not at all."""

LABELLED: Final = {label_of(role): role for role in ROLES}


def is_organisation(values: Mapping[str, object]) -> bool:
    """Whether a record is evidently about an organisation, with nobody's own name or birth date in it."""
    if any(values.get(role) for role in OF_PERSONS):
        return False
    if kind := str(values.get("kind") or ""):
        return told_kind(kind) == ORGANISATION
    if any(values.get(role) for role in NUMBERS):
        return True
    names = [str(values[role]) for role in ("name", "legal_name") if values.get(role)]
    return any(without_legal_form(name) != name for name in names)


def veil_customer(view: CustomerView, customer: Customer) -> CustomerView:
    """The customer as it is shown to somebody who may not see personal data."""
    clear = _clear_customers([customer])
    golden = tuple(
        v if customer.master_id in clear else replace(v, text=_masked(LABELLED[v.label], v.text)) for v in view.golden
    )
    return replace(view, golden=golden, sheet=_veil_sheet(view.sheet, clear))


def veil_pair(pair: Pair, customers: Iterable[Customer]) -> Pair:
    """The pair, likewise; what a steward wrote about it is not shown either."""
    mine = list(customers)
    clear = _clear_customers(mine)
    if len(clear) == len(mine):
        clear = clear | {None}  # the golden record of both together
    decision = pair.decision and replace(pair.decision, reason=FOR_STEWARDS)
    return replace(
        pair,
        records=_veil_sheet(pair.records, clear),
        members=_veil_sheet(pair.members, clear),
        golden=_veil_sheet(pair.golden, clear, golden=True),
        decision=decision,
        evidence=pair.evidence if None in clear else "",  # a fingerprint of what is masked
        again=pair.again and veil_again(pair.again),
    )


def veil_again(again: Again) -> Again:
    """What has changed since a decision, without what it was and is."""
    return replace(again, changes=tuple(_veil_change(change) for change in again.changes))


def veil_set_aside(found: SetAside) -> SetAside:
    """Records that could not be read: nobody knows what is in them, so only where they are is shown."""
    hidden = [pl.lit(None, pl.String()).alias(name) for name in ("key", "raw")]
    return replace(found, rows=found.rows.with_columns(*hidden, reason=pl.lit(FOR_STEWARDS)))


def _veil_change(change: Change) -> Change:
    return replace(change, old=HIDDEN if change.old else "", new=HIDDEN if change.new else "")


def _clear_customers(customers: Iterable[Customer]) -> frozenset[str | None]:
    """The customers whose golden values are no person's: they may come from any of their records."""
    everything = {c.master_id: (c.values, *(m.values for m in c.members)) for c in customers}
    return frozenset(master_id for master_id, all_values in everything.items() if all(map(is_organisation, all_values)))


def _veil_sheet(sheet: Sheet, clear: frozenset[str | None], *, golden: bool = False) -> Sheet:
    """The sheet with the values of persons masked; nothing is marked in them, for a mark tells where they differ."""
    shown = [record.master_id in clear if golden else is_organisation(record.values) for record in sheet.records]
    rows = tuple(_veil_row(row, shown) if LABELLED[row.label] in MASKS else row for row in sheet.rows)
    records = tuple(r if ok else _veil_record(r) for r, ok in zip(sheet.records, shown, strict=True))
    return Sheet(records, rows)


def _veil_row(row: SheetRow, shown: Sequence[bool]) -> SheetRow:
    role = LABELLED[row.label]
    masked = [tuple(plain(_masked(role, "".join(part.text for part in line))) for line in cell) for cell in row.cells]
    cells = zip(row.cells, masked, shown, strict=True)
    return replace(row, cells=tuple(cell if is_clear else hidden for cell, hidden, is_clear in cells))


def _veil_record(record: Delivered) -> Delivered:
    """The record with its values as texts that may be shown."""
    values: dict[str, object] = {}
    for role, value in record.values.items():
        if role in MASKS:
            values[role] = [_masked(role, text) for text in texts_of(value)]
        else:
            values[role] = value
    return replace(record, values=values)


def _masked(role: str, text: str) -> str:
    mask = MASKS.get(role)
    return mask(text) if mask else text
