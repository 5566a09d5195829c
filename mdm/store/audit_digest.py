"""What binds the many rows of one scan to its one row in the audit: their number and a digest of them all."""

from __future__ import annotations

import hashlib
from typing import Final

import polars as pl

PARTS: Final = 50_000

BOUND: Final = ("kind", "from_id", "to_id", "system", "key")
"""The columns of lineage that are bound, in this order for ever: old digests must fit."""


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
