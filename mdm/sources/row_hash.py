"""The fingerprint of a record: equal exactly when all its filled columns are equal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, cast

import duckdb
import polars as pl

HASH_TEXTS: Final = "SELECT sha256(text) AS row_hash FROM texts"

HARDENING: Final = (
    "SET enable_progress_bar = false",
    "SET memory_limit = '1GB'",
    "SET threads = 2",
    "SET enable_external_access = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET python_enable_replacements = false",
    "SET lock_configuration = true",
)
"""In this order; the lock comes last. Only tables that are handed over can be read, no file and no variable."""


class RowHasher:
    """Hashes records in memory. Only constant SQL runs: names and values of files are data, never part of it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def hashes(self, frame: pl.DataFrame, names: Sequence[str]) -> pl.Series:
        """The SHA-256 of each record, in hex; `names` are those of the frame's columns.

        It is taken of NUL, name, NUL, value for each column that is not null, sorted by name. No name and no value
        holds a NUL, so two records agree only when the same columns hold the same values; the order of columns, the
        file and its encoding make no difference.
        """
        parts = [
            pl.lit(f"\0{name}\0") + pl.col(place) for name, place in sorted(zip(names, frame.columns, strict=True))
        ]
        texts = frame.select(pl.concat_str(parts, ignore_nulls=True).alias("text"))
        self._connection.register("texts", texts.to_arrow())
        result = self._connection.sql(HASH_TEXTS).to_arrow_table()
        self._connection.unregister("texts")
        return cast("pl.DataFrame", pl.from_arrow(result)).to_series()


@contextmanager
def row_hasher() -> Iterator[RowHasher]:
    """A hasher on a hardened DuckDB connection of its own."""
    connection = duckdb.connect(config={"allow_community_extensions": "false"})
    try:
        for statement in HARDENING:
            connection.execute(statement)
        yield RowHasher(connection)
    finally:
        connection.close()
