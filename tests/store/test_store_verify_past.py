"""The audit played again: whoever changes the past of records or ids behind the program's back is found out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from mdm.records import CROSSWALK, LINEAGE
from mdm.store import Store
from mdm.store.audit_digest import bind_members
from mdm.store.replay import ID_STATES, MEMBERSHIPS, member_changes, moves, replay_ids
from tests.store.conftest import A, B, C, faults, frame

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def twice(kept: Store, small: Any) -> Store:
    """A store after two scans; the second lost a record, took in another, and merged B into A."""
    small.scan(kept, small.put_second_scan)
    return kept


def test_two_scans_and_decisions_between_them_hold(twice: Store) -> None:
    assert [c.faults for c in twice.verify().checks if c.faults] == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE crosswalk SET master_id = 'M-0000002-2' WHERE key = '1'",
        "UPDATE crosswalk SET master_id = 'M-0000001-1' WHERE key = '3'",
        "UPDATE crosswalk SET rev_to = NULL WHERE key = '3'",
        "DELETE FROM crosswalk WHERE key = '3'",
        "INSERT INTO crosswalk SELECT system, '9', master_id, rev_from, rev_to FROM crosswalk WHERE key = '3'",
    ],
)
def test_changed_members_of_the_past_are_told(twice: Store, attack: Callable[..., None], statement: str) -> None:
    attack(statement)
    assert "was changed afterwards." in faults(twice, "members")


def test_members_that_changed_without_a_scan_are_told(twice: Store, attack: Callable[..., None]) -> None:
    attack("UPDATE crosswalk SET rev_to = 3 WHERE key = '1'")
    assert "Records changed with revision 3, of which the audit knows nothing." in faults(twice, "members")


def test_a_move_that_the_lineage_does_not_tell_is_told(kept: Store, small: Any) -> None:
    def move(stage: Any) -> None:
        stage.put_crosswalk(small.crosswalk(("a", "2", B)))

    small.scan(kept, move)
    assert "Record a:2 went from M-0000001-1 to M-0000002-2 with revision" in faults(kept, "members")


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE master_state SET state = 'retired', \"into\" = NULL", "B is retired from revision"),
        ("UPDATE master_state SET \"into\" = 'M-0000002-2'", "B was merged into A from revision"),
        ("DELETE FROM master_state", "B was merged into A from revision"),
        ("UPDATE master_state SET rev_from = rev_from - 1", "B is merged into A from revision 5 on, which its"),
        ("INSERT INTO master VALUES ('M-0000009-9', 9, 1)", "M-0000009-9 was never given out"),
        ("UPDATE lineage SET to_id = 'M-0000009-9' WHERE kind = 'create' AND rev = 1", "M-0000009-9 was given out and"),
    ],
)
def test_ids_that_are_not_what_their_lineage_says_are_told(
    twice: Store, attack: Callable[..., None], statement: str, fault: str
) -> None:
    attack(statement)
    assert fault in faults(twice, "ids").replace(A, "A").replace(B, "B")


def lineage(*rows: tuple[int, str, str | None, str | None]) -> pl.DataFrame:
    schema = {"rev": pl.Int64(), **LINEAGE}
    return frame(schema, [(rev, kind, one, other, None, None) for rev, kind, one, other in rows])


@pytest.mark.parametrize(
    ("events", "states"),
    [
        ([], []),
        ([(1, "create", None, A)], []),
        ([(1, "create", None, A), (2, "retire", A, None)], [(A, "retired", None, 2, None)]),
        ([(1, "create", None, A), (2, "retire", A, None), (4, "revive", None, A)], [(A, "retired", None, 2, 4)]),
        ([(2, "merge", B, A), (3, "redirect", B, C)], [(B, "merged", A, 2, 3), (B, "merged", C, 3, None)]),
        ([(2, "split_up", B, A), (2, "redirect", B, C)], [(B, "split", C, 2, None)]),
        ([(2, "merge", B, A), (3, "revive", None, B), (3, "merge", B, A)], [(B, "merged", A, 2, None)]),
    ],
)
def test_lineage_gives_the_states_of_ids(
    events: list[tuple[int, str, str | None, str | None]], states: list[tuple[Any, ...]]
) -> None:
    assert replay_ids(lineage(*events)).equals(frame(ID_STATES, states))


def test_records_come_move_and_go() -> None:
    past = frame(MEMBERSHIPS, [("a", "1", A, 1, 3), ("a", "1", B, 3, 5), ("a", "2", A, 3, None), ("a", "3", A, 1, 5)])
    changes = member_changes(past)
    assert changes.rows() == [
        (1, "a", "1", A, None),
        (1, "a", "3", A, None),
        (3, "a", "1", B, A),
        (3, "a", "2", A, None),
        (5, "a", "1", None, B),
        (5, "a", "3", None, A),
    ]
    assert moves(changes).rows() == [(3, A, B, "a", "1")]


def test_the_digest_of_members_tells_a_record_that_went_from_one_that_came() -> None:
    came = frame(CROSSWALK, [("a", "1", A), ("a", "2", A)])
    went = came.with_columns(master_id=pl.when(pl.col("key") == "1").then("master_id"))
    assert bind_members(came) != bind_members(went)
    assert bind_members(came.reverse()) == bind_members(came)
