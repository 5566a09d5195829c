"""A scan is invisible until it is applied, costs only its difference, and leaves the past readable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from mdm.errors import SettingsInvalid
from mdm.records import RecordKey, SystemName
from mdm.store import Run, Store, difference, open_store

if TYPE_CHECKING:
    pass

NOW = "2026-01-01T00:00:00Z"
LEFT, RIGHT = RecordKey(SystemName("a"), "1"), RecordKey(SystemName("a"), "3")


def test_nothing_staged_is_visible_before_apply(store: Store, small: Any, see: Any) -> None:
    before = see(store)
    with store.begin_scan("nightly", NOW) as lease:
        stage = store.stage_scan(lease)
        small.put_first_scan(stage)
        assert see(store) == before
        stage.abandon()


def test_an_applied_scan_is_visible_in_every_table(scanned: Store, small: Any, see: Any) -> None:
    seen = see(scanned)
    assert scanned.current_revision() == 1
    assert seen["crosswalk"] == [("a", "1", small.a), ("a", "2", small.a), ("a", "3", small.b)]
    assert seen["masters"] == [(small.a, 1, "active", None), (small.b, 2, "active", None)]
    assert seen["hashes"] == [("a", "1", "one"), ("a", "2", "two"), ("a", "3", "three")]
    assert [row[:5] for row in seen["links"]] == [("a", "1", "a", "2", 9_000_000), ("a", "2", "a", "3", 4_000_000)]
    assert [row[0] for row in seen["golden"]] == [small.a, small.b]
    assert seen["lineage"] == [(1, "create", None, small.a, None, None), (1, "create", None, small.b, None, None)]
    assert seen["quarantine"] == small.quarantine(7).rows()
    assert seen["files"] == small.files().rows()
    assert seen["changes"] == small.changes(("1", "", small.a)).rows()
    assert [(run.revision, run.manifest, run.result_hash) for run in seen["runs"]] == [(1, {"version": 1}, "r")]


def test_a_second_scan_replaces_what_changed_and_removes_what_is_gone(scanned: Store, small: Any, see: Any) -> None:
    assert small.scan(scanned, small.put_second_scan) == 2
    seen = see(scanned)
    assert seen["hashes"] == [("a", "1", "one"), ("a", "2", "zwei"), ("a", "4", "four")]
    assert seen["masters"] == [
        (small.a, 1, "active", None),
        (small.b, 2, "merged", small.a),
        (small.c, 3, "active", None),
    ]
    assert [row[:2] for row in seen["golden"]] == [(small.a, "Zwei"), (small.c, "Four")]
    assert [row[3] for row in seen["links"]] == ["2", "4"]
    assert len(seen["lineage"]) == 4


def test_every_past_revision_stays_readable(scanned: Store, small: Any, see: Any) -> None:
    first, nothing = see(scanned), see(scanned, 0)
    small.scan(scanned, small.put_second_scan)
    assert see(scanned, 1) == first
    assert see(scanned, 0) == nothing
    assert nothing["records"] == []


def test_a_revision_that_never_was_is_refused(scanned: Store) -> None:
    for revision in (2, -1):
        with pytest.raises(SettingsInvalid, match="no revision"):
            scanned.read_crosswalk(revision=revision)


def test_an_abandoned_scan_leaves_nothing(scanned: Store, small: Any, see: Any) -> None:
    before = see(scanned)
    with scanned.begin_scan("nightly", NOW) as lease:
        stage = scanned.stage_scan(lease)
        small.put_second_scan(stage)
        stage.abandon()
    assert see(scanned) == before
    assert rows_in_all(scanned) == rows_after_first_scan(small)


def test_an_abandoned_first_scan_leaves_an_empty_store(store: Store, small: Any, see: Any) -> None:
    with store.begin_scan("nightly", NOW) as lease:
        stage = store.stage_scan(lease)
        small.put_first_scan(stage)
        stage.abandon()
    assert set(rows_in_all(store).values()) == {0}
    assert small.scan(store, lambda stage: stage.put_records(small.records(("a", "1", "one")))) == 1
    assert len(see(store)["records"]) == 1


def rows_in_all(store: Store) -> dict[str, int]:
    from mdm.store.tables import APPENDED, REVISED  # noqa: PLC0415 - only here

    tables = [r.table for r in REVISED] + list(APPENDED)
    with store._database.reading() as connection:
        return {t.name: connection.execute(sa.select(sa.func.count()).select_from(t)).scalar_one() for t in tables}


def rows_after_first_scan(small: Any) -> dict[str, int]:
    with open_store("sqlite://") as other:
        small.scan(other, small.put_first_scan)
        return rows_in_all(other)


def test_a_run_knows_how_many_rows_it_wrote(scanned: Store, small: Any, key_frame: Any) -> None:
    with scanned.begin_scan("nightly", NOW) as lease:
        stage = scanned.stage_scan(lease)
        changed = small.records(("a", "2", "zwei"), ("a", "4", "four"))
        assert stage.put_records(changed, key_frame(("a", "3"))) == 4  # two new rows, one replaced, one ended
        stage.abandon()


def test_an_unchanged_rescan_writes_nothing(scanned: Store, small: Any) -> None:
    records = small.records(("a", "1", "one"), ("a", "2", "two"), ("a", "3", "three"))
    golden = small.golden((small.a, "One", 2), (small.b, "Three", 1))
    with scanned.begin_scan("nightly", NOW) as lease:
        stage = scanned.stage_scan(lease)
        assert stage.put_records(*difference(records, scanned.read_record_hashes(), key=["system", "key"])) == 0
        assert stage.put_golden(*difference(golden, scanned.read_golden_hashes(), key=["master_id"])) == 0
        links, key = scanned.read_links(), ["system_l", "key_l", "system_r", "key_r"]
        assert stage.put_links(*difference(links, scanned.read_links(), key=key)) == 0
        assert (
            stage.put_masters(*difference(scanned.read_masters(), scanned.read_masters(), key=["master_id"])[:1]) == 0
        )
        assert stage.put_quarantine(small.quarantine(7)) == 0
        stage.abandon()


def test_a_decision_is_visible_while_a_scan_is_staging(scanned: Store, small: Any, see: Any) -> None:
    with scanned.begin_scan("nightly", NOW) as lease:
        stage = scanned.stage_scan(lease)
        small.put_second_scan(stage)
        before = see(scanned)
        scanned.add_decision("do_not_match", LEFT, RIGHT, author="ann", at=NOW, reason="twins")
        after = see(scanned)
        assert {name for name in after if after[name] != before[name]} == {"decisions"}
        during = scanned.current_revision()
        applied = stage.apply(small.run)
    assert see(scanned)["hashes"] == [("a", "1", "one"), ("a", "2", "zwei"), ("a", "4", "four")]
    assert len(see(scanned)["decisions"]) == 1
    assert see(scanned, during) == after
    assert see(scanned, during - 2)["decisions"] == []
    assert applied == scanned.current_revision() == during + 1


def test_the_number_of_an_overtaken_scan_is_no_revision_of_its_own(scanned: Store, small: Any) -> None:
    with scanned.begin_scan("nightly", NOW) as lease:
        stage = scanned.stage_scan(lease)
        scanned.add_decision("do_not_match", LEFT, RIGHT, author="ann", at=NOW, reason="twins")
        stage.apply(small.run)
    with pytest.raises(SettingsInvalid):
        scanned.read_crosswalk(revision=stage.building)


def test_a_scan_abandoned_after_a_decision_leaves_the_decision(scanned: Store, small: Any, see: Any) -> None:
    with scanned.begin_scan("nightly", NOW) as lease:
        stage = scanned.stage_scan(lease)
        small.put_second_scan(stage)
        scanned.add_decision("match", LEFT, RIGHT, author="ann", at=NOW, reason="same")
        seen = see(scanned)
        stage.abandon()
    assert see(scanned) == seen
    assert small.scan(scanned, small.put_second_scan) == 4
    assert see(scanned, 3) == seen


def test_an_id_can_come_back_from_a_merge(scanned: Store, small: Any) -> None:
    merged, back = small.masters((small.b, "merged", small.a)), small.masters((small.b, "active", None))
    small.scan(scanned, lambda stage: stage.put_masters(merged))
    small.scan(scanned, lambda stage: stage.put_masters(back))
    assert scanned.read_masters().rows()[1] == (small.b, 2, "active", None)
    assert scanned.read_masters(revision=2).rows()[1] == (small.b, 2, "merged", small.a)


def test_a_merged_id_can_be_led_elsewhere(scanned: Store, small: Any) -> None:
    small.scan(scanned, lambda stage: stage.put_masters(small.masters((small.b, "merged", small.a))))
    small.scan(scanned, lambda stage: stage.put_masters(small.masters((small.b, "retired", None))))
    assert scanned.read_masters().rows()[1] == (small.b, 2, "retired", None)


def test_links_are_read_by_band(scanned: Store) -> None:
    assert scanned.read_links("review")["weight"].to_list() == [4_000_000]


def test_runs_are_listed_latest_first(scanned: Store, small: Any) -> None:
    small.scan(scanned, small.put_second_scan)
    assert [run.revision for run in scanned.runs()] == [2, 1]
    last = scanned.last_run()
    assert last is not None
    assert last.revision == 2


def test_a_run_keeps_its_facts(store: Store) -> None:
    run = Run(NOW, NOW, {"files": ["ä"]}, {"records": 3}, {"match": 0.5}, "a", "b", "c")
    with store.begin_scan("nightly", NOW) as lease:
        store.stage_scan(lease).apply(run)
    found = store.last_run()
    assert found is not None
    assert (found.manifest, found.counts, found.timings) == (run.manifest, run.counts, run.timings)
    assert (found.result_hash, found.rules_hash, found.input_hash) == ("a", "b", "c")
