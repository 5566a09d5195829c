"""What is known about a file that was read, and the pieces in which its records arrive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import polars as pl

CELL_CAP: Final = 64 * 1024
"""Bytes of one cell; a longer one sets its record aside."""

RAW_CAP: Final = 2_000
"""Characters of the original text that the quarantine keeps of a record."""

READ_BLOCK: Final = 8 * 1024 * 1024
"""Bytes read at a time: the memory of a reader depends on this, not on the size of the file."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a file turned out to be: its type, encoding, separator (None where a type has none), and its fingerprint."""

    type: str
    encoding: str | None
    separator: str | None
    size: int
    sha256: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """A record that is set aside: its number in the file, the column to blame if any, the reason, its text, its key."""

    record_number: int
    column: str | None
    reason: str
    raw: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Some records of a table in file order, all text (nothing there is null), and the number of each in its file.

    The columns of `frame` are named by place, c0, c1, and so on: names of a file may hold anything, also what Polars
    takes for a pattern.
    """

    frame: pl.DataFrame
    numbers: pl.Series
    faults: tuple[Fault, ...] = ()


def places(count: int) -> list[str]:
    """The names by place of so many columns."""
    return [f"c{at}" for at in range(count)]


def nothing(count: int) -> pl.DataFrame:
    """A frame of so many columns without records."""
    return pl.DataFrame(schema=dict.fromkeys(places(count), pl.String()))


class TableReader(Protocol):
    """One table of a file. `records` is the independent count; it is complete when `batches` is exhausted."""

    @property
    def found(self) -> Found: ...
    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def records(self) -> int: ...
    def batches(self) -> Iterator[Batch]: ...


@dataclass(frozen=True, slots=True)
class FileFacts:
    """One file of a landing and where its records went: rows_in = loaded + unchanged + quarantined."""

    path: str
    table: str
    type: str
    sha256: str
    size: int
    encoding: str | None
    separator: str | None
    rows_in: int
    loaded: int
    unchanged: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class Landed:
    """A source system's records as they came: an all-text Parquet whose rows are the rows of `index`, in its order.

    `index` is of schema LANDED, `quarantine` of QUARANTINE. `counts` are of the main table: rows_in, loaded,
    unchanged (further copies of a record, same key and same content), quarantined; and for each child table NAME
    `NAME.orphans`, its rows that belong to no record. `source_value` is the value of the source column that names the
    system, as the file spells it, where a file holds several.
    """

    system: str
    parquet: Path
    columns: tuple[str, ...]
    index: pl.DataFrame
    quarantine: pl.DataFrame
    files: tuple[FileFacts, ...]
    counts: Mapping[str, int] = field(default_factory=dict)
    source_value: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """A first look at a file: what it is, its columns, some of its rows as text, and what was guessed, in words."""

    type: str
    encoding: str | None
    separator: str | None
    columns: tuple[str, ...]
    size: int
    sample: pl.DataFrame
    notes: tuple[str, ...]
