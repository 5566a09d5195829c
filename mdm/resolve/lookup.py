"""Where an old master id leads today."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from mdm.errors import SettingsInvalid
from mdm.records import MasterId, format_master_id, parse_master_id


@dataclass(frozen=True, slots=True)
class Successors:
    """The active ids that hold records an id ever held, the one with most first; `primary` is itself while active."""

    primary: MasterId | None
    ids: tuple[MasterId, ...]


def resolve_id(master_id: str, masters: pl.DataFrame) -> MasterId | None:
    """The active id that an id, as typed, leads to in at most one hop; None if it is retired.

    Raises SettingsInvalid for what is no master id and for one that was never given out.
    """
    known = format_master_id(parse_master_id(master_id))
    row = masters.filter(pl.col("master_id") == known).select("state", "into")
    if row.is_empty():
        raise SettingsInvalid(f"Master id {known} was never given out.", "Check that it belongs to this store.")
    state, into = row.row(0)
    return known if state == "active" else MasterId(into) if into else None


def find_successors(
    master_id: str, masters: pl.DataFrame, *, crosswalk: pl.DataFrame, lineage: pl.DataFrame
) -> Successors:
    """Every active id that holds today a record which the given id ever held, by share, ties by age.

    `lineage` is the whole LINEAGE since the first scan: the records that ever left an id are its moves.
    """
    active = resolve_id(master_id, masters)
    known = format_master_id(parse_master_id(master_id))
    left = lineage.filter((pl.col("kind") == "move") & (pl.col("from_id") == known)).select("system", "key").unique()
    here = crosswalk.filter(pl.col("master_id") == known)
    held = pl.concat([here, crosswalk.join(left, on=["system", "key"])]).unique()
    counts = held.group_by("master_id").len().sort("len", "master_id", descending=[True, False])
    ids = [MasterId(i) for i in counts["master_id"]]
    primary = active if active == known else ids[0] if ids else active
    return Successors(primary, tuple(ids))
