"""What became different between two revisions, page by page, on both engines."""

from __future__ import annotations

from typing import Any

import pytest

from mdm.store import Since, Store


def pages(store: Store, old: int, most: int) -> list[tuple[Any, ...]]:
    """All rows of the crosswalk that changed since that revision, read a page at a time."""
    found: list[tuple[Any, ...]] = []
    after: tuple[str, ...] | None = None
    while True:
        rows = store.changes.crosswalk(Since(old, store.current_revision(), after, most)).rows()
        found += rows
        if len(rows) < most:
            return found
        after = rows[-1][:2]


@pytest.mark.parametrize("most", [1, 2, 10])
def test_new_rows_and_keys_that_are_gone_are_told_once(scanned: Store, small: Any, most: int) -> None:
    assert pages(scanned, 0, most) == [("a", "1", small.a, 0), ("a", "2", small.a, 0), ("a", "3", small.b, 0)]
    small.scan(scanned, small.put_second_scan)
    assert pages(scanned, 1, most) == [("a", "3", small.b, 1), ("a", "4", small.c, 0)]
    assert pages(scanned, 2, most) == []


def test_a_golden_record_that_changed_is_told_as_it_is_now(scanned: Store, small: Any) -> None:
    small.scan(scanned, small.put_second_scan)
    told = scanned.changes.golden(Since(1, 2, None, 10)).select("master_id", "body", "gone").rows()
    assert told == [
        (small.a, '{"name":"Zwei"}', 0),
        (small.b, '{"name":"Three"}', 1),
        (small.c, '{"name":"Four"}', 0),
    ]


def test_what_a_scan_is_still_writing_is_not_told(scanned: Store, small: Any) -> None:
    with scanned.begin_scan("nightly", "2026-01-01T00:00:00Z") as lease:
        stage = scanned.stage_scan(lease)
        small.put_second_scan(stage)
        assert pages(scanned, 1, 10) == []
        assert scanned.changes.moment(2) is None
        stage.abandon()
