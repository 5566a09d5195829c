"""What could become a golden value: every delivered value of a customer, or of a group of attributes every record."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl

from mdm.survive.contributors import BoolArray, Contributors, IntArray, is_many
from mdm.survive.validity import doubt_of

BETWEEN: Final = "\x1f"
"""Stands between the values of a group where they are compared as one text."""

_INSIDE_OTHERS: Final = frozenset({"house_number", "region", "country"})
"""Parts of an address that often stand inside another part or go without saying; a group is complete without them."""


@dataclass(frozen=True)
class Candidates:
    """Candidates sorted by (customer, rid, place in the record's own list).

    `row` is the contributor each comes from, `value` the delivered text, `doubt` 0 for a value that has nothing
    against it and more for one that is no match key, a placeholder, invalid, or part of an incomplete group.
    """

    contributors: Contributors
    attributes: tuple[str, ...]
    row: IntArray
    value: pl.Series

    def where(self, mask: BoolArray) -> Candidates:
        return Candidates(self.contributors, self.attributes, self.row[mask], self.value.filter(pl.Series(mask)))

    @cached_property
    def customer(self) -> IntArray:
        return self.contributors.customer[self.row]

    @cached_property
    def doubt(self) -> IntArray:
        if len(self.attributes) == 1:
            return doubt_of(self.attributes[0], self.contributors, self.row, self.value)
        needed = [a for a in self.attributes if a not in _INSIDE_OTHERS] or list(self.attributes)
        missing = np.zeros(len(self.row), dtype=np.int64)
        for attribute in needed:
            values = one_of_each(attribute, self.contributors, self.row)
            missing += (doubt_of(attribute, self.contributors, self.row, values) > 0) | values.is_null().to_numpy()
        return missing

    @cached_property
    def folded(self) -> pl.Series:
        """The values as they are compared: equal where only the spelling differs."""
        keys = [fold(a, self.contributors, self.row, self._part(a)) for a in self.attributes]
        return _as_one_text(keys)

    def _part(self, attribute: str) -> pl.Series:
        return self.value if len(self.attributes) == 1 else one_of_each(attribute, self.contributors, self.row)


def find_candidates(attributes: tuple[str, ...], contributors: Contributors) -> Candidates:
    """The candidates for one attribute, or for a group of which all values come from one record."""
    rows = contributors.all_rows()
    if len(attributes) > 1:
        parts = [one_of_each(a, contributors, rows) for a in attributes]
        some = ~np.logical_and.reduce([p.is_null().to_numpy() for p in parts])
        return Candidates(contributors, attributes, rows, _as_one_text(parts)).where(some)
    if is_many(attributes[0]):
        return _each_element(attributes[0], contributors, rows)
    values = contributors.single(attributes[0], rows)
    return Candidates(contributors, attributes, rows, values).where(values.is_not_null().to_numpy())


def one_of_each(attribute: str, contributors: Contributors, rows: IntArray) -> pl.Series:
    """One value for each of the rows: of several the first with nothing against it; null where there is none."""
    if not is_many(attribute):
        return contributors.single(attribute, rows)
    elements = _each_element(attribute, contributors, rows)
    frame = pl.DataFrame({"row": elements.row, "value": elements.value, "doubt": elements.doubt})
    best = frame.sort("row", "doubt", maintain_order=True).unique("row", keep="first", maintain_order=True)
    return pl.DataFrame({"row": rows}).join(best, on="row", how="left", maintain_order="left")["value"]


def _each_element(attribute: str, contributors: Contributors, rows: IntArray) -> Candidates:
    lists = contributors.delivered(attribute, rows)
    frame = pl.DataFrame({"row": rows, "value": lists}).filter(pl.col("value").list.len() > 0).explode("value")
    frame = frame.filter(pl.col("value").is_not_null()).unique(["row", "value"], keep="first", maintain_order=True)
    return Candidates(contributors, (attribute,), frame["row"].to_numpy(), frame["value"])


def fold(attribute: str, contributors: Contributors, rows: IntArray, values: pl.Series) -> pl.Series:
    """The match key of each value where the record has one, else its letters and digits in small letters."""
    plain = values.str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]", "")
    if attribute not in FOLDED_IN_STANDARD:
        return plain
    keys = contributors.match_key(attribute, rows)
    return keys.zip_with(keys.is_not_null() & values.is_not_null(), plain)


FOLDED_IN_STANDARD: Final = frozenset(
    {
        "name",
        "given_name",
        "family_name",
        "birth_date",
        "street",
        "house_number",
        "postcode",
        "city",
        "region",
        "country",
    }
)
"""Attributes whose folded form is a column of STANDARD by the same name."""


def _as_one_text(parts: list[pl.Series]) -> pl.Series:
    if len(parts) == 1:
        return parts[0]
    frame = pl.DataFrame({str(i): part for i, part in enumerate(parts)})
    return frame.select(pl.concat_str(pl.all().fill_null(""), separator=BETWEEN)).to_series()
