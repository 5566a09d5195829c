"""What a scan may stage: each key once, nothing that does not stand, every text as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from mdm.errors import SchemaMismatch, StoreRefused
from mdm.store import Store

if TYPE_CHECKING:
    pass

NOW = "2026-01-01T00:00:00Z"
NASTY = ["", " ", "\\N", '"', "a,b", "line\nbreak", "cr\r", "\\.", "tab\t", "NULL", "'; DROP TABLE run; --", "ß 漢 🙂"]


def test_a_closed_stage_takes_nothing_more(scanned: Store, small: Any) -> None:
    with scanned.begin_scan("nightly", NOW) as lease:
        stage = scanned.stage_scan(lease)
        stage.apply(small.run)
        for act in (lambda: stage.put_records(small.records()), lambda: stage.apply(small.run), stage.abandon):
            with pytest.raises(StoreRefused, match="already applied or abandoned"):
                act()


def test_a_key_put_twice_is_a_fault(scanned: Store, small: Any, key_frame: Any) -> None:
    with scanned.begin_scan("nightly", NOW) as lease:
        stage = scanned.stage_scan(lease)
        with pytest.raises(SchemaMismatch, match="more than once"):
            stage.put_records(small.records(("a", "2", "x"), ("a", "2", "y")))
        with pytest.raises(SchemaMismatch, match="more than once"):
            stage.put_records(small.records(("a", "2", "x")), key_frame(("a", "2")))
        stage.put_records(small.records(("a", "2", "x")))
        with pytest.raises(SchemaMismatch, match="refused a row"):
            stage.put_records(small.records(("a", "2", "y")))
        stage.abandon()


def test_removing_what_does_not_stand_is_a_fault(scanned: Store, small: Any, key_frame: Any) -> None:
    with scanned.begin_scan("nightly", NOW) as lease:
        stage = scanned.stage_scan(lease)
        with pytest.raises(SchemaMismatch, match="do not stand"):
            stage.put_records(small.records(), key_frame(("a", "99")))
        stage.abandon()


def test_a_record_cannot_belong_to_an_id_that_was_never_given_out(store: Store, small: Any) -> None:
    with store.begin_scan("nightly", NOW) as lease:
        stage = store.stage_scan(lease)
        with pytest.raises(SchemaMismatch, match="refused a row"):
            stage.put_crosswalk(small.crosswalk(("a", "1", small.a)))
        stage.abandon()


def test_a_master_number_is_given_out_once(scanned: Store, small: Any) -> None:
    again = small.masters((small.c, "active", None)).with_columns(sequence=pl.lit(1, pl.Int64))
    with scanned.begin_scan("nightly", NOW) as lease:
        stage = scanned.stage_scan(lease)
        with pytest.raises(SchemaMismatch, match="used up to 2; 1 was to be given out again"):
            stage.put_masters(again)
        stage.abandon()


def test_every_text_comes_back_as_it_was(store: Store, small: Any) -> None:
    keys = pl.DataFrame({"system": "a", "key": NASTY, "row_hash": NASTY, "body": NASTY})
    small.scan(store, lambda stage: stage.put_records(keys))
    assert store.read_records().sort("key").rows() == keys.sort("key").rows()


def test_nothing_and_the_empty_text_stay_two_things(store: Store, small: Any) -> None:
    changes = pl.DataFrame(
        {
            "target": "crm",
            "key": ["1", "2"],
            "master_id": small.a,
            "field": "NAME",
            "old": ["", None],
            "new": [None, ""],
        }
    )
    small.scan(store, lambda stage: stage.put_publish_changes(changes))
    assert store.read_publish_changes().select("old", "new").rows() == [("", None), (None, "")]


def test_records_are_read_in_code_point_order(store: Store, small: Any) -> None:
    keys = ["a", "B", "ä", "Z", "_", "10", "9", "é", "漢", "🙂", "a b", "ab"]
    small.scan(store, lambda stage: stage.put_records(small.records(*[("a", key, "h") for key in keys])))
    assert store.read_record_hashes()["key"].to_list() == sorted(keys)


def test_only_the_records_asked_for_are_read(scanned: Store, key_frame: Any) -> None:
    asked = key_frame(("a", "3"), ("a", "1"), ("b", "1"), ("a", "1"))
    assert scanned.read_records(asked)["key"].to_list() == ["1", "3"]
