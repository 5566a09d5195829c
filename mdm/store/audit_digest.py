"""What binds rows of other tables to their one row in the audit: statements one by one, lineage as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import polars as pl

PARTS: Final = 50_000

BOUND: Final = ("kind", "from_id", "to_id", "system", "key")
"""The columns of lineage that are bound, in this order for ever: old digests must fit."""


LATER: Final = ("deed", "evidence")
"""Columns of a decision that older ones do not have: bound where they say something, so that old commitments fit."""

UNBOUND: Final = ("seen", "before")
"""What may be emptied later without a sign of tampering, because it repeats what records say."""


def bound(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the audit binds of a row that a steward's statement left."""
    empty = [name for name in LATER if row.get(name) is None]
    return {name: value for name, value in row.items() if name not in (*UNBOUND, *empty)}


def bind_lineage(events: pl.DataFrame) -> dict[str, int | str]:
    """Number and SHA-256 of lineage rows, in the order in which they are given."""
    digest = hashlib.sha256()
    for part in events.select(BOUND).iter_slices(PARTS):
        digest.update("".join(part.select(_spelled()).to_series()).encode())
    return {"rows": events.height, "sha256": digest.hexdigest()}


def _spelled() -> pl.Expr:
    """Each value behind its length, `-` where there is none: two different rows are never spelled alike."""
    told = [
        pl.when(pl.col(name).is_null())
        .then(pl.lit("-"))
        .otherwise(pl.concat_str(pl.col(name).str.len_bytes().cast(pl.String), pl.lit(":"), pl.col(name)))
        for name in BOUND
    ]
    return pl.concat_str(*told, pl.lit("\n"))
