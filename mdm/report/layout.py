"""Arranges the figures of a run as the grids and bars of the page; plain geometry, no markup."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mdm.report.facts import Example, Figures

MOST_COLUMNS: Final = 10
"""Systems side by side in a grid; further ones are named as left out."""

SIZE_STEPS: Final = ((1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 10), (11, 20), (21, 50), (51, None))

ATTRIBUTES: Final = {
    "name": "Name",
    "street": "Street",
    "postcode": "Postcode",
    "city": "City",
    "country": "Country",
    "phone": "Phone",
    "email": "E-mail",
    "website": "Website",
    "vat": "VAT number",
    "tax_id": "Tax id",
    "register_no": "Register number",
    "lei": "LEI",
    "duns": "D-U-N-S",
    "iban": "IBAN",
    "passport": "Passport",
    "driving_licence": "Driving licence",
    "birth_date": "Date of birth",
    "licence": "Driving licence",
    "tax": "Tax id",
    "reg": "Register number",
}


TOGETHER: Final = {
    "Name": ("Name",),
    "Address": ("Street", "Place", "Country"),
    "Born": ("Born",),
    "Contact": ("Phone", "E-mail", "Website"),
    "Numbers": ("VAT no.", "Tax id"),
}
"""Column of an example's table -> the headings whose values stand in it one below the other."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar, in percent of the width of the drawing; `kind` is its class in the style sheet."""

    kind: str
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class OverlapRow:
    """A system's customers, then how many of them each system of the matrix has too; None is itself."""

    system: str
    customers: int
    shared: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Overlap:
    """The overlap matrix of the largest systems."""

    rows: tuple[OverlapRow, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class QualityCell:
    """An attribute in one system; None where the system does not deliver it."""

    records: int
    delivered: int
    unusable: int


@dataclass(frozen=True, slots=True)
class QualityGrid:
    """Attributes as rows, the largest systems as columns."""

    systems: tuple[str, ...]
    rows: tuple[tuple[str, tuple[QualityCell, ...]], ...]
    left_out: int


def bar(parts: Sequence[tuple[str, int]], whole: int) -> list[Segment]:
    """The parts of a bar one after the other, drawn to the scale of `whole`."""
    segments, before = [], 0
    for kind, count in parts:
        if count:
            segments.append(Segment(kind, _share(before, whole), _share(count, whole)))
        before += count
    return segments


def overlap(figures: Figures) -> Overlap:
    """Customers of each system (row) that each other system (column) has too."""
    shown = figures.systems.head(MOST_COLUMNS)
    names = shown.get_column("system").to_list()
    both = {(left, right): n for left, right, n in figures.overlap.rows()}
    rows = tuple(
        OverlapRow(
            system,
            customers,
            tuple(None if o == system else both.get((min(system, o), max(system, o)), 0) for o in names),
        )
        for system, customers in shown.select("system", "customers").rows()
    )
    return Overlap(rows, figures.systems.height - len(names))


def quality(figures: Figures) -> QualityGrid:
    """How well each attribute is filled in each system."""
    systems = figures.systems.get_column("system").head(MOST_COLUMNS).to_list()
    cells = {(s, a): QualityCell(n, d, d - u) for s, a, n, d, u in figures.quality.rows()}
    attributes = figures.quality.get_column("attribute").unique(maintain_order=True).to_list()
    nothing = QualityCell(0, 0, 0)
    rows = tuple((ATTRIBUTES.get(a, a), tuple(cells.get((s, a), nothing) for s in systems)) for a in attributes)
    return QualityGrid(tuple(systems), rows, figures.systems.height - len(systems))


def together(example: Example, values: Sequence[str | None]) -> list[tuple[str, list[str]]]:
    """The values of a record of an example by column, so that all columns fit a page beside each other."""
    cells = dict(zip(example.columns, values, strict=True))
    return [
        (column, [text for heading in headings if (text := cells.get(heading)) is not None])
        for column, headings in TOGETHER.items()
        if any(heading in cells for heading in headings)
    ]


def sizes(figures: Figures) -> list[tuple[str, int, int]]:
    """Rows of (records a customer, customers, records), empty steps at the end left out."""
    rows = []
    for low, high in SIZE_STEPS:
        step = figures.sizes.filter(pl.col("size").is_between(low, high or pl.col("size")))
        label = str(low) if low == high else f"{low} to {high}" if high else f"{low} or more"
        rows.append((label, int(step["customers"].sum()), int((step["size"] * step["customers"]).sum())))
    while rows and rows[-1][1] == 0:
        rows.pop()
    return rows


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.3f}%" if whole else "0%"
