"""A scan writes in short transactions, so that nobody waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from mdm.store import Store, open_store
from mdm.store.pace import Pace
from mdm.store.tables import CHUNK, GOLDENS

if TYPE_CHECKING:
    from pathlib import Path


def test_no_transaction_of_a_later_scan_writes_more_than_one_chunk(tmp_path: Path, small: Any, key_frame: Any) -> None:
    writes: list[int] = []
    rests: list[float] = []
    count = 2 * CHUNK + 7
    with open_store(f"sqlite:///{tmp_path}/s.sqlite", rest=rests.append) as store:
        count_writes(store, writes)
        first = small.records(*[("a", str(n), "h") for n in range(count)])
        small.scan(store, lambda stage: stage.put_records(first))
        assert rests
        assert set(rests) == {0.0}  # nobody can be waiting at a store without a revision
        assert max(writes) == count  # nor for its lock
        rests.clear()
        writes.clear()
        again = small.records(*[("a", str(n), "i") for n in range(count - 5)])
        gone = key_frame(*[("a", str(n)) for n in range(count - 5, count)])
        small.scan(store, lambda stage: stage.put_records(again, gone))
        assert min(rests) > 0
    assert sum(writes) > 2 * count
    assert max(writes) <= CHUNK


def test_wide_rows_go_in_smaller_chunks(tmp_path: Path, small: Any) -> None:
    writes: list[int] = []
    count = GOLDENS.chunk + 1
    ids = [f"M-{n}" for n in range(count)]
    masters = pl.DataFrame({"master_id": ids, "sequence": range(1, count + 1), "state": "active", "into": None})
    golden = small.golden((small.a, "x", 1)).drop("master_id").join(pl.DataFrame({"master_id": ids}), how="cross")
    with open_store(f"sqlite:///{tmp_path}/s.sqlite") as store:
        small.scan(store, lambda stage: stage.put_masters(masters))
        count_writes(store, writes)
        small.scan(store, lambda stage: stage.put_golden(golden))
        small.scan(store, lambda stage: stage.put_golden(golden.with_columns(row_hash=pl.lit("y"))))
    assert sum(writes) > 2 * count
    assert max(writes) <= GOLDENS.chunk


def count_writes(store: Store, writes: list[int]) -> None:
    before: dict[str, int] = {}

    def total(connection: sa.Connection) -> int:
        driver: Any = connection.connection.driver_connection
        return int(driver.total_changes)

    def begin(connection: sa.Connection) -> None:
        before["total"] = total(connection)

    def commit(connection: sa.Connection) -> None:
        writes.append(total(connection) - before["total"])

    sa.event.listen(store._database.engine, "begin", begin)
    sa.event.listen(store._database.engine, "commit", commit)


def test_transactions_get_smaller_where_they_hold_the_lock_for_too_long_and_grow_again() -> None:
    pace = Pace()
    first = pace.rows(2_000)
    pace.took(0.2)
    assert pace.rows(2_000) < first
    for _ in range(100):
        pace.took(1.0)
    assert 0 < pace.rows(2_000) <= 100
    for _ in range(100):
        pace.took(0.001)
    assert pace.rows(2_000) == 2_000


@given(st.lists(st.floats(0, 10), max_size=50), st.integers(1, 5_000))
def test_a_transaction_never_writes_more_than_the_chunk_of_its_table_nor_nothing(took: list[float], chunk: int) -> None:
    pace = Pace()
    for seconds in took:
        pace.took(seconds)
    assert 1 <= pace.rows(chunk) <= chunk


def test_slow_transactions_write_the_same_rows(tmp_path: Path, small: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mdm.store.pace.LONGEST_SECONDS", 0.0)  # every transaction takes too long
    with open_store(f"sqlite:///{tmp_path}/s.sqlite", rest=lambda _: None) as store:
        writes: list[int] = []
        small.scan(store, lambda stage: stage.put_records(small.records(("b", "0", "h"))))
        count_writes(store, writes)
        rows = small.records(*[("a", f"{n:05d}", "h") for n in range(2 * CHUNK)])
        small.scan(store, lambda stage: stage.put_records(rows))
        assert store.read_records().filter(system="a")["key"].to_list() == [f"{n:05d}" for n in range(2 * CHUNK)]
        assert len([n for n in writes if n]) > CHUNK / 200
