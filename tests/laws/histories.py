"""Random histories of nine records in three sources, and the ids that they get scan by scan."""

from __future__ import annotations

import polars as pl
from hypothesis import settings
from hypothesis import strategies as st

from mdm.records import CROSSWALK, MASTERS, empty
from mdm.resolve import Assignment, IdPolicy, assign_master_ids

Key = tuple[str, str]
KEYS: list[Key] = [(system, key) for system in ("crm", "erp", "xls") for key in ("1", "2", "3")]
FAST = settings(max_examples=40, deadline=None)

partitions = st.lists(st.integers(0, 4), min_size=9, max_size=9)
"""A label for each record; 0 means that the record is absent."""
histories = st.lists(partitions, min_size=1, max_size=5)
policies: st.SearchStrategy[IdPolicy] = st.sampled_from(["overlap", "oldest"])


def clusters(labels: list[int]) -> pl.DataFrame:
    rows = [(*key, label) for key, label in zip(KEYS, labels, strict=True) if label]
    return pl.DataFrame(rows, schema={"system": pl.String, "key": pl.String, "cluster": pl.Int32}, orient="row")


def pin_table(pins: dict[Key, str]) -> pl.DataFrame:
    rows = [(*key, master) for key, master in pins.items()]
    return pl.DataFrame(rows, schema=dict(CROSSWALK), orient="row")


def beside(here: list[int], there: list[int]) -> pl.DataFrame:
    """Two places with the same records, in systems of their own."""
    second = clusters(there).with_columns(system="there-" + pl.col("system"), cluster=pl.col("cluster") + 10)
    return pl.concat([clusters(here), second.cast({"cluster": pl.Int32})])


def members(after: Assignment) -> dict[str, frozenset[Key]]:
    found: dict[str, set[Key]] = {}
    for system, key, master in after.crosswalk.rows():
        found.setdefault(master, set()).add((system, key))
    return {master: frozenset(records) for master, records in found.items()}


def scans(history: list[list[int]], policy: IdPolicy) -> list[Assignment]:
    return scans_of([clusters(labels) for labels in history], policy)


def scans_of(tables: list[pl.DataFrame], policy: IdPolicy) -> list[Assignment]:
    done: list[Assignment] = []
    for table in tables:
        crosswalk, masters = (done[-1].crosswalk, done[-1].masters) if done else (empty(CROSSWALK), empty(MASTERS))
        done.append(assign_master_ids(table, crosswalk, masters, policy=policy))
    return done
