"""What a steward's deed changes of the tables of customers, written at once under one revision."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import polars as pl
import sqlalchemy as sa

from mdm.records import CROSSWALK, LINEAGE, MASTERS, PUBLISH_CHANGES, conform, empty
from mdm.store import bulk, tables
from mdm.store.frames import STORED_GOLDEN
from mdm.store.tables import Revised


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """Rows that are new or different, and the keys of those that are gone; of a few customers, so all in one go.

    `masters` are MASTERS whose state is another or that are new; CROSSWALK, STORED_GOLDEN, PUBLISH_CHANGES, LINEAGE.
    """

    masters: pl.DataFrame = field(default_factory=partial(empty, MASTERS))
    crosswalk: pl.DataFrame = field(default_factory=partial(empty, CROSSWALK))
    golden: pl.DataFrame = field(default_factory=partial(empty, STORED_GOLDEN))
    golden_gone: pl.DataFrame = field(default_factory=lambda: empty({"master_id": bulk.TEXT}))
    changes: pl.DataFrame = field(default_factory=partial(empty, PUBLISH_CHANGES))
    changes_gone: pl.DataFrame = field(default_factory=partial(empty, PUBLISH_CHANGES))
    lineage: pl.DataFrame = field(default_factory=partial(empty, LINEAGE))


def write_effects(connection: sa.Connection, effects: Effects, rev: int) -> None:
    """Write all of it under that revision. Numbers of new master ids were used up before."""
    masters = conform(effects.masters, MASTERS, "masters")
    known = bulk.read(
        connection,
        sa.select(tables.master.c.master_id).where(tables.master.c.master_id.in_(masters["master_id"].to_list())),
        {"master_id": bulk.TEXT},
    )
    new = masters.join(known, on="master_id", how="anti").select("master_id", "sequence").sort("sequence")
    bulk.insert(connection, tables.master, new.with_columns(rev=pl.lit(rev, pl.Int64)))
    inactive = masters.filter(pl.col("state") != "active").select("master_id", "state", "into")
    active = masters.filter(pl.col("state") == "active")
    replace_rows(connection, tables.MASTER_STATES, inactive, active, rev=rev)
    crosswalk = conform(effects.crosswalk, CROSSWALK, "crosswalk")
    replace_rows(connection, tables.CROSSWALKS, crosswalk, crosswalk.clear(), rev=rev)
    golden = conform(effects.golden, STORED_GOLDEN, "golden")
    replace_rows(connection, tables.GOLDENS, golden, effects.golden_gone, rev=rev)
    changes = conform(effects.changes, PUBLISH_CHANGES, "publish changes")
    replace_rows(connection, tables.CHANGES, changes, effects.changes_gone, rev=rev)
    lineage = conform(effects.lineage, LINEAGE, "lineage").with_row_index("position")
    bulk.insert(connection, tables.lineage, lineage.with_columns(rev=pl.lit(rev, pl.Int64)))


def replace_rows(
    connection: sa.Connection, revised: Revised, changed: pl.DataFrame, gone: pl.DataFrame, *, rev: int
) -> None:
    """End what stands of these keys; the changed rows stand in its place."""
    key = list(revised.key)
    bulk.end(connection, revised.table, pl.concat([changed.select(key), gone.select(key)]).unique().sort(key), rev)
    rows = bulk.storable(changed.sort(key)).with_columns(rev_from=pl.lit(rev, pl.Int64))
    bulk.insert(connection, revised.table, rows)
