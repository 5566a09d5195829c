"""Each cluster gets its master id; yesterday's ids stay wherever they can, and no id is ever used again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from mdm.errors import DecisionRefused, SchemaMismatch
from mdm.records import CROSSWALK, conform
from mdm.resolve.contest import IdPolicy, keep_ids
from mdm.resolve.id_events import IdEvents, tell_lineage
from mdm.resolve.limits import BoolArray, IntArray
from mdm.resolve.masters import ACTIVE, ERASED, MERGED, RETIRED, SPLIT, Ledger, follow, is_redirect, read_ledger
from mdm.resolve.new_ids import format_master_ids
from mdm.resolve.pairs import FAULT

_RECORD = ["system", "key"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Churn:
    """What a scan did to ids, in numbers.

    `moved` counts records of before and after whose id changed, `split` ids split off from others, `split_up` ids
    whose records went to several others. `writes_by_system` counts the records whose system has to be told an id: those
    that moved and those that are new.
    """

    records_before: int
    records_after: int
    records_in_both: int
    moved: int
    created: int
    split: int
    merged: int
    split_up: int
    retired: int
    writes_by_system: Mapping[str, int]

    @property
    def writes(self) -> int:
        """How many writes to source systems the ids of this scan cost."""
        return sum(self.writes_by_system.values())

    @property
    def share(self) -> float:
        """Moved records as a share of those present before and after."""
        return self.moved / self.records_in_both if self.records_in_both else 0.0


@dataclass(frozen=True, slots=True)
class Assignment:
    """Which id each record has now (CROSSWALK, by record key), all ids (MASTERS), what happened (LINEAGE), how much."""

    crosswalk: pl.DataFrame
    masters: pl.DataFrame
    lineage: pl.DataFrame
    churn: Churn


def assign_master_ids(  # noqa: PLR0913 - what is, what was, what was said and what was used up are tables of their own
    clusters: pl.DataFrame,
    yesterday: pl.DataFrame,
    masters: pl.DataFrame,
    *,
    pins: pl.DataFrame | None = None,
    policy: IdPolicy = "overlap",
    issued: int = 0,
) -> Assignment:
    """Give each cluster its master id, keeping yesterday's wherever it can.

    Of the ids a cluster could keep, a pinned one wins, then the one sharing most records, then the oldest (with
    `policy='oldest'` the oldest, then the one sharing most). Clusters left without one get new numbers in the order
    of their smallest record key, above all of `masters` and above `issued`, the highest number that was ever issued.
    An id that holds no record any more leads to the one that took most of its records, of equal ones the oldest: it
    is merged where that one took all of them that live, split where others took some, retired where none lives.

    `clusters` (system, key, cluster) holds each live record once, `yesterday` is the CROSSWALK and `masters` the
    MASTERS of the last scan, `pins` (system, key, master_id) are decisions of stewards. The order of rows makes no
    difference; assigning the result again changes nothing. Raises SchemaMismatch for a record that stands twice or an
    id that `masters` does not know, and DecisionRefused for a pin to an id that was never given out or was erased.
    """
    ledger = read_ledger(masters)
    live = _number_clusters(clusters)
    count = int(live["cluster"].to_numpy().max(initial=-1)) + 1
    before = _read_yesterday(yesterday, ledger)
    member = live.join(before, on=_RECORD, how="left", maintain_order="left")
    shared = member.drop_nulls("master").group_by("cluster", "master").agg(shared=pl.len())
    now = keep_ids(shared, _read_pins(pins, live, ledger), count, policy)
    created = np.flatnonzero(now < 0)
    now[created] = len(ledger.ids) + np.arange(len(created))
    had = member["master"].fill_null(-1).to_numpy()
    has = now[live["cluster"].to_numpy()]
    after, lost = _next_ledger(_extended(ledger, len(created), issued), now, had, has)
    events = IdEvents(before=ledger, after=after, given=now, had=had, has=has, lost=lost)
    lineage = tell_lineage(events, live)
    return Assignment(
        crosswalk=conform(live.with_columns(master_id=after.ids.gather(has)), CROSSWALK, "crosswalk"),
        masters=after.frame(),
        lineage=lineage,
        churn=_count(lineage, before.height, live, had, has),
    )


def _number_clusters(clusters: pl.DataFrame) -> pl.DataFrame:
    """The records sorted by key; clusters are numbered from 0 in the order of their smallest record."""
    frame = _sorted_records(clusters.select(*_RECORD, "cluster"), "clusters")
    _, first, inverse = np.unique(frame["cluster"].to_numpy(), return_index=True, return_inverse=True)
    number = np.empty(len(first), dtype=np.int64)
    number[np.argsort(first)] = np.arange(len(first))
    return frame.with_columns(cluster=pl.Series(number[inverse]))


def _sorted_records(frame: pl.DataFrame, what: str) -> pl.DataFrame:
    """The rows by record key; raises SchemaMismatch where a record stands twice."""
    system, key = pl.col("system"), pl.col("key")
    same = system == system.shift()
    ascends = ((system > system.shift()) | (same & (key > key.shift()))).fill_null(True)
    if frame.select(ascends.all()).item():
        return frame  # as a scan and the store give it: to sort a million records again would take half of all time
    ordered = frame.sort(_RECORD)
    at = ordered.select(same & (key == key.shift())).to_series().arg_true()
    if len(at):
        record = ":".join(ordered.select(_RECORD).row(int(at[0])))
        raise SchemaMismatch(f"Table {what} has the record {record} twice.", FAULT)
    return ordered


def _read_yesterday(yesterday: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """Yesterday's records with the position of their master."""
    frame = _sorted_records(conform(yesterday, CROSSWALK, "yesterday's crosswalk"), "yesterday's crosswalk")
    placed = frame.join(_places(ledger), on="master_id", how="left", maintain_order="left")
    unknown = placed.filter(pl.col("state").ne_missing(ACTIVE))
    if unknown.height:
        raise SchemaMismatch(
            f"Yesterday's crosswalk names {unknown['master_id'][0]}, which is no active master id.", FAULT
        )
    return placed.select(*_RECORD, "master")


def _places(ledger: Ledger) -> pl.DataFrame:
    return pl.DataFrame(
        {"master_id": ledger.ids, "master": np.arange(len(ledger.ids), dtype=np.int64), "state": ledger.state}
    )


def _read_pins(pins: pl.DataFrame | None, live: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """How many live records of each cluster are pinned to each master."""
    if pins is None or pins.is_empty():
        return pl.DataFrame(schema={"cluster": pl.Int64, "master": pl.Int64, "pins": pl.UInt32})
    placed = conform(pins, CROSSWALK, "pins").unique().join(_places(ledger), on="master_id", how="left")
    refused = placed.filter(pl.col("master").is_null() | (pl.col("state") == ERASED)).sort("master_id", *_RECORD)
    if refused.height:
        system, key, master_id, master = refused.select(*_RECORD, "master_id", "master").row(0)
        raise DecisionRefused(
            f"Record {system}:{key} is pinned to {master_id}, which was "
            f"{'never given out' if master is None else 'erased'}.",
            "Pin it to another id.",
        )
    return placed.join(live, on=_RECORD).group_by("cluster", "master").agg(pins=pl.len())


def _extended(ledger: Ledger, new: int, issued: int) -> Ledger:
    """The ledger with that many new ids behind it, active and still without records."""
    old, last = len(ledger.ids), max(issued, int(ledger.sequence.max(initial=0)))
    fresh = np.arange(last + 1, last + 1 + new, dtype=np.int64)
    return Ledger(
        pl.concat([ledger.ids.rename("master_id"), format_master_ids(fresh)]),
        np.append(ledger.sequence, fresh),
        np.append(ledger.state, np.full(new, ACTIVE)),
        np.append(ledger.leads, np.arange(old, old + new)),
    )


def _next_ledger(ledger: Ledger, now: IntArray, had: IntArray, has: IntArray) -> tuple[Ledger, BoolArray]:
    """The ledger after the scan, and which of its ids lost their last record in it."""
    state, leads = ledger.state.copy(), ledger.leads.copy()
    used = np.zeros(len(state), dtype=np.bool_)
    used[now] = True
    lost = (state == ACTIVE) & ~used
    state[used], leads[used] = ACTIVE, np.flatnonzero(used)
    state[lost] = RETIRED
    heirs = _heirs(had, has, lost)
    state[heirs["had"].to_numpy()] = np.where(heirs["several"].to_numpy(), SPLIT, MERGED)
    leads[heirs["had"].to_numpy()] = heirs["has"].to_numpy()
    leads = follow(leads, state)
    # A redirect whose end has no records any more leads nowhere: it is retired with it.
    dead = is_redirect(state) & (state[leads] != ACTIVE)
    state[dead], leads[dead] = RETIRED, np.flatnonzero(dead)
    return Ledger(ledger.ids, ledger.sequence, state, leads), lost


def _heirs(had: IntArray, has: IntArray, lost: BoolArray) -> pl.DataFrame:
    """For each lost id whose records live on: which took most of them, of equal ones the oldest; whether others did."""
    moved = np.flatnonzero(had != has)
    moved = moved[had[moved] >= 0]
    moved = moved[lost[had[moved]]]
    counts = pl.DataFrame({"had": had[moved], "has": has[moved]}).group_by("had", "has").agg(taken=pl.len())
    ordered = counts.sort("had", "taken", "has", descending=[False, True, False])
    return ordered.with_columns(several=pl.len().over("had") > 1).unique("had", keep="first", maintain_order=True)


def _count(lineage: pl.DataFrame, before: int, live: pl.DataFrame, had: IntArray, has: IntArray) -> Churn:
    events = dict(lineage.unique(["kind", "from_id", "to_id", "system", "key"]).group_by("kind").len().iter_rows())
    split = lineage.filter(pl.col("kind") == "split")["to_id"].n_unique()
    told = live.filter(pl.Series(had != has)).group_by("system").len().sort("system")
    return Churn(
        records_before=before,
        records_after=live.height,
        records_in_both=int((had >= 0).sum()),
        moved=events.get("move", 0),
        created=events.get("create", 0),
        split=split,
        merged=events.get("merge", 0),
        split_up=events.get("split_up", 0),
        retired=events.get("retire", 0),
        writes_by_system=dict(told.iter_rows()),
    )
