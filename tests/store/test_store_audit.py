"""Every change leaves one row in the audit, and no one can take a row back without its being seen."""

from __future__ import annotations

import json
import stat
import threading
from typing import TYPE_CHECKING, Any

import pytest

from mdm.errors import DecisionRefused, MdmError, SettingsInvalid, StoreRefused
from mdm.records import RecordKey, SystemName
from mdm.settings import Secret
from mdm.store import Keeper, Store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = "2026-01-01T00:00:00Z"
X, Y = (RecordKey(SystemName("a"), key) for key in "12")
SAID: dict[str, Any] = {"author": "ann", "at": NOW, "reason": "twins"}


@pytest.fixture
def kept(url: str, keeper: Keeper) -> Iterator[Store]:
    """A store with a key and an anchor."""
    with open_store(url, rest=lambda _: None, keeper=keeper) as opened:
        yield opened


def actions(store: Store) -> list[tuple[str, str]]:
    return store.audit().select("action", "subject").rows()[1:]


def test_the_audit_begins_with_its_own_row(kept: Store) -> None:
    kept.add_decision("match", X, Y, **SAID)
    first = kept.audit().row(0, named=True)
    assert (first["seq"], first["action"], first["subject"]) == (1, "begin", f"store {kept.store_id}")


def test_a_decision_leaves_one_row_with_its_author_and_time(kept: Store) -> None:
    kept.add_decision("do_not_match", Y, X, **SAID)
    row = kept.audit().row(1, named=True)
    assert (row["actor"], row["at"], row["action"], row["subject"]) == ("ann", NOW, "decide", "a:1 + a:2")


def test_the_reason_of_a_decision_is_not_in_the_audit(kept: Store) -> None:
    kept.add_decision("match", X, Y, author="ann", at=NOW, reason="Jane Doe said so")
    assert "Jane" not in str(kept.audit().rows())


def test_the_same_decision_again_leaves_no_second_row(kept: Store) -> None:
    kept.add_decision("match", X, Y, **SAID)
    kept.add_decision("match", X, Y, **SAID)
    assert actions(kept) == [("decide", "a:1 + a:2")]


def test_a_refused_decision_leaves_no_row(kept: Store) -> None:
    kept.add_decision("match", X, Y, **SAID)
    with pytest.raises(DecisionRefused):
        kept.add_decision("do_not_match", X, Y, **SAID)
    assert actions(kept) == [("decide", "a:1 + a:2")]


def test_taking_a_decision_back_leaves_a_row(kept: Store) -> None:
    number = kept.add_decision("match", X, Y, **SAID)
    kept.supersede(number, "withdrawn", **SAID)
    assert actions(kept) == [("decide", "a:1 + a:2"), ("withdraw", "a:1 + a:2")]


def test_a_scan_leaves_one_row_with_number_and_digest_of_its_lineage(kept: Store, small: Any) -> None:
    small.scan(kept, small.put_first_scan)
    assert actions(kept) == [("scan", "revision 1")]
    details = json.loads(kept.audit()["details"][1])
    assert details["lineage"]["rows"] == 2
    assert len(details["lineage"]["sha256"]) == 64


def test_an_abandoned_scan_leaves_no_row(kept: Store, small: Any) -> None:
    with kept.begin_scan("nightly", NOW) as lease:
        stage = kept.stage_scan(lease)
        small.put_first_scan(stage)
        stage.abandon()
    assert kept.audit().is_empty()


def test_removing_a_scan_lock_leaves_a_row_that_names_who_held_it(kept: Store) -> None:
    kept.begin_scan("night shift", NOW)
    kept.break_scan_lock(author="bob", at=NOW)
    row = kept.audit().row(1, named=True)
    assert (row["actor"], row["action"], json.loads(row["details"])["owner"]) == ("bob", "unlock", "night shift")


def test_removing_a_lock_that_is_not_there_leaves_no_row(kept: Store) -> None:
    kept.break_scan_lock(author="bob", at=NOW)
    assert kept.audit().is_empty()


def test_rows_are_numbered_without_gaps_when_many_decide_beside_a_scan(kept: Store, small: Any) -> None:
    def decide(steward: int) -> None:
        for n in range(5):
            kept.add_decision("match", X, RecordKey(SystemName("b"), f"{steward}-{n}"), **SAID)

    threads = [threading.Thread(target=decide, args=(steward,)) for steward in range(4)]
    with kept.begin_scan("nightly", NOW) as lease:
        stage = kept.stage_scan(lease)
        for thread in threads:
            thread.start()
        small.put_first_scan(stage)
        stage.apply(small.run)
        for thread in threads:
            thread.join()
    rows = kept.audit()
    assert rows["seq"].to_list() == list(range(1, 23))
    assert rows["previous"].to_list()[1:] == rows["hash"].to_list()[:-1]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'eve'",
        "DELETE FROM audit",
        "INSERT INTO audit SELECT seq + 5, at, actor, action, subject, details, previous, hash FROM audit",
    ],
)
def test_the_database_refuses_to_change_or_delete_a_row_or_leave_a_gap(kept: Store, statement: str) -> None:
    kept.add_decision("match", X, Y, **SAID)
    with pytest.raises(MdmError, match="append-only"), kept._database.writing() as connection:
        connection.exec_driver_sql(statement)


def test_sqlite_refuses_to_replace_a_row(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/s.sqlite") as store:
        store.add_decision("match", X, Y, **SAID)
        with pytest.raises(MdmError, match="append-only"), store._database.writing() as connection:
            connection.exec_driver_sql("INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 1")


def test_postgresql_refuses_to_empty_the_audit(postgres_url: str) -> None:
    with open_store(postgres_url) as store:
        store.add_decision("match", X, Y, **SAID)
        with pytest.raises(StoreRefused, match="append-only"), store._database.writing() as connection:
            connection.exec_driver_sql("TRUNCATE audit")


def test_the_key_is_made_on_first_use_for_its_owner_alone(kept: Store, keeper: Keeper) -> None:
    assert keeper.folder is not None
    assert not keeper.folder.exists()
    kept.add_decision("match", X, Y, **SAID)
    assert stat.S_IMODE((keeper.folder / "key").stat().st_mode) == 0o600
    assert (keeper.folder / ".gitignore").read_text() == "key\n"


def test_the_key_is_not_in_the_store(tmp_path: Path, small: Any) -> None:
    keeper = Keeper(tmp_path / "audit")
    with open_store(f"sqlite:///{tmp_path}/s.sqlite", keeper=keeper) as store:
        small.scan(store, small.put_first_scan)
    key = (tmp_path / "audit" / "key").read_bytes().strip()
    assert not any(key in file.read_bytes() for file in tmp_path.glob("s.sqlite*"))


def test_a_key_of_the_environment_goes_before_the_file(url: str, tmp_path: Path) -> None:
    keeper = Keeper(tmp_path / "audit", Secret("k" * 32))
    with open_store(url, keeper=keeper) as store:
        store.add_decision("match", X, Y, **SAID)
    assert not (tmp_path / "audit" / "key").exists()


def test_nothing_is_written_with_another_key_than_the_chain_was_begun_with(url: str) -> None:
    with open_store(url, keeper=Keeper(None, Secret("k" * 32))) as store:
        store.add_decision("match", X, Y, **SAID)
    with open_store(url, keeper=Keeper(None, Secret("l" * 32))) as store:
        with pytest.raises(StoreRefused, match="does not fit the audit key"):
            store.supersede(1, "withdrawn", **SAID)
        assert store.decisions().height == 1


def test_a_lost_key_is_not_replaced_by_a_new_one(kept: Store, keeper: Keeper) -> None:
    kept.add_decision("match", X, Y, **SAID)
    assert keeper.folder is not None
    (keeper.folder / "key").unlink()
    with pytest.raises(StoreRefused, match="key of this store's audit is not here"):
        kept.supersede(1, "withdrawn", **SAID)
    assert not (keeper.folder / "key").exists()


def test_a_key_that_cannot_be_written_stops_the_change(url: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with open_store(url, keeper=Keeper(tmp_path / "file" / "audit")) as store:
        with pytest.raises(SettingsInvalid, match="audit key cannot be written"):
            store.add_decision("match", X, Y, **SAID)
        assert store.decisions().is_empty()


def test_the_anchor_follows_every_change(kept: Store, keeper: Keeper, small: Any) -> None:
    small.scan(kept, small.put_first_scan)
    kept.add_decision("match", X, Y, **SAID)
    anchor, last = keeper.read_anchor(), kept.audit().row(-1, named=True)
    assert anchor is not None
    assert (anchor.seq, anchor.hash, anchor.store_id) == (last["seq"], last["hash"], kept.store_id)
    assert anchor.highest_id == 2


def test_an_anchor_never_steps_back(kept: Store, keeper: Keeper) -> None:
    kept.add_decision("match", X, Y, **SAID)
    early = keeper.read_anchor()
    kept.supersede(1, "withdrawn", **SAID)
    late = keeper.read_anchor()
    assert early is not None
    keeper.write_anchor(early)
    assert keeper.read_anchor() == late


def test_a_changed_anchor_is_refused(kept: Store, keeper: Keeper) -> None:
    kept.add_decision("match", X, Y, **SAID)
    assert keeper.folder is not None
    path = keeper.folder / "anchor.json"
    path.write_text(path.read_text().replace('"seq": 2', '"seq": 1'))
    with pytest.raises(StoreRefused, match=r"anchor .* was changed"):
        kept.supersede(1, "withdrawn", **SAID)


def test_an_anchor_that_was_taken_away_is_made_anew_and_its_absence_recorded(kept: Store, keeper: Keeper) -> None:
    kept.add_decision("match", X, Y, **SAID)
    assert keeper.folder is not None
    (keeper.folder / "anchor.json").unlink()
    kept.supersede(1, "withdrawn", **SAID)
    assert [action for action, _ in actions(kept)] == ["decide", "anchor", "withdraw"]
    assert keeper.read_anchor() is not None


def test_a_change_that_was_kept_without_its_anchor_says_so(kept: Store, keeper: Keeper) -> None:
    kept.add_decision("match", X, Y, **SAID)
    assert keeper.folder is not None
    (keeper.folder / "anchor.json.new").mkdir()  # as good as a full disk, also for root
    with pytest.raises(StoreRefused, match=r"The change was kept, but this was not: .*anchor"):
        kept.supersede(1, "withdrawn", **SAID)
    (keeper.folder / "anchor.json.new").rmdir()
    kept.add_decision("do_not_match", X, Y, **SAID)
    assert [action for action, _ in actions(kept)] == ["decide", "withdraw", "decide"]
