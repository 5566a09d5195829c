"""What binds rows of other tables to their one row in the audit: statements one by one, the rest as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
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


MEMBERS: Final = ("system", "key", "master_id")
"""The same of a change of the crosswalk; a record that is gone has no master id."""


def bind_lineage(events: pl.DataFrame) -> dict[str, int | str]:
    """Number and SHA-256 of lineage rows, in the order in which they are given."""
    return _bind(events.select(BOUND))


def bind_members(changes: pl.DataFrame) -> dict[str, int | str]:
    """Number and SHA-256 of what became of records: system, key and master id, null for a record that is gone."""
    return _bind(changes.select(MEMBERS).sort("system", "key"))


def bind_outbox(letters: pl.DataFrame) -> dict[str, int | str]:
    """Number and SHA-256 of letters of the outbox, in the order in which they are given."""
    return _bind(letters.with_columns(pl.col(pl.Int64).cast(pl.String)))


def bind_cohort(pairs: pl.DataFrame) -> dict[str, int | str]:
    """Number and SHA-256 of the pairs of a cohort with their place in its sample, by record keys."""
    keys = ("system_l", "key_l", "system_r", "key_r")
    return _bind(pairs.select(*keys, pl.col("drawn").cast(pl.String)).sort(keys))


def _bind(rows: pl.DataFrame) -> dict[str, int | str]:
    digest = hashlib.sha256()
    for part in rows.iter_slices(PARTS):
        digest.update("".join(part.select(_spelled(part.columns)).to_series()).encode())
    return {"rows": rows.height, "sha256": digest.hexdigest()}


def _spelled(columns: Sequence[str]) -> pl.Expr:
    """Each value behind its length, `-` where there is none: two different rows are never spelled alike."""
    told = [
        pl.when(pl.col(name).is_null())
        .then(pl.lit("-"))
        .otherwise(pl.concat_str(pl.col(name).str.len_bytes().cast(pl.String), pl.lit(":"), pl.col(name)))
        for name in columns
    ]
    return pl.concat_str(*told, pl.lit("\n"))
