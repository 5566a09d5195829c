"""Roles of users and their sessions: kept on both engines, every change of a role audited and verified."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import sqlalchemy as sa

from mdm.errors import SettingsInvalid
from mdm.store import Admitted, Keeper, Session, Store, User, Wish, open_store, restore_store
from mdm.store.tables import user_role

if TYPE_CHECKING:
    from pathlib import Path

NOW = "2026-01-01T00:00:00+00:00"
LATER = "2026-01-01T00:30:00+00:00"
BY: dict[str, Any] = {"by": "root", "at": NOW}
MINE = Session("a" * 64, "ann", NOW, NOW)


def test_a_user_has_one_role_the_last_that_was_given(store: Store) -> None:
    assert store.access.give("ann", "viewer", **BY) is None
    assert store.access.give("ann", "steward", **BY) == "viewer"
    assert store.access.roles() == (User("ann", "steward", "root", NOW),)


def test_every_change_of_a_role_is_a_row_of_the_audit_and_the_same_again_is_none(store: Store) -> None:
    store.access.give("ann", "viewer", **BY)
    store.access.give("ann", "viewer", **BY)
    store.access.take("ann", **BY)
    changes = store.audit().filter(pl.col("action").is_in(("grant", "revoke")))
    rows = changes.select("actor", "action", "subject", "details").rows()
    assert [(*row[:3], json.loads(row[3])) for row in rows] == [
        ("root", "grant", "user ann", {"user": "ann", "role": "viewer", "was": None}),
        ("root", "revoke", "user ann", {"user": "ann", "role": None, "was": "viewer"}),
    ]


def test_a_role_that_nobody_has_cannot_be_taken(store: Store) -> None:
    with pytest.raises(SettingsInvalid, match="ann has no role"):
        store.access.take("ann", **BY)


@pytest.mark.parametrize(
    ("forged", "told"),
    [
        (sa.update(user_role).values(role="admin"), "ann is admin; by the audit it is viewer"),
        (sa.delete(user_role), "ann is without a role; by the audit it is viewer"),
        (
            sa.insert(user_role).values(name="eve", role="admin", given_by="root", given_at=NOW),
            "eve is admin; by the audit it is none that was given",
        ),
    ],
)
def test_a_role_that_was_written_past_the_audit_is_found(store: Store, forged: Any, told: str) -> None:
    store.access.give("ann", "viewer", **BY)
    assert not [check for check in store.verify().checks if check.name == "roles" and check.faults]
    with store.access.database.writing() as connection:
        connection.execute(forged)
    found = next(check for check in store.verify().checks if check.name == "roles")
    assert any(told in fault for fault in found.faults)


def test_a_session_is_found_with_the_role_of_now(store: Store) -> None:
    store.access.begin(MINE, forget_before="")
    assert store.access.find(MINE.id) == Admitted(MINE, None)
    store.access.give("ann", "steward", **BY)
    assert store.access.find(MINE.id) == Admitted(MINE, "steward")
    assert store.access.find("b" * 64) is None


def test_a_session_that_ended_stays_ended_whoever_opens_or_uses_it_again(store: Store) -> None:
    store.access.begin(MINE, forget_before="")
    store.access.end(MINE.id, NOW)
    store.access.begin(MINE, forget_before="")
    store.access.touch(MINE.id, LATER)
    store.access.end(MINE.id, LATER)
    assert store.access.find(MINE.id) == Admitted(Session("a" * 64, "ann", NOW, NOW, NOW), None)


def test_sessions_whose_time_is_over_are_forgotten_when_the_next_one_begins(store: Store) -> None:
    store.access.begin(MINE, forget_before="")
    store.access.begin(Session("b" * 64, "bob", LATER, LATER), forget_before=LATER)
    assert store.access.find(MINE.id) is None
    assert [s.name for s in store.access.open_sessions("")] == ["bob"]


def test_a_backup_keeps_the_roles_and_no_session(url: str, keeper: Keeper, tmp_path: Path) -> None:
    with open_store(url, keeper=keeper) as kept:
        kept.access.give("ann", "steward", **BY)
        kept.access.begin(MINE, forget_before="")
        kept.back_up(tmp_path / "b.mdm", NOW)
    restore_store(url, tmp_path / "b.mdm", Wish(actor="bob", at=NOW, replaces=True), keeper)
    with open_store(url, keeper=keeper) as restored:
        assert [(user.name, user.role) for user in restored.access.roles()] == [("ann", "steward")]
        assert restored.access.find(MINE.id) is None
        assert restored.verify().holds
