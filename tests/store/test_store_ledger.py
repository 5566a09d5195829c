"""The ledger of master ids on both engines: never issued twice, never changed, and readable as of any past day."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import sqlalchemy as sa

from mdm.errors import SchemaMismatch
from mdm.records import CROSSWALK, LINEAGE, RecordKey, SystemName, format_master_id
from mdm.store import Run, Store, Wanted, open_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from mdm.store import Stage

MAY, JUNE, JULY = (f"2026-0{month}-01T08:00:00+00:00" for month in (5, 6, 7))
D = format_master_id(4)


def scan_at(store: Store, at: str, put: Callable[[Stage], object]) -> int:
    with store.begin_scan("nightly", at) as lease:
        stage = store.stage_scan(lease)
        put(stage)
        return stage.apply(Run(at, at))


def moves(*rows: tuple[str, str, str]) -> pl.DataFrame:
    """Records of system `a` that went from one id to another."""
    return pl.DataFrame([("move", x, y, "a", key) for key, x, y in rows], schema=dict(LINEAGE), orient="row")


def decide(store: Store, at: str) -> int:
    pair = (RecordKey(SystemName("a"), key) for key in ("1", "2"))
    return store.add_decision("match", *pair, author="ann", at=at, reason="seen")


def successors(store: Store, master_id: str, revision: int | None = None) -> list[tuple[str, int]]:
    found = store.resolve(master_id, revision=revision)
    assert found is not None
    return [(s.master_id, s.records) for s in found.successors]


def crosswalk(store: Store, wanted: Wanted | None = None, revision: int | None = None) -> list[tuple[str, ...]]:
    parts = store.read_crosswalk_parts(wanted or Wanted(), revision=revision)
    return [row for part in parts for row in part.rows()]


@pytest.fixture
def split_up(store: Store, small: Any) -> Store:
    """Customer A had five records: two went to B and one to C in June; in July the two of B went on to D."""

    def first(stage: Stage) -> None:
        stage.put_masters(small.masters(*((m, "active", None) for m in (small.a, small.b, small.c))))
        stage.put_crosswalk(small.crosswalk(*(("a", key, small.a) for key in "12345")))

    def second(stage: Stage) -> None:
        stage.put_masters(small.masters((small.a, "split", small.b)))
        owners = {"1": small.b, "2": small.b, "3": small.c}
        gone = small.crosswalk(("a", "4", small.a), ("a", "5", small.a)).select("system", "key")
        stage.put_crosswalk(small.crosswalk(*(("a", key, m) for key, m in owners.items())), gone)
        ended = small.lineage(("split_up", small.a, small.b))
        stage.put_lineage(pl.concat([ended, moves(*((key, small.a, m) for key, m in owners.items()))]))

    def third(stage: Stage) -> None:
        stage.put_masters(small.masters((D, "active", None)))
        stage.put_crosswalk(small.crosswalk(("a", "1", D), ("a", "2", D)))
        stage.put_lineage(
            pl.concat([small.lineage(("split", small.b, D)), moves(("1", small.b, D), ("2", small.b, D))])
        )

    for at, put in ((MAY, first), (JUNE, second), (JULY, third)):
        scan_at(store, at, put)
    return store


def test_an_id_that_was_split_up_leads_to_where_most_of_its_records_are_today(split_up: Store, small: Any) -> None:
    found = split_up.resolve(small.a)
    assert found is not None
    assert (found.state, found.active) == ("split", D)
    assert successors(split_up, small.a) == [(D, 2), (small.c, 1)]


def test_an_id_led_to_where_its_records_were_on_a_past_day(split_up: Store, small: Any) -> None:
    assert successors(split_up, small.a, 2) == [(small.b, 2), (small.c, 1)]
    assert successors(split_up, small.a, 1) == [(small.a, 5)]
    assert split_up.resolve(D, revision=2) is None


def test_an_id_tells_what_happened_to_it_and_in_which_revision(split_up: Store, small: Any) -> None:
    a, b = split_up.resolve(small.a), split_up.resolve(small.b)
    assert a is not None
    assert b is not None
    assert a.lineage.select("rev", "kind", "from_id", "to_id").rows() == [(2, "split_up", small.a, small.b)]
    assert b.lineage["kind"].to_list() == ["split_up", "split"]
    assert (a.created_in, b.state, b.active) == (1, "active", small.b)


def test_a_merged_id_without_living_records_leads_to_the_one_it_was_merged_into(scanned: Store, small: Any) -> None:
    small.scan(scanned, small.put_second_scan)
    found = scanned.resolve(small.b)
    assert found is not None
    assert (found.state, found.active, found.successors) == ("merged", small.a, ())


def test_of_two_equal_successors_the_redirect_counts(scanned: Store, small: Any) -> None:
    def put(stage: Stage) -> None:
        stage.put_masters(small.masters((small.a, "split", D), (small.c, "active", None), (D, "active", None)))
        stage.put_crosswalk(small.crosswalk(("a", "1", small.c), ("a", "2", D)))
        stage.put_lineage(moves(("1", small.a, small.c), ("2", small.a, D)))

    small.scan(scanned, put)
    assert successors(scanned, small.a) == [(D, 1), (small.c, 1)]


def test_an_erased_id_leads_nowhere(scanned: Store, small: Any) -> None:
    small.scan(scanned, lambda stage: stage.put_masters(small.masters((small.b, "erased", None))))
    found = scanned.resolve(small.b)
    assert found is not None
    assert (found.state, found.active) == ("erased", None)


# Numbers


def test_the_number_of_an_abandoned_scan_is_never_given_out(scanned: Store, small: Any) -> None:
    assert scanned.last_issued() == 2
    with scanned.begin_scan("nightly", MAY) as lease:
        stage = scanned.stage_scan(lease)
        small.put_second_scan(stage)
        stage.abandon()
        again = scanned.stage_scan(lease)
        with pytest.raises(SchemaMismatch, match="used up to 3; 3 was to be given out again"):
            again.put_masters(small.masters((small.c, "active", None)))
        again.put_masters(small.masters((D, "active", None)))
        again.apply(small.run)
    assert scanned.last_issued() == 4
    assert scanned.read_masters()["sequence"].to_list() == [1, 2, 4]
    assert scanned.resolve(small.c) is None


def test_the_number_of_a_killed_scan_is_never_given_out(scanned: Store, url: str, small: Any) -> None:
    scanned.stage_scan(scanned.begin_scan("nightly", MAY)).put_masters(small.masters((small.c, "active", None)))
    with scanned._database.writing() as connection:
        connection.execute(sa.text("DELETE FROM scan_lock"))
    with open_store(url, rest=lambda _: None) as again, again.begin_scan("next", MAY):
        assert again.last_issued() == 3
        assert again.read_masters()["sequence"].to_list() == [1, 2]


def test_numbers_are_used_up_before_an_id_is_written(scanned: Store, small: Any, monkeypatch: Any) -> None:
    from mdm.store import bulk  # noqa: PLC0415 - the module to change

    def fail(*_: object) -> int:
        raise OSError

    with scanned.begin_scan("nightly", MAY) as lease:
        stage = scanned.stage_scan(lease)
        monkeypatch.setattr(bulk, "insert", fail)
        with pytest.raises(OSError):  # noqa: PT011 - the one raised above
            stage.put_masters(small.masters((small.c, "active", None)))
        stage.abandon()
    assert scanned.last_issued() == 3


# Append-only


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE lineage SET to_id = 'M-0000009-9'",
        "DELETE FROM lineage WHERE rev = 1",
        "UPDATE master SET sequence = 9 WHERE sequence = 1",
        "DELETE FROM lineage",
    ],
)
def test_the_database_refuses_to_change_what_happened(scanned: Store, see: Any, statement: str) -> None:
    before = see(scanned)
    with (
        pytest.raises(SchemaMismatch, match="is append-only"),
        scanned._database.writing() as connection,
    ):
        connection.execute(sa.text(statement))
    assert see(scanned) == before


def test_the_database_refuses_to_forget_an_id_without_records(scanned: Store, small: Any) -> None:
    small.scan(scanned, lambda stage: stage.put_masters(small.masters((small.c, "retired", None))))
    with pytest.raises(SchemaMismatch, match="refused a row"), scanned._database.writing() as connection:
        connection.execute(sa.text("DELETE FROM master WHERE sequence = 3"))


# The past


def test_the_crosswalk_is_read_as_of_any_past_day(split_up: Store, small: Any) -> None:
    days = {"2026-04-30": 0, "2026-05-01": 1, "2026-05-31": 1, "2026-06-01": 2, "2026-07-01": 3, "2030-01-01": 3}
    for day, revision in days.items():
        assert split_up.revision_at(datetime.fromisoformat(f"{day}T23:59:59+00:00")) == revision
    june = [("a", "1", small.b, JUNE), ("a", "2", small.b, JUNE), ("a", "3", small.c, JUNE)]
    assert crosswalk(split_up, revision=0) == []
    assert crosswalk(split_up, revision=1) == [("a", key, small.a, MAY) for key in "12345"]
    assert crosswalk(split_up, revision=2) == june
    assert crosswalk(split_up) == [("a", "1", D, JULY), ("a", "2", D, JULY), june[2]]


def test_a_moment_of_another_time_zone_is_the_same_moment(split_up: Store) -> None:
    assert split_up.revision_at(datetime.fromisoformat("2026-06-01T09:59:59+02:00")) == 1
    assert split_up.revision_at(datetime.fromisoformat("2026-06-01T10:00:00+02:00")) == 2


def test_the_crosswalk_can_be_asked_for_one_system_and_key(store: Store, small: Any) -> None:
    rows = [("a", "1", small.a), ("a", "2", small.a), ("b", "1", small.b)]

    def put(stage: Stage) -> None:
        stage.put_masters(small.masters((small.a, "active", None), (small.b, "active", None)))
        stage.put_crosswalk(pl.DataFrame(rows, schema=dict(CROSSWALK), orient="row"))

    scan_at(store, MAY, put)
    asked = {Wanted("a"): rows[:2], Wanted(key="1"): [rows[0], rows[2]], Wanted("b", "1"): rows[2:], Wanted("x"): []}
    for wanted, expected in asked.items():
        assert crosswalk(store, wanted) == [(*row, MAY) for row in expected]


def test_a_scan_that_decisions_overtook_counts_from_when_it_was_seen(scanned: Store, small: Any) -> None:
    with scanned.begin_scan("nightly", MAY) as lease:
        stage = scanned.stage_scan(lease)
        stage.put_crosswalk(small.crosswalk(("a", "2", small.b)))
        decide(scanned, JUNE)
        assert stage.apply(Run(MAY, JULY)) == 4
    seen = crosswalk(scanned)
    assert seen[1] == ("a", "2", small.b, JULY)
    assert scanned.revision_at(datetime(2026, 6, 2, tzinfo=UTC)) == 3
    assert crosswalk(scanned, revision=3)[1][:3] == ("a", "2", small.a)


def test_a_long_crosswalk_comes_in_parts(scanned: Store, small: Any) -> None:
    keys = pl.DataFrame({"key": [f"k{n:06d}" for n in range(50_001)]})
    rows = keys.select(pl.lit("z").alias("system"), "key", pl.lit(small.a).alias("master_id"))
    small.scan(scanned, lambda stage: stage.put_crosswalk(rows))
    parts = list(scanned.read_crosswalk_parts())
    assert [part.height for part in parts] == [50_000, 4]
    assert pl.concat(parts).drop("since").equals(scanned.read_crosswalk())
