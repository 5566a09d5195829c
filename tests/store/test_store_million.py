"""A million records: written in short transactions, read in seconds, paged in milliseconds."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from mdm.records import format_master_id
from mdm.store import Asked, Run, Sought, Store, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

RECORDS, CUSTOMERS = 1_000_000, 600_000
WORDS = [
    a + b for a in ("bal", "ner", "tor", "mil", "kan", "sol", "ver", "dun") for b in ("ix", "ano", "um", "man", "tek")
]

pytestmark = pytest.mark.deep


@pytest.fixture(scope="module")
def million(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Path, float]]:
    file = tmp_path_factory.mktemp("million") / "store.sqlite"
    with open_store(f"sqlite:///{file}") as store:
        took = write_all(store)
        yield store, file, took


def body_of(names: pl.Series, streets: pl.Series) -> pl.Series:
    parts = ['{"name":"', names, '","street":"', streets, '","notes":"', *[names] * 7, '"}']
    return pl.select(pl.concat_str([pl.lit(part) for part in parts])).to_series()


def write_all(store: Store) -> float:
    chance = np.random.default_rng(1)
    words = [pl.Series(chance.choice(WORDS, RECORDS)) for _ in range(3)]
    names = pl.select(pl.concat_str([pl.lit(w) for w in words], separator=" ")).to_series()
    number = pl.int_range(RECORDS, eager=True).cast(pl.String)
    records = pl.DataFrame({"system": "sap", "key": number.str.zfill(10), "row_hash": number.str.zfill(64)})
    records = records.with_columns(body=body_of(names, words[2]))
    ids = pl.Series([format_master_id(n) for n in range(1, CUSTOMERS + 1)])
    masters = pl.DataFrame({"master_id": ids, "sequence": range(1, CUSTOMERS + 1), "state": "active", "into": None})
    owners = ids[pl.Series(np.arange(RECORDS) % CUSTOMERS)]
    few = records.head(CUSTOMERS)
    golden = pl.DataFrame({"master_id": ids, "name": names.head(CUSTOMERS), "name_search": names.head(CUSTOMERS)})
    golden = golden.with_columns(
        kind=pl.lit("organisation"),
        country=pl.lit("DE"),
        city=pl.lit("berlin"),
        records=pl.Series(chance.integers(1, 5, CUSTOMERS)),
        systems=pl.lit(["sap"]),
        row_hash=few["key"],
        body=few["body"],
        provenance=pl.lit("[]"),
    )
    start = time.perf_counter()
    with store.begin_scan("law", "t") as lease:
        stage = store.stage_scan(lease)
        stage.put_records(records)
        stage.put_masters(masters)
        stage.put_crosswalk(records.select("system", "key", master_id=owners))
        stage.put_golden(golden)
        stage.apply(Run("s", "f"))
    return time.perf_counter() - start


def seconds(act: Callable[[], Any]) -> float:
    act()
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def test_a_first_scan_is_written_within_two_minutes(million: tuple[Store, Path, float]) -> None:
    assert million[2] < 120


def test_bulk_tables_are_read_within_ten_seconds(million: tuple[Store, Path, float]) -> None:
    store, _, _ = million
    assert store.read_crosswalk().height == RECORDS
    assert seconds(store.read_crosswalk) < 10
    assert seconds(store.read_record_hashes) < 10


def test_a_record_takes_less_than_a_kilobyte(million: tuple[Store, Path, float]) -> None:
    assert million[1].stat().st_size / RECORDS < 1_000


@pytest.mark.parametrize(
    "act",
    [
        lambda s: s.page_golden(Asked()),
        lambda s: s.page_golden(Asked(after=("sol", "M-00000ZZ-0"))),
        lambda s: s.page_golden(Asked(), "records"),
        lambda s: s.page_golden(Asked("balix tor")),
        lambda s: s.page_golden(Asked("nobody"), "records"),
        lambda s: s.count_golden("balix"),
        lambda s: s.get_customer("M-000016J-D"),
        lambda s: s.resolve("M-000016J-D"),
        lambda s: s.page_questions(Sought()),
    ],
)
def test_the_desk_answers_within_half_a_second(million: tuple[Store, Path, float], act: Any) -> None:
    assert min(seconds(lambda: act(million[0])) for _ in range(3)) < 0.5
