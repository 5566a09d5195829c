"""One scan at a time, and no lock for ever."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from mdm.errors import StoreRefused
from mdm.store.tables import scan_lock

if TYPE_CHECKING:
    from mdm.store import Store

NOW = "2026-01-01T00:00:00Z"

BEGIN_AND_END = """
import os, sys
from mdm.store import open_store
lease = open_store(sys.argv[1]).begin_scan("night shift", "2026-01-01T00:00:00Z")
os._exit(0)
"""


def test_a_second_scan_is_refused_naming_who_scans_and_since_when(store: Store) -> None:
    with store.begin_scan("night shift", NOW), pytest.raises(StoreRefused, match=f"night shift.*{NOW}"):
        store.begin_scan("someone else", NOW)
    store.begin_scan("someone else", NOW).release()


def test_the_lock_of_a_dead_process_is_taken_over(store: Store, url: str) -> None:
    done = subprocess.run([sys.executable, "-c", BEGIN_AND_END, url], check=False, timeout=60)  # noqa: S603 - our own
    assert done.returncode == 0
    store.begin_scan("someone else", NOW).release()


def change_lock(store: Store, **values: Any) -> None:
    with store._database.writing() as connection:
        connection.execute(sa.update(scan_lock).values(**values))


def test_the_lock_of_an_earlier_process_with_the_same_number_is_taken_over(store: Store) -> None:
    store.begin_scan("night shift", NOW)
    change_lock(store, process="before the restart")
    store.begin_scan("someone else", NOW).release()


def test_the_lock_of_another_computer_is_respected_until_it_is_broken(store: Store) -> None:
    store.begin_scan("night shift", NOW)
    change_lock(store, host="elsewhere", pid=0)
    with pytest.raises(StoreRefused, match="elsewhere"):
        store.begin_scan("someone else", NOW)
    store.break_scan_lock(author="ann", at=NOW)
    store.begin_scan("someone else", NOW).release()


def test_a_scan_that_lost_its_lock_can_write_nothing_more(scanned: Store, small: Any, see: Any) -> None:
    stage = scanned.stage_scan(scanned.begin_scan("night shift", NOW))
    scanned.break_scan_lock(author="ann", at=NOW)
    with scanned.begin_scan("someone else", NOW):
        before = see(scanned)
        with pytest.raises(StoreRefused, match="lost its lock"):
            stage.put_records(small.records(("a", "9", "nine")))
        with pytest.raises(StoreRefused, match="lost its lock"):
            stage.apply(small.run)
        assert see(scanned) == before


def test_a_scan_that_lost_its_lock_cannot_remove_what_the_next_one_stages(scanned: Store, small: Any) -> None:
    lost = scanned.stage_scan(scanned.begin_scan("night shift", NOW))
    scanned.break_scan_lock(author="ann", at=NOW)
    with scanned.begin_scan("someone else", NOW) as lease:
        stage = scanned.stage_scan(lease)
        stage.put_records(small.records(("a", "9", "nine")))
        lost.abandon()
        stage.apply(small.run)
    assert "9" in scanned.read_record_hashes()["key"].to_list()


def test_releasing_twice_is_no_error_and_spares_a_later_scan(store: Store) -> None:
    first = store.begin_scan("night shift", NOW)
    first.release()
    with store.begin_scan("someone else", NOW):
        first.release()
        with pytest.raises(StoreRefused, match="someone else"):
            store.begin_scan("a third", NOW)
