"""What a source that answers with pages of JSON is asked, in no system's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Condition:
    """What a record must be like. `ge` compares with a moment as ISO text, in the clock of the system."""

    column: str
    sign: Literal["gt", "ge", "in"]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One page of the records of an object: these columns, under all conditions, in the order of one column.

    `moments` are the columns that hold a time, `begin` is the number of records to pass over.
    """

    object: str
    columns: tuple[str, ...]
    conditions: tuple[Condition, ...]
    order: str
    most: int
    begin: int = 0
    is_latest_first: bool = False
    moments: frozenset[str] = frozenset()


def parted(column: str) -> tuple[str, str]:
    """The table and the field of `Table.field`; what is asked for so is answered as `field`."""
    table, _, name = column.rpartition(".")
    return table, name
