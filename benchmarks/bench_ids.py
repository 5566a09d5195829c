"""Master ids of a million records: assigned anew, and again after a day's changes; the crosswalk as of a past day.

Prints seconds (the best of three) and the peak memory of the process: `python benchmarks/bench_ids.py`.
"""

from __future__ import annotations

import argparse
import io
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from mdm.app import CrosswalkQuestion, crosswalk
from mdm.records import CROSSWALK, MASTERS, empty
from mdm.resolve import Assignment, assign_master_ids
from mdm.store import Run, Store, Wanted, difference, open_store

SEED = 1
LINKS_LOST = 0.01
NEW_RECORDS = 3_000
MONDAY, TUESDAY = "2026-06-01T03:00:00+00:00", "2026-06-02T03:00:00+00:00"


def clusters(records: int) -> pl.DataFrame:
    """Records in clusters of 1 to 7, about 1.6 on average, sorted by record key as a scan has them."""
    chance = np.random.default_rng(SEED)
    sizes = chance.choice([1, 2, 3, 4, 7], records, p=[0.67, 0.19, 0.08, 0.05, 0.01])
    number = np.repeat(np.arange(records), sizes)[:records]
    frame = pl.DataFrame({"system": chance.choice(["crm", "erp", "shop"], records), "cluster": chance.permuted(number)})
    key = pl.int_range(pl.len()).cast(pl.String).str.zfill(10)
    return frame.select("system", key=key, cluster="cluster").sort("system", "key")


def next_day(before: pl.DataFrame) -> pl.DataFrame:
    """A day later: one record in a hundred is on its own or with another customer, and 3,000 are new."""
    chance = np.random.default_rng(SEED + 1)
    number = before["cluster"].to_numpy().copy()
    touched = chance.random(len(number)) < LINKS_LOST
    number[touched] = chance.integers(0, 2 * len(number), int(touched.sum()))
    new = pl.DataFrame({"system": "crm", "key": [f"new{n:07d}" for n in range(NEW_RECORDS)]})
    joined = new.with_columns(cluster=pl.Series(chance.integers(0, 2 * len(number), NEW_RECORDS)))
    return pl.concat([before.with_columns(cluster=pl.Series(number)), joined]).sort("system", "key")


def seconds(act: Callable[[], object]) -> float:
    took = []
    for _ in range(3):
        start = time.perf_counter()
        act()
        took.append(time.perf_counter() - start)
    return min(took)


def write(store: Store, after: Assignment, at: str) -> None:
    with store.begin_scan("bench", at) as lease:
        stage = store.stage_scan(lease)
        stage.put_masters(difference(after.masters, store.read_masters(), key=["master_id"])[0])
        stage.put_crosswalk(*difference(after.crosswalk, store.read_crosswalk(), key=["system", "key"]))
        stage.put_lineage(after.lineage)
        stage.apply(Run(at, at))


def ask_the_store(folder: Path, first: Assignment, second: Assignment) -> dict[str, float]:
    """Seconds of questions about ids to a store that has seen both days."""
    with open_store(f"sqlite:///{folder}/mdm.sqlite", rest=lambda _: None) as store:
        write(store, first, MONDAY)
        write(store, second, TUESDAY)
        monday = CrosswalkQuestion(Wanted(), "2026-06-01")
        merged = str(second.lineage.filter(pl.col("kind") == "merge")["from_id"][0])
        return {
            "crosswalk as of the day before, CSV": seconds(lambda: crosswalk(store, monday, io.BytesIO())),
            "where a merged id leads": seconds(lambda: store.resolve(merged)),
        }


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--records", type=int, default=1_000_000)
    records = p.parse_args().records
    today = clusters(records)
    tomorrow = next_day(today)
    nothing = (empty(CROSSWALK), empty(MASTERS))
    first = assign_master_ids(today, *nothing)
    second = assign_master_ids(tomorrow, first.crosswalk, first.masters)
    churn = second.churn
    print(f"{records:,} records, {first.masters.height:,} customers; the next day {churn.created:,} created,")
    print(
        f"{churn.split:,} split off, {churn.merged:,} merged, {churn.split_up:,} split up, {churn.retired:,} retired,"
    )
    print(f"{churn.moved:,} moved: {churn.writes:,} writes to source systems\n")
    took = {
        "first assignment": seconds(lambda: assign_master_ids(today, *nothing)),
        "assignment after a day's changes": seconds(
            lambda: assign_master_ids(tomorrow, first.crosswalk, first.masters)
        ),
        "assignment without a change": seconds(lambda: assign_master_ids(today, first.crosswalk, first.masters)),
    }
    with tempfile.TemporaryDirectory(prefix="mdm-bench-") as folder:
        took |= ask_the_store(Path(folder), first, second)
    for what, needed in took.items():
        print(f"{what:<40}{needed:>9.3f} s")
    print(f"{'peak memory':<40}{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:>6,.0f} MB")


if __name__ == "__main__":
    main()
