"""What commands say of the rows that were read: where they went, and why some were set aside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from mdm.cli import show

SHOWN: Final = 3
"""Records set aside that are shown with their reasons; the others are in quarantine.csv."""

LOUD: Final = 0.05
"""More of the rows set aside than this is told at the end, where nobody overlooks it."""


def tell_rows(counts: Mapping[str, Any]) -> list[str]:
    """Rows read, and those of them that are no record; nothing for a run of a version that did not count them."""
    rows = (
        ("rows read", counts.get("rows_read", 0)),
        ("identical repeats", counts.get("identical_repeats", 0)),
        ("set aside", counts.get("set_aside", 0)),
    )
    return [f"  {name:<19}{count:>12,}" for name, count in rows if "rows_read" in counts]


def tell_set_aside(quarantine: pl.DataFrame, rest: str) -> None:
    """The first records that were set aside with their reasons; `rest` says where all of them are."""
    if quarantine.is_empty():
        return
    show.lines(["", "Set aside:"])
    for row in quarantine.sort("system", "file", "record_number").head(SHOWN).iter_rows(named=True):
        column = f", column {row['column']}" if row["column"] else ""
        show.notes([f"  {row['file']}, record {row['record_number']}{column}: {row['reason']}"])
    further = quarantine.height - SHOWN
    told = f"{further:,} further ones; {rest}" if further > 0 else rest[0].upper() + rest[1:]
    show.notes([f"  {told}", ""])


def tell_loss(counts: Mapping[str, Any]) -> None:
    """A warning where much was set aside: customers are missing, and the extract is probably broken."""
    read, quarantined = counts.get("rows_read", 0), counts.get("set_aside", 0)
    if quarantined > LOUD * read:
        show.warn(
            f"{quarantined / read:.1%} of all rows ({quarantined:,} of {read:,}) were set aside.",
            "Their customers are missing or as they were before. Look at the reasons before you use the results.",
        )
