"""What changed between two tables, so that only that is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from mdm.errors import SchemaMismatch

if TYPE_CHECKING:
    from collections.abc import Sequence

WAS: Final = "__was"


def difference(new: pl.DataFrame, old: pl.DataFrame, *, key: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of `new` that are not in `old` or differ there, and the keys of `old` that are not in `new`.

    Compared are the columns that both have beside the key; two nulls are equal. So `old` may be keys and row hashes
    alone. Both results are sorted by the key. Raises SchemaMismatch when a key occurs twice or is null in either.
    """
    keys = list(key)
    for frame, what in ((new, "new"), (old, "old")):
        refuse_double_keys(frame, keys, what)
    compared = [name for name in new.columns if name in old.columns and name not in keys]
    known = old.select(*keys, *[pl.col(name).alias(WAS + name) for name in compared], pl.lit(True).alias(WAS))
    differs = [pl.col(name).ne_missing(pl.col(WAS + name)) for name in compared]
    changed = new.join(known, on=keys, how="left").filter(pl.any_horizontal(pl.col(WAS).is_null(), *differs))
    removed = old.select(keys).join(new.select(keys), on=keys, how="anti")
    return changed.select(new.columns).sort(keys), removed.sort(keys)


def refuse_double_keys(frame: pl.DataFrame, key: Sequence[str], what: str) -> None:
    """Raise SchemaMismatch, naming one of them, when rows share a key or lack it."""
    wrong = frame.select(key).filter(pl.any_horizontal(pl.col(key).is_null()) | pl.struct(key).is_duplicated())
    if wrong.height:
        raise SchemaMismatch(
            f"Table {what}: the key {wrong.sort(key).row(0)} is missing or stands more than once.",
            "This is a fault of the tool.",
        )
