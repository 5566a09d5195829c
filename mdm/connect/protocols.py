"""What a connected system can do for us: describe itself and be read, in full or since its last change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import polars as pl


@dataclass(frozen=True, slots=True, order=True)
class Column:
    """A column of a source as the system describes it now; `type` is in the system's own words."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Description:
    """What is connected, in words without a secret, and the columns that a read of it has, in their order.

    `notes` are what whoever checks the rules should know.
    """

    system: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()


class Source(Protocol):
    """A system that is read. All frames have the columns of `describe`, in that order, every value as text or null."""

    def describe(self) -> Description:
        """The live metadata. Raises SystemRefused when the system has no such table."""
        ...

    def watermark(self) -> str:
        """The latest change the system knows of, in its own clock; empty where it keeps no time of changes.

        Asked before a read, never after: what changes meanwhile is then read again by the next delta.
        """
        ...

    def full(self, after: Sequence[str]) -> Iterator[pl.DataFrame]:
        """All records in the order of the system's key; with `after`, a key, those behind it."""
        ...

    def delta(self, since: str) -> Iterator[pl.DataFrame]:
        """The records that changed since a watermark less the overlap, whole; some may be as they were."""
        ...

    def snapshot(self) -> Iterator[pl.DataFrame]:
        """The keys of all records that are there: whatever is not among them was deleted, or merged into another.

        It is complete or raises: a list that was cut off would be a mass deletion, which only the shrink limit of the
        source then stops. Further columns are counts of what belongs to a record, for what is gone from there shows in
        no delta.
        """
        ...

    def records(self, keys: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """The records with these keys, whole."""
        ...
