"""Source records side by side as they were delivered: a row for each role, a column for each record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from mdm.app.desk_difference import Line, folded, mark, plain
from mdm.records import ROLES
from mdm.report.visible import visible
from mdm.standardise import fold_text, spelling_of

LABELS: Final[Mapping[str, str]] = {
    "birth_date": "date of birth",
    "full_address": "address",
    "house_number": "house number",
    "address_extra": "address, more",
    "parent_key": "key of parent",
    "duns": "D-U-N-S number",
    "lei": "LEI",
    "changed_at": "last changed",
    "value": "value at stake",
    "phone": "telephone",
    "email": "e-mail",
    "website": "web site",
    "vat": "VAT number",
    "tax_id": "tax number",
    "register_no": "register number",
    "iban": "IBAN",
    "driving_licence": "driving licence",
}
"""What a role is called on the desk, where that is not its name with blanks."""

OF_THE_RECORD: Final = frozenset({"kind", "parent_key", "changed_at", "value"})
"""Roles that each system writes in its own way or that are about the record: no difference is marked there."""

NAMES: Final = frozenset({"name", "legal_name", "other_name"})

Verdict = Literal["same", "written otherwise", "differs", "only one", ""]
"""`written otherwise`: the same but for accents, signs, blanks and, in names, how the legal form is written."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """One source record: where it lives, its values by role, and whose it is (None when nobody's any more)."""

    system: str
    key: str
    values: Mapping[str, Any]
    master_id: str | None = None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One role: a verdict over all records, and for each record its values, one a line, differences marked."""

    role: str
    label: str
    verdict: Verdict
    cells: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Records side by side, with every role that any of them fills. All texts are ready to be shown as plain text."""

    records: tuple[Delivered, ...]
    rows: tuple[SheetRow, ...]


def label_of(role: str) -> str:
    return LABELS.get(role, role.replace("_", " "))


def texts_of(value: object) -> tuple[str, ...]:
    """The values of one role as texts to show, none left empty."""
    values = value if isinstance(value, list) else [value]
    return tuple(visible(str(v)) for v in values if v is not None and str(v).strip())


def compare_records(records: Sequence[Delivered], golden: Mapping[str, str] | None = None) -> Sheet:
    """The records side by side, marked where they differ.

    With `golden`, each value is held against the golden one, or against the commonest where there is no golden one
    (ties to the first record); without, each of two records is held against the other.
    """
    rows = []
    for role in ROLES:
        given = [texts_of(r.values.get(role)) for r in records]
        if any(given):
            rows.append(_row(role, given, (golden or {}).get(role), pairwise=golden is None and len(records) == 2))
    return Sheet(tuple(records), tuple(rows))


def _row(role: str, given: list[tuple[str, ...]], golden: str | None, *, pairwise: bool) -> SheetRow:
    if role in OF_THE_RECORD:
        return SheetRow(role, label_of(role), "", tuple(tuple(plain(t) for t in texts) for texts in given))
    against = given[::-1] if pairwise else [_reference(given, golden)] * len(given)
    cells = tuple(
        tuple(plain(t) if _spelt(role, t) in {_spelt(role, o) for o in other} else mark(t, other) for t in texts)
        for texts, other in zip(given, against, strict=True)
    )
    verdict = _verdict(given)
    if verdict == "differs" and set.intersection(*({_spelt(role, t) for t in texts} for texts in given if texts)):
        verdict = "written otherwise"
    return SheetRow(role, label_of(role), verdict, cells)


def _spelt(role: str, text: str) -> str:
    """What is left of a value when only its way of writing is taken away."""
    return spelling_of(text) if role in NAMES else fold_text(text).replace(" ", "") or text


def _reference(given: list[tuple[str, ...]], golden: str | None) -> tuple[str, ...]:
    if golden:
        return (visible(golden),)
    counted: dict[str, int] = {}
    first: dict[str, str] = {}
    for text in (t for texts in given for t in texts):
        counted[folded(text)] = counted.get(folded(text), 0) + 1
        first.setdefault(folded(text), text)
    return (first[max(counted, key=lambda name: counted[name])],) if counted else ()


def _verdict(given: list[tuple[str, ...]]) -> Verdict:
    """What a role says over all records that fill it: the same when they have at least one value in common."""
    said = [{folded(t) for t in texts} for texts in given if texts]
    if len(said) == 1:
        return "only one" if len(given) > 1 else ""
    return "same" if set.intersection(*said) else "differs"
