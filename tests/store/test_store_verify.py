"""Whoever changes the store behind the program's back is found out, and told in words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from mdm.errors import StoreRefused
from mdm.records import RecordKey, SystemName
from mdm.settings import Secret
from mdm.store import Keeper, Store, open_store
from mdm.store.audit_chain import Entry, seal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NOW, LATER = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"
EARLIER = "2025-12-01T00:00:00Z"
SAID: dict[str, Any] = {"author": "ann", "at": NOW, "reason": "twins"}
LAST = 6
"""The begin, the scan and four decisions."""


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    return Keeper(tmp_path / "audit")


def pair(number: int) -> tuple[RecordKey, RecordKey]:
    return RecordKey(SystemName("a"), "1"), RecordKey(SystemName("b"), str(number))


@pytest.fixture
def kept(url: str, keeper: Keeper, small: Any) -> Iterator[Store]:
    """A store after a scan and four decisions, with a key and an anchor."""
    with open_store(url, rest=lambda _: None, keeper=keeper) as opened:
        small.scan(opened, small.put_first_scan)
        for number in range(4):
            opened.add_decision("match", *pair(number), **SAID)
        yield opened


@pytest.fixture
def attack(kept: Store) -> Callable[..., None]:
    """What somebody can do who owns the file or the database: no trigger is in the way."""

    def run(*statements: str) -> None:
        with kept._database.writing() as connection:
            if kept._database.is_postgresql:
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            else:
                names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all()
                for (name,) in names:
                    connection.exec_driver_sql(f"DROP TRIGGER {name}")
            for statement in statements:
                connection.exec_driver_sql(statement)

    return run


def faults(store: Store, check: str) -> str:
    found = store.verify()
    assert not found.holds
    return " ".join(next(c.faults for c in found.checks if c.name == check))


def rewrite(store: Store, key: bytes, first: int) -> list[str]:
    """Statements that change the actor of a row and seal it and all behind it anew."""
    rows = [Entry(*row) for row in store.audit().iter_rows()]
    statements, previous = [], rows[first - 2].hash
    for row in rows[first - 1 :]:
        bare = Entry(row.seq, row.at, "eve", row.action, row.subject, row.details, previous)
        previous = seal(key, bare)
        statements.append(
            f"UPDATE audit SET actor = 'eve', previous = '{bare.previous}', hash = '{previous}' WHERE seq = {row.seq}"  # noqa: S608 - an attack
        )
    return statements


def test_an_untouched_store_holds(kept: Store) -> None:
    found = kept.verify()
    assert [c.faults for c in found.checks if c.faults] == []
    assert (found.holds, found.rows, found.unanchored) == (True, LAST, 0)


def test_a_changed_row_is_found(kept: Store, attack: Callable[..., None]) -> None:
    attack("UPDATE audit SET actor = 'eve' WHERE seq = 4")
    assert faults(kept, "chain") == "Row 4 was changed, or written without the audit key."


def test_a_deleted_row_is_found(kept: Store, attack: Callable[..., None]) -> None:
    attack("DELETE FROM audit WHERE seq = 4")
    assert "Row 4 is missing: it was deleted." in faults(kept, "chain")


def test_a_deleted_row_is_found_when_the_rest_is_numbered_anew(kept: Store, attack: Callable[..., None]) -> None:
    attack(
        "DELETE FROM audit WHERE seq = 4",
        "UPDATE audit SET seq = 4 WHERE seq = 5",
        "UPDATE audit SET seq = 5 WHERE seq = 6",
    )
    assert "Row 4 is row 5, moved" in faults(kept, "chain")


def test_an_inserted_row_is_found(kept: Store, attack: Callable[..., None]) -> None:
    attack(
        "UPDATE audit SET seq = 7 WHERE seq = 6",
        "UPDATE audit SET seq = 6 WHERE seq = 5",
        "INSERT INTO audit SELECT 5, at, 'eve', action, subject, details, hash, hash FROM audit WHERE seq = 4",
    )
    assert "Rows 5 to 7 were changed, or written with another audit key." in faults(kept, "chain")


def test_a_row_that_was_added_without_the_key_is_found(kept: Store, attack: Callable[..., None]) -> None:
    attack("INSERT INTO audit SELECT 7, at, 'eve', action, subject, details, hash, hash FROM audit WHERE seq = 6")
    assert "Row 7 was changed, or written without the audit key." in faults(kept, "chain")


def test_reordered_rows_are_found(kept: Store, attack: Callable[..., None]) -> None:
    attack(
        "UPDATE audit SET seq = 99 WHERE seq = 4",
        "UPDATE audit SET seq = 4 WHERE seq = 5",
        "UPDATE audit SET seq = 5 WHERE seq = 99",
    )
    told = faults(kept, "chain")
    assert "Row 4 is row 5, moved: rows were reordered or inserted." in told
    assert "Row 5 is row 4, moved" in told


def test_a_cut_off_end_is_found_by_the_anchor(kept: Store, attack: Callable[..., None]) -> None:
    attack("DELETE FROM audit WHERE seq > 4")
    assert "Rows 5 to 6 were cut off" in faults(kept, "anchor")


def test_an_emptied_audit_is_found_by_the_anchor(kept: Store, attack: Callable[..., None]) -> None:
    attack("DELETE FROM audit")
    assert "Rows 1 to 6 were cut off" in faults(kept, "anchor")


def test_an_audit_emptied_together_with_its_anchor_is_found_by_what_it_should_tell(
    kept: Store, attack: Callable[..., None], keeper: Keeper
) -> None:
    attack("DELETE FROM audit")
    assert keeper.folder is not None
    (keeper.folder / "anchor.json").unlink()
    assert "Decision 1 has no row in the audit: it was put in." in faults(kept, "deeds")


def test_a_chain_written_anew_with_another_key_is_found(kept: Store, attack: Callable[..., None]) -> None:
    attack(*rewrite(kept, b"another key", 3))
    assert "Rows 3 to 6 were changed, or written with another audit key." in faults(kept, "chain")


def test_a_chain_written_anew_with_the_right_key_is_found_by_the_anchor(
    kept: Store, attack: Callable[..., None], keeper: Keeper
) -> None:
    attack(*rewrite(kept, keeper.key() or b"", 3))
    assert "Row 6 is not the row that The anchor beside the project knows" in faults(kept, "anchor")


def test_a_whole_forgery_with_key_and_anchor_is_found_by_a_copy_kept_elsewhere(
    kept: Store, attack: Callable[..., None], keeper: Keeper, tmp_path: Path
) -> None:
    assert keeper.folder is not None
    copy = tmp_path / "copy.json"
    copy.write_bytes((keeper.folder / "anchor.json").read_bytes())
    attack(*rewrite(kept, keeper.key() or b"", 3))
    (keeper.folder / "anchor.json").unlink()
    kept.add_decision("match", *pair(9), **SAID)
    assert "anchor" not in [c.name for c in kept.verify().checks if c.faults]
    found = kept.verify(copy)
    assert "Row 6 is not the row that" in str([c.faults for c in found.checks if c.name == "anchor"])


def test_a_missing_anchor_is_told(kept: Store, keeper: Keeper) -> None:
    assert keeper.folder is not None
    (keeper.folder / "anchor.json").unlink()
    assert faults(kept, "anchor") == "The anchor beside the project is missing: rows could be cut off unseen."


def test_a_changed_anchor_is_told(kept: Store, keeper: Keeper) -> None:
    assert keeper.folder is not None
    path = keeper.folder / "anchor.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"seq": 3}))
    assert "was changed, or written with another key" in faults(kept, "anchor")


def test_an_anchor_of_another_store_is_told(kept: Store, attack: Callable[..., None]) -> None:
    attack("UPDATE meta SET value = 'another' WHERE name = 'store_id'")
    try:
        assert "is that of another store" in faults(kept, "anchor")
    finally:
        attack("UPDATE meta SET value = 'restored' WHERE name = 'store_id'")


def test_a_crash_between_a_change_and_its_anchor_is_no_tampering(kept: Store, keeper: Keeper) -> None:
    assert keeper.folder is not None
    path = keeper.folder / "anchor.json"
    before = path.read_bytes()
    kept.add_decision("match", *pair(9), **SAID)
    path.write_bytes(before)  # as a process leaves it that was killed in between
    found = kept.verify()
    assert (found.holds, found.unanchored) == (True, 1)
    kept.add_decision("match", *pair(10), **SAID)
    assert kept.verify().unanchored == 0


def test_nothing_more_is_written_to_a_store_whose_audit_was_cut_off(kept: Store, attack: Callable[..., None]) -> None:
    attack("DELETE FROM audit WHERE seq > 4")
    with pytest.raises(StoreRefused, match="anchor knows of 6"):
        kept.add_decision("match", *pair(9), **SAID)


def test_a_lost_key_is_told(kept: Store, keeper: Keeper) -> None:
    assert keeper.folder is not None
    (keeper.folder / "key").unlink()
    assert "The audit key is not here" in faults(kept, "chain")


def test_another_key_fits_no_row(kept: Store, url: str) -> None:
    assert kept.verify().holds
    with open_store(url, keeper=Keeper(None, Secret("k" * 32))) as other:
        assert "Rows 1 to 6 were changed, or written with another audit key." in faults(other, "chain")


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
    assert faults(kept, "lineage") == "The lineage of the scan of revision 1 was changed, cut or added to."


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
