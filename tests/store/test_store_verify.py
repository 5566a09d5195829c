"""Whoever changes the store behind the program's back is found out, and told in words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from mdm.errors import StoreRefused
from mdm.settings import Secret
from mdm.store import Keeper, Store, open_store
from mdm.store.audit_chain import Entry, seal
from tests.store.conftest import SAID, faults, pair

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LAST = 6
"""The begin, the scan and four decisions."""


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
