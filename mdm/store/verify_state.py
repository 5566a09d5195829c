"""What must be true of records, master ids and decisions at any moment, and where in a store it is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from mdm.records import format_master_id

Record = tuple[str, str]

RECORD: Final = ["system", "key"]
PAIR: Final = ("system_l", "key_l", "system_r", "key_r")
MOST_TOLD: Final = 5
"""Faults of one kind that are told one by one; of the rest the number."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be true: in words, how many rows were looked at, and where it is not so."""

    name: str
    promise: str
    looked_at: int
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What one revision shows. `golden` is master_id and records; `decided` are the standing decisions that the last
    scan knew, as (system_l, key_l, system_r, key_r, id, kind).
    """

    records: pl.DataFrame
    crosswalk: pl.DataFrame
    masters: pl.DataFrame
    golden: pl.DataFrame
    decided: pl.DataFrame
    issued: int


def check_state(state: State) -> tuple[Check, ...]:
    """Every check of the state, in the order in which they are told."""
    return (
        _records(state),
        _owners(state),
        _customers(state),
        _numbers(state),
        _redirects(state),
        _golden(state),
        _apart(state),
        _together(state),
    )


def tell(rows: pl.DataFrame, sentence: str) -> list[str]:
    """The sentence for each of the first rows, `{}` standing for its cells in turn, and how many more there are."""
    told = [sentence.format(*row) for row in rows.head(MOST_TOLD).iter_rows()]
    more = rows.height - len(told)
    return told if more <= 0 else [*told, f"... and {more:,} more like the last one."]


def _records(state: State) -> Check:
    twice = state.crosswalk.group_by(RECORD).len().filter(pl.col("len") > 1).select(RECORD).sort(RECORD)
    ownerless = state.records.join(state.crosswalk, on=RECORD, how="anti").sort(RECORD)
    gone = state.crosswalk.join(state.records, on=RECORD, how="anti").sort(RECORD)
    faults = [
        *tell(twice, "Record {}:{} belongs to more than one customer."),
        *tell(ownerless.select(RECORD), "Record {}:{} belongs to no customer."),
        *tell(gone.select(*RECORD, "master_id"), "Record {}:{} is gone, but still counts among those of {}."),
    ]
    return Check("records", "Every record belongs to exactly one customer.", state.records.height, tuple(faults))


def _owners(state: State) -> Check:
    known = state.crosswalk.join(state.masters.select("master_id", "state"), on="master_id", how="left")
    wrong = known.filter(pl.col("state").ne_missing("active")).sort(RECORD)
    wrong = wrong.select(*RECORD, "master_id", pl.col("state").fill_null("never given out"))
    faults = tell(wrong, "Record {}:{} belongs to {}, which is {}.")
    return Check("owners", "Records belong to active master ids only.", state.crosswalk.height, tuple(faults))


def _customers(state: State) -> Check:
    active = state.masters.filter(pl.col("state") == "active").select("master_id")
    empty = active.join(state.crosswalk, on="master_id", how="anti").sort("master_id")
    faults = tell(empty, "{} is active, but has no record.")
    return Check("customers", "Every active master id has at least one record.", active.height, tuple(faults))


def _numbers(state: State) -> Check:
    ids = state.masters
    given = pl.Series([format_master_id(n) if n > 0 else "" for n in ids["sequence"]], dtype=pl.String)
    wrong = ids.filter(ids["master_id"] != given).select("master_id", "sequence").sort("sequence")
    twice = ids.group_by("sequence").len().filter(pl.col("len") > 1).select("sequence").sort("sequence")
    beyond = ids.filter(pl.col("sequence") > state.issued).select("master_id").sort("master_id")
    faults = [
        *tell(wrong, "{} does not fit its number {}."),
        *tell(twice, "The number {} was given out twice."),
        *tell(beyond, "{} has a number that was never used up: it could be given out again."),
    ]
    return Check("numbers", "No number of a master id is used twice.", ids.height, tuple(faults))


def _redirects(state: State) -> Check:
    """One hop: what an id leads to is active itself, so there is no chain and no circle."""
    leads = state.masters.filter(pl.col("state") != "active")
    ends = state.masters.select(into="master_id", end="state")
    followed = leads.join(ends, on="into", how="left").sort("master_id")
    lost = followed.filter(pl.col("state").is_in(["merged", "split"]) & pl.col("into").is_null())
    astray = followed.filter(pl.col("into").is_not_null() & pl.col("end").ne_missing("active"))
    astray = astray.select("master_id", "into", pl.col("end").fill_null("never given out"))
    faults = [
        *tell(lost.select("master_id", "state"), "{} is {}, but leads nowhere."),
        *tell(astray, "{} leads to {}, which is {}."),
    ]
    return Check("redirects", "Every old id leads in one step to an active one.", leads.height, tuple(faults))


def _golden(state: State) -> Check:
    active = state.masters.filter(pl.col("state") == "active").select("master_id")
    without = active.join(state.golden, on="master_id", how="anti").sort("master_id")
    needless = state.golden.join(active, on="master_id", how="anti").select("master_id").sort("master_id")
    twice = state.golden.group_by("master_id").len().filter(pl.col("len") > 1).select("master_id").sort("master_id")
    has = state.crosswalk.group_by("master_id").agg(has=pl.len().cast(pl.Int64))
    counted = state.golden.join(has, on="master_id")
    wrong = counted.filter(pl.col("records").cast(pl.Int64) != pl.col("has")).sort("master_id")
    faults = [
        *tell(without, "{} has no golden record."),
        *tell(needless, "{} has a golden record, but is not active."),
        *tell(twice, "{} has more than one golden record."),
        *tell(wrong.select("master_id", "records", "has"), "{} counts {} records, but has {}."),
    ]
    return Check(
        "golden", "Every active master id has one golden record, of its own records.", active.height, tuple(faults)
    )


def _apart(state: State) -> Check:
    """Also through chains: where A matches B and B is not C, neither is A."""
    owner, chain = _owners_of_decided(state), _chains(state.decided)
    faults = []
    for number, one, other in _pairs(state.decided, "do_not_match"):
        mine, yours = ({owner[r] for r in chain.get(end, {end}) if r in owner} for end in (one, other))
        faults += [
            f"Decision {number} says that {one[0]}:{one[1]} and {other[0]}:{other[1]} are two customers, "
            f"but both are {master}."
            for master in sorted(mine & yours)
        ]
    promise = "Records that a steward told apart are never one customer."
    return Check("apart", promise, state.decided.height, tuple(faults[:MOST_TOLD]))


def _together(state: State) -> Check:
    owner = _owners_of_decided(state)
    faults = [
        f"Decision {number} says that {one[0]}:{one[1]} and {other[0]}:{other[1]} are one customer, "
        f"but they are {owner[one]} and {owner[other]}."
        for number, one, other in _pairs(state.decided, "match")
        if one in owner and other in owner and owner[one] != owner[other]
    ]
    promise = "Records that a steward joined are one customer."
    return Check("together", promise, state.decided.height, tuple(faults[:MOST_TOLD]))


def _pairs(decided: pl.DataFrame, kind: str) -> list[tuple[int, Record, Record]]:
    rows = decided.filter(pl.col("kind") == kind).sort("id").select("id", *PAIR).iter_rows()
    return [(number, (system_l, key_l), (system_r, key_r)) for number, system_l, key_l, system_r, key_r in rows]


def _owners_of_decided(state: State) -> dict[Record, str]:
    """The customers of the decided records that live."""
    ends = [state.decided.select(system=f"system_{side}", key=f"key_{side}") for side in "lr"]
    found = state.crosswalk.join(pl.concat(ends).unique(), on=RECORD, how="semi")
    return {(system, key): master for system, key, master in found.select(*RECORD, "master_id").iter_rows()}


def _chains(decided: pl.DataFrame) -> dict[Record, set[Record]]:
    """For each record of a match all records that matches tie to it."""
    chains: dict[Record, set[Record]] = {}
    for _, one, other in _pairs(decided, "match"):
        small, large = sorted((chains.setdefault(r, {r}) for r in (one, other)), key=len)
        if small is not large:
            large |= small
            chains.update(dict.fromkeys(small, large))
    return chains
