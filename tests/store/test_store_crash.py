"""Stopped anywhere, the store shows the state before the scan or the state after it, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from mdm.store import Store, open_store

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = "2026-01-01T00:00:00Z"


class Stopped(Exception):
    """The scan stops here."""


def stop_at(rest_number: int) -> Callable[[float], None]:
    """A rest between two transactions that never ends, the n-th one."""
    left = [rest_number]

    def rest(_: float) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Stopped

    return rest


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows a transaction, so that a handful of rows has many places to stop at."""
    from mdm.store import staging, tables, unfinished  # noqa: PLC0415 - the modules to change

    for revised in ("RECORDS", "CROSSWALKS", "MASTER_STATES", "GOLDENS", "LINK_ROWS", "QUARANTINED", "CHANGES"):
        whole = getattr(tables, revised)
        monkeypatch.setattr(tables, revised, type(whole)(whole.table, whole.key, chunk=2))
    monkeypatch.setattr(tables, "CHUNK", 2)
    monkeypatch.setattr(unfinished, "CHUNK", 1)
    assert staging.tables is tables


@pytest.mark.usefixtures("small_chunks")
def test_a_scan_stopped_between_any_two_transactions_leaves_no_trace(url: str, small: Any, see: Any) -> None:
    with open_store(url, rest=lambda _: None) as store:
        small.scan(store, small.put_first_scan)
        before = see(store)
    stops = 0
    while scan_stops(url, stop_at(stops + 1), small):
        stops += 1
        with open_store(url, rest=lambda _: None) as store:
            assert see(store) == before
            store.begin_scan("next", NOW).release()
            assert see(store) == before
    assert stops > 12
    with open_store(url) as store:
        assert see(store, 1) == before
        assert len(see(store)["runs"]) == 2


def scan_stops(url: str, rest: Callable[[float], None], small: Any) -> bool:
    with open_store(url, rest=rest) as store:
        try:
            small.scan(store, small.put_second_scan)
        except Stopped:
            return True
    return False


@pytest.mark.usefixtures("small_chunks")
def test_removing_the_rest_of_a_scan_may_itself_be_stopped_anywhere(url: str, small: Any, see: Any) -> None:
    with open_store(url, rest=lambda _: None) as store:
        small.scan(store, small.put_first_scan)
        before = see(store)
        small.put_second_scan(store.stage_scan(store.begin_scan("nightly", NOW)))
        store.break_scan_lock(author="ann", at=NOW)
    stops = 0
    while True:
        with open_store(url, rest=stop_at(2)) as store:
            try:
                store.begin_scan("next", NOW).release()
                break
            except Stopped:
                stops += 1
                assert see(store) == before
    assert stops > 5
    with open_store(url, rest=lambda _: None) as store:
        assert see(store) == before
        small.scan(store, small.put_second_scan)
        assert len(see(store)["runs"]) == 2


def test_a_chunk_that_fails_half_way_is_not_kept(scanned: Store, small: Any, see: Any, monkeypatch: Any) -> None:
    from mdm.store import bulk  # noqa: PLC0415 - the module to change

    before, insert = see(scanned), bulk.insert

    def fail(*args: Any) -> int:
        insert(*args)
        raise Stopped

    with scanned.begin_scan("nightly", NOW) as lease:
        stage = scanned.stage_scan(lease)
        monkeypatch.setattr(bulk, "insert", fail)
        with pytest.raises(Stopped):
            stage.put_records(small.records(("a", "2", "zwei")))
        monkeypatch.undo()
        assert stage.put_records(small.records(("a", "2", "zwei"))) == 2
        stage.abandon()
    assert see(scanned) == before


def test_an_apply_that_fails_half_way_changes_nothing(scanned: Store, small: Any, see: Any, monkeypatch: Any) -> None:
    from mdm.store import staging  # noqa: PLC0415 - the module to change

    before, write_run = see(scanned), staging.write_run

    def fail(*args: Any, **kwargs: Any) -> None:
        write_run(*args, **kwargs)
        raise Stopped

    with scanned.begin_scan("nightly", NOW) as lease:
        stage = scanned.stage_scan(lease)
        small.put_second_scan(stage)
        monkeypatch.setattr(staging, "write_run", fail)
        with pytest.raises(Stopped):
            stage.apply(small.run)
        assert see(scanned) == before
        monkeypatch.undo()
        assert stage.apply(small.run) == 2


KILLED = """
import os, sys
from mdm.store import Run, open_store
import polars as pl

count, left = 20_000, [int(sys.argv[2])]

def rest(_):
    left[0] -= 1
    if left[0] == 0:
        os._exit(9)

store = open_store(sys.argv[1], rest=rest)
stage = store.stage_scan(store.begin_scan("night shift", "2026-01-01T00:00:00Z"))
frame = pl.DataFrame({"system": "a", "key": pl.int_range(count, eager=True).cast(pl.String)})
stage.put_records(frame.with_columns(row_hash=pl.lit("h"), body=pl.lit("{}")))
stage.apply(Run("s", "f"))
os._exit(0)
"""


@pytest.mark.parametrize(("transactions", "records", "code"), [(1, 3, 9), (12, 3, 9), (10_000, 20_000, 0)])
def test_a_killed_process_leaves_the_state_before_or_after(
    scanned: Store, url: str, transactions: int, records: int, code: int
) -> None:
    command = [sys.executable, "-c", KILLED, url, str(transactions)]
    done = subprocess.run(command, check=False, timeout=120)  # noqa: S603 - our own program
    assert done.returncode == code
    assert scanned.read_record_hashes().height == records
    scanned.begin_scan("morning shift", NOW).release()
    assert scanned.read_record_hashes().height == records
