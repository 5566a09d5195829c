"""Whoever changes decisions, scans or customers behind the program's back is found out, and told in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mdm.records import RecordKey, SystemName
from mdm.store import Store
from tests.store.conftest import faults

if TYPE_CHECKING:
    from collections.abc import Callable

NOW, LATER = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"
EARLIER = "2025-12-01T00:00:00Z"


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE decision SET reason = 'other' WHERE id = 2", "Decision 2 was changed after it was made by ann"),
        ("UPDATE decision SET kind = 'do_not_match' WHERE id = 2", "Decision 2 was changed after it was made by ann"),
        ("DELETE FROM decision WHERE id = 4", "Decision 4 is in the audit, but no longer in the store"),
        (
            (
                "INSERT INTO decision SELECT 5, rev, kind, system_l, key_l, 'b', 'x', author, at, reason, supersedes, "
                "deed, evidence, seen "
                "FROM decision WHERE id = 4"
            ),
            "Decision 5 has no row in the audit: it was put in.",
        ),
        ("UPDATE run SET result_hash = 'other'", "What the scan of revision 1 was given or found was changed"),
        ("DELETE FROM run", "The scan of revision 1 is in the audit, but no longer in the store."),
        ("UPDATE meta SET value = '99' WHERE name = 'audited_after'", "its audit began later than it did"),
    ],
)
def test_a_change_without_a_row_in_the_audit_is_told(
    kept: Store, attack: Callable[..., None], statement: str, fault: str
) -> None:
    attack(statement)
    told = faults(kept, "deeds")
    attack("UPDATE meta SET value = '0' WHERE name = 'audited_after'")
    assert fault in told


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE lineage SET to_id = 'M-0000003-3' WHERE position = 1",
        "DELETE FROM lineage WHERE position = 1",
        "INSERT INTO lineage SELECT rev, 2, 'retire', to_id, NULL, NULL, NULL FROM lineage WHERE position = 1",
    ],
)
def test_a_changed_lineage_is_told(kept: Store, attack: Callable[..., None], statement: str) -> None:
    attack(statement)
    assert faults(kept, "lineage") == "The lineage of revision 1 was changed, cut or added to."


STATE_FAULTS = [
    (
        "records",
        "DELETE FROM crosswalk WHERE key = '2'",
        "Record a:2 belongs to no customer.",
    ),
    (
        "records",
        "DELETE FROM source_record WHERE key = '2'",
        "Record a:2 is gone, but still counts among those of M-0000001-1.",
    ),
    (
        "records",
        "INSERT INTO crosswalk SELECT system, key, 'M-0000002-2', 2, NULL FROM crosswalk WHERE key = '2'",
        "Record a:2 belongs to more than one customer.",
    ),
    (
        "owners",
        "INSERT INTO master_state VALUES ('M-0000002-2', 'merged', 'M-0000001-1', 1, NULL)",
        "Record a:3 belongs to M-0000002-2, which is merged.",
    ),
    (
        "customers",
        "UPDATE crosswalk SET master_id = 'M-0000001-1'",
        "M-0000002-2 is active, but has no record.",
    ),
    (
        "numbers",
        "UPDATE master SET sequence = 7 WHERE sequence = 2",
        "M-0000002-2 does not fit its number 7.",
    ),
    (
        "numbers",
        "UPDATE pointer SET issued = 1",
        "M-0000002-2 has a number that was never used up: it could be given out again.",
    ),
    (
        "redirects",
        "INSERT INTO master_state VALUES ('M-0000002-2', 'merged', NULL, 1, NULL)",
        "M-0000002-2 is merged, but leads nowhere.",
    ),
    (
        "redirects",
        (
            "INSERT INTO master_state VALUES ('M-0000001-1', 'merged', 'M-0000002-2', 1, NULL), "
            "('M-0000002-2', 'merged', 'M-0000001-1', 1, NULL)"
        ),
        "M-0000001-1 leads to M-0000002-2, which is merged. M-0000002-2 leads to M-0000001-1, which is merged.",
    ),
    ("golden", "DELETE FROM golden WHERE name = 'One'", "M-0000001-1 has no golden record."),
    (
        "golden",
        "INSERT INTO master_state VALUES ('M-0000002-2', 'retired', NULL, 1, NULL)",
        "M-0000002-2 has a golden record, but is not active.",
    ),
    ("golden", "UPDATE golden SET records = 9 WHERE name = 'One'", "M-0000001-1 counts 9 records, but has 2."),
]


@pytest.mark.parametrize(("check", "statement", "fault"), STATE_FAULTS)
def test_a_broken_state_is_told_by_its_record_or_id(
    kept: Store, attack: Callable[..., None], check: str, statement: str, fault: str
) -> None:
    attack(statement)
    assert fault in faults(kept, check)


def decided_before_the_scan(store: Store, small: Any, *decisions: tuple[str, str, str]) -> None:
    for kind, left, right in decisions:
        one, other = (RecordKey(SystemName("a"), key) for key in (left, right))
        store.add_decision(kind, one, other, author="ann", at=EARLIER, reason="")  # type: ignore[arg-type]  # a kind
    small.scan(store, small.put_first_scan)


def test_a_pair_told_apart_that_is_one_customer_is_told(store: Store, small: Any) -> None:
    decided_before_the_scan(store, small, ("do_not_match", "1", "2"))
    assert faults(store, "apart") == "Decision 1 says that a:1 and a:2 are two customers, but both are M-0000001-1."


def test_a_pair_told_apart_through_a_record_that_is_gone_is_told(store: Store, small: Any) -> None:
    decided_before_the_scan(store, small, ("match", "1", "gone"), ("do_not_match", "2", "gone"))
    assert faults(store, "apart") == "Decision 2 says that a:2 and a:gone are two customers, but both are M-0000001-1."


def test_a_pair_joined_that_is_two_customers_is_told(store: Store, small: Any) -> None:
    decided_before_the_scan(store, small, ("match", "2", "3"))
    assert "a:2 and a:3 are one customer, but they are M-0000001-1 and M-0000002-2." in faults(store, "together")


def test_a_decision_since_the_last_scan_waits_for_the_next(scanned: Store) -> None:
    one, other = (RecordKey(SystemName("a"), key) for key in "12")
    scanned.add_decision("do_not_match", one, other, author="ann", at=LATER, reason="")
    assert scanned.verify().holds


def test_a_withdrawn_decision_binds_nobody(store: Store, small: Any) -> None:
    one, other = (RecordKey(SystemName("a"), key) for key in "12")
    store.add_decision("do_not_match", one, other, author="ann", at=EARLIER, reason="")
    store.supersede(1, "withdrawn", author="ann", at=EARLIER, reason="")
    small.scan(store, small.put_first_scan)
    assert store.verify().holds


def test_what_an_unfinished_scan_has_staged_is_no_fault(kept: Store, small: Any) -> None:
    with kept.begin_scan("nightly", NOW) as lease:
        stage = kept.stage_scan(lease)
        small.put_second_scan(stage)
        assert kept.verify().holds
        stage.apply(small.run)
    assert kept.verify().holds
