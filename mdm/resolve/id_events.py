"""What happened to master ids in a scan, told as lineage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from mdm.records import LINEAGE, conform
from mdm.resolve.limits import BoolArray, IntArray
from mdm.resolve.masters import ACTIVE, MERGED, RETIRED, SPLIT, Ledger, is_redirect


@dataclass(frozen=True, slots=True, kw_only=True)
class IdEvents:
    """A scan seen from its ids, all as positions in the ledger after it.

    `given` is by cluster, `had` (-1: none) and `has` by record; `lost` marks ids that held records and hold none now.
    """

    before: Ledger
    after: Ledger
    given: IntArray
    had: IntArray
    has: IntArray
    lost: BoolArray


def tell_lineage(events: IdEvents, records: pl.DataFrame) -> pl.DataFrame:
    """The events (LINEAGE), in this order: new and revived ids by cluster, ids that ended, redirects, moved records."""
    moved = np.flatnonzero((events.had >= 0) & (events.had != events.has))
    moves = _rows(events, "move", events.had[moved], events.has[moved]).with_columns(
        records.select("system", "key")[moved]
    )
    parts = [*_beginnings(events, moved), *_ends(events), *_redirects(events)]
    return conform(pl.concat([*parts, moves], how="diagonal"), LINEAGE, "lineage")


def _beginnings(events: IdEvents, moved: IntArray) -> list[pl.DataFrame]:
    """A new id is split from those its records had, or created where they had none."""
    old = len(events.before.ids)
    parents = pl.DataFrame({"to": events.has[moved], "from": events.had[moved]})
    parents = parents.filter(pl.col("to") >= old).unique().sort("to", "from")
    fresh = events.given[events.given >= old]
    created = fresh[~np.isin(fresh, parents["to"].to_numpy())]
    known = events.given[events.given < old]
    revived = known[events.before.state[known] != ACTIVE]
    return [
        _rows(events, "create", None, created),
        _rows(events, "split", parents["from"].to_numpy(), parents["to"].to_numpy()),
        _rows(events, "revive", None, revived),
    ]


def _ends(events: IdEvents) -> list[pl.DataFrame]:
    lost = np.flatnonzero(events.lost)
    merged = lost[events.after.state[lost] == MERGED]
    split_up = lost[events.after.state[lost] == SPLIT]
    retired = lost[events.after.state[lost] == RETIRED]
    return [
        _rows(events, "merge", merged, events.after.leads[merged]),
        _rows(events, "split_up", split_up, events.after.leads[split_up]),
        _rows(events, "retire", retired, None),
    ]


def _redirects(events: IdEvents) -> list[pl.DataFrame]:
    """Redirects of earlier scans whose target ended in this one: pointed straight at the new end, or retired."""
    earlier = np.flatnonzero(is_redirect(events.before.state))
    still = earlier[is_redirect(events.after.state[earlier])]
    changed = still[events.after.leads[still] != events.before.leads[still]]
    dead = earlier[events.after.state[earlier] == RETIRED]
    return [
        _rows(events, "redirect", changed, events.after.leads[changed]),
        _rows(events, "retire", dead, None),
    ]


def _rows(events: IdEvents, kind: str, from_: IntArray | None, to: IntArray | None) -> pl.DataFrame:
    ids = events.after.ids
    columns = {name: ids.gather(at) for name, at in (("from_id", from_), ("to_id", to)) if at is not None}
    frame = pl.DataFrame(columns).with_columns(kind=pl.lit(kind))
    missing = [name for name in ("from_id", "to_id", "system", "key") if name not in frame.columns]
    return frame.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in missing)
