"""Standard records made by hand, for tests of matching."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from mdm.records import STANDARD, conform

LISTS = {
    "name_tokens",
    "other_names",
    "phones",
    "emails",
    "domains",
    "identifiers",
    "invalid_identifiers",
}

MakeStandard = Callable[..., pl.DataFrame]


def standard_of(*records: dict[str, Any]) -> pl.DataFrame:
    """STANDARD from records with only the fields that matter; the key is the position unless it is given."""
    rows = []
    for place, given in enumerate(records):
        row: dict[str, Any] = dict.fromkeys(STANDARD)
        row |= {name: [] for name in LISTS}
        row |= {"system": "crm", "key": f"{place:06}", "row_hash": "", "kind": "organisation"}
        row |= given
        if row["name"] and not row["name_tokens"]:
            row["name_core"] = row["name"]
            row["name_tokens"] = row["name"].split()
        rows.append(row)
    frame = pl.DataFrame(rows, schema={**STANDARD, "rid": pl.Int32()}).sort("system", "key")
    return conform(frame.with_columns(rid=pl.int_range(pl.len(), dtype=pl.Int32)), STANDARD, "standard")


@pytest.fixture
def make_standard() -> MakeStandard:
    return standard_of
