"""A backup brings everything back, on either engine, and no id that anybody knows is given out again."""

from __future__ import annotations

import json
import stat
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from mdm.errors import InputRefused, StoreRefused
from mdm.records import RecordKey, SystemName
from mdm.settings import Secret
from mdm.store import Keeper, Store, Wish, open_store, restore_store
from mdm.store.database import connect
from mdm.store.schema import migrate, versions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = "2026-01-01T00:00:00Z"
X, Y, Z = (RecordKey(SystemName("a"), key) for key in "123")
SAID: dict[str, Any] = {"author": "ann", "at": NOW, "reason": "twins"}
WISH = Wish(actor="bob", at=NOW)
ANYWAY = Wish(actor="bob", at=NOW, replaces=True)


@pytest.fixture
def kept(url: str, keeper: Keeper, small: Any) -> Iterator[Store]:
    """A store after two scans and a decision that was superseded."""
    with open_store(url, rest=lambda _: None, keeper=keeper) as opened:
        small.scan(opened, small.put_first_scan)
        number = opened.add_decision("match", X, Y, **SAID)
        opened.supersede(number, "do_not_match", author="bob", at=NOW, reason='Jörg\'s "two",\nshops\\N')
        small.scan(opened, small.put_second_scan)
        yield opened


@pytest.fixture
def backup(kept: Store, tmp_path: Path) -> Path:
    file = tmp_path / "b.mdm"
    kept.back_up(file, NOW)
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database on each engine, to restore into."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/restored.sqlite"
    found: str = request.getfixturevalue("postgres_url")
    return found


def test_a_backup_of_either_engine_is_restored_into_either_engine(
    kept: Store, backup: Path, elsewhere: str, keeper: Keeper, see: Any
) -> None:
    restore_store(elsewhere, backup, WISH, keeper)
    with open_store(elsewhere, keeper=keeper) as restored:
        assert restored.store_id == kept.store_id
        for revision in range(kept.current_revision() + 1):
            assert see(restored, revision) == see(kept, revision)
        assert restored.audit().rows()[:-1] == kept.audit().rows()
        assert restored.verify().holds


def test_a_restored_store_goes_on(backup: Path, elsewhere: str, keeper: Keeper, small: Any) -> None:
    restore_store(elsewhere, backup, WISH, keeper)
    with open_store(elsewhere, keeper=keeper) as restored:
        restored.add_decision("match", Y, Z, **SAID)
        small.scan(restored, lambda stage: stage.put_quarantine(small.quarantine(9)))
        assert restored.read_quarantine()["record_number"].to_list() == [9]
        assert restored.verify().holds


def test_a_restore_leaves_a_row_in_the_audit(backup: Path, elsewhere: str, keeper: Keeper) -> None:
    restore_store(elsewhere, backup, WISH, keeper)
    with open_store(elsewhere, keeper=keeper) as restored:
        row = restored.audit().row(-1, named=True)
    assert (row["actor"], row["action"]) == ("bob", "restore")


def test_a_backup_made_during_a_scan_holds_the_state_before_it(
    kept: Store, keeper: Keeper, small: Any, see: Any, elsewhere: str
) -> None:
    assert keeper.folder is not None
    before, file = see(kept), keeper.folder.parent / "during.mdm"
    with kept.begin_scan("nightly", NOW) as lease:
        stage = kept.stage_scan(lease)
        stage.put_records(small.records(("a", "1", "uno"), ("a", "9", "nine")))
        stage.put_lineage(small.lineage(("create", None, small.c)))
        kept.back_up(file, NOW)
        stage.abandon()
    restore_store(elsewhere, file, WISH, keeper)
    with open_store(elsewhere, keeper=keeper) as restored:
        assert see(restored) == before
        assert restored.verify().holds
        small.scan(restored, lambda stage: stage.put_records(small.records(("a", "9", "nine"))))


def test_changes_from_after_the_backup_are_counted_as_lost(
    kept: Store, backup: Path, url: str, keeper: Keeper, see: Any
) -> None:
    before = see(kept)
    kept.add_decision("match", Y, Z, **SAID)
    restored = restore_store(url, backup, ANYWAY, keeper)
    assert restored.lost_rows == 1
    assert see(kept) == before
    assert kept.verify().holds


def test_a_store_is_not_replaced_unless_that_is_said(
    kept: Store, backup: Path, url: str, keeper: Keeper, see: Any
) -> None:
    kept.add_decision("match", Y, Z, **SAID)
    before = see(kept)
    with pytest.raises(StoreRefused, match="already is a store, at revision"):
        restore_store(url, backup, WISH, keeper)
    assert see(kept) == before


def test_a_store_in_which_a_scan_was_killed_is_replaced(
    kept: Store, url: str, keeper: Keeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.back_up(tmp_path / "b.mdm", NOW)
    kept.begin_scan("nightly", NOW)
    monkeypatch.setattr("mdm.store.lock.process_start", lambda _pid: "after the restart")
    restore_store(url, tmp_path / "b.mdm", Wish(actor="ann", at=NOW, replaces=True), keeper)
    with open_store(url, keeper=keeper) as restored:
        assert restored.verify().holds


def test_a_store_in_which_a_scan_is_at_work_is_not_replaced(
    kept: Store, backup: Path, url: str, keeper: Keeper
) -> None:
    with kept.begin_scan("nightly", NOW), pytest.raises(StoreRefused, match="A scan is at work"):
        restore_store(url, backup, ANYWAY, keeper)


def test_a_database_of_something_else_is_never_replaced(backup: Path, elsewhere: str, keeper: Keeper) -> None:
    database = connect(elsewhere)
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE invoices (id INTEGER)")
    database.engine.dispose()
    with pytest.raises(StoreRefused, match="not ours"):
        restore_store(elsewhere, backup, ANYWAY, keeper)


def test_a_restore_that_fails_half_way_changes_nothing(
    kept: Store, url: str, keeper: Keeper, see: Any, monkeypatch: Any
) -> None:
    from mdm.store import backup as module  # noqa: PLC0415 - the module to change

    assert keeper.folder is not None
    before, backup = see(kept), keeper.folder.parent / "b.mdm"
    kept.back_up(backup, NOW)

    def fail(*_: Any) -> int:
        raise RuntimeError

    monkeypatch.setattr(module, "_use_up", fail)
    with pytest.raises(RuntimeError):
        restore_store(url, backup, ANYWAY, keeper)
    assert see(kept) == before
    assert kept.verify().holds


def test_a_restore_killed_before_it_wrote_its_anchor_is_no_tampering(
    kept: Store, backup: Path, url: str, keeper: Keeper, monkeypatch: Any
) -> None:
    kept.add_decision("match", Y, Z, **SAID)

    def die(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(Keeper, "write_anchor", die)
        with pytest.raises(KeyboardInterrupt):
            restore_store(url, backup, ANYWAY, keeper)
    with open_store(url, keeper=keeper) as store:
        assert store.decisions().height == 2
        assert store.verify().holds
        store.add_decision("match", Y, Z, **SAID)
        there = keeper.read_anchor()
        assert there is not None
        assert (there.seq, there.hash) == tuple(store.audit().select("seq", "hash").row(-1))
        assert store.verify().holds


def issued(url: str, keeper: Keeper) -> int:
    with open_store(url, keeper=keeper) as store:
        return store.last_issued()


def test_ids_that_were_given_out_after_the_backup_are_not_given_out_again(
    backup: Path, kept: Store, elsewhere: str, keeper: Keeper, small: Any
) -> None:
    assert kept.last_issued() == 3
    with kept.begin_scan("nightly", NOW) as lease:
        stage = kept.stage_scan(lease)
        stage._issue(small.masters((small.a, "active", None))["sequence"] + 6)
        stage.apply(small.run)
    restore_store(elsewhere, backup, WISH, keeper)  # only the anchor knows of number 7
    assert issued(elsewhere, keeper) == 7


def test_ids_that_a_system_says_are_not_given_out_again(backup: Path, elsewhere: str, keeper: Keeper) -> None:
    restored = restore_store(elsewhere, backup, Wish(actor="bob", at=NOW, published=41), keeper)
    assert (restored.next_id, issued(elsewhere, keeper)) == (42, 41)


def test_an_old_copy_of_the_store_put_back_by_hand_is_found_and_may_not_be_written(
    tmp_path: Path, keeper: Keeper, small: Any
) -> None:
    url, file = f"sqlite:///{tmp_path}/s.sqlite", tmp_path / "s.sqlite"
    with open_store(url, keeper=keeper) as store:
        small.scan(store, small.put_first_scan)
    old = file.read_bytes()
    with open_store(url, keeper=keeper) as store:
        store.add_decision("match", X, Y, **SAID)
    file.write_bytes(old)
    with open_store(url, keeper=keeper) as store:
        assert not store.verify().holds
        with pytest.raises(StoreRefused, match="anchor knows of 3"):
            store.add_decision("match", Y, Z, **SAID)
        store.back_up(tmp_path / "old.mdm", NOW)
    restore_store(url, tmp_path / "old.mdm", ANYWAY, keeper)
    with open_store(url, keeper=keeper) as store:
        assert store.verify().holds
        store.add_decision("match", Y, Z, **SAID)


def test_a_backup_is_for_its_owners_eyes_only(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_a_backup_holds_no_key(backup: Path, keeper: Keeper) -> None:
    with zipfile.ZipFile(backup) as archive:
        assert not any((keeper.key() or b"?") in archive.read(name) for name in archive.namelist())


def test_a_backup_is_never_written_over(kept: Store, backup: Path) -> None:
    with pytest.raises(InputRefused, match="already there"):
        kept.back_up(backup, NOW)


def test_a_backup_leaves_nothing_behind_but_itself(backup: Path) -> None:
    assert [p.name for p in backup.parent.iterdir() if "backup" in p.name or p.name.startswith("b.mdm")] == ["b.mdm"]


def repack(backup: Path, changes: dict[str, bytes]) -> None:
    with zipfile.ZipFile(backup) as archive:
        members = {name: archive.read(name) for name in archive.namelist()} | changes
    with zipfile.ZipFile(backup, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def test_a_damaged_backup_is_refused_naming_the_table(backup: Path, elsewhere: str, keeper: Keeper) -> None:
    repack(backup, {"golden.parquet": b"damaged"})
    with pytest.raises(InputRefused, match="Table golden in the backup is damaged"):
        restore_store(elsewhere, backup, WISH, keeper)


def test_a_backup_whose_manifest_was_changed_is_refused(backup: Path, elsewhere: str, keeper: Keeper) -> None:
    with zipfile.ZipFile(backup) as archive:
        said = json.loads(archive.read("manifest.json"))
    repack(backup, {"manifest.json": json.dumps(said | {"issued": 0}).encode()})
    with pytest.raises(InputRefused, match="was changed, or made with another audit key"):
        restore_store(elsewhere, backup, WISH, keeper)


def test_a_backup_made_with_another_key_is_refused(backup: Path, elsewhere: str) -> None:
    with pytest.raises(InputRefused, match="another audit key"):
        restore_store(elsewhere, backup, WISH, Keeper(None, Secret("k" * 32)))


def test_a_restore_without_the_key_is_refused(backup: Path, elsewhere: str, tmp_path: Path) -> None:
    with pytest.raises(StoreRefused, match="key of the audit in the backup is not here"):
        restore_store(elsewhere, backup, WISH, Keeper(tmp_path / "other"))


@pytest.mark.parametrize("content", [b"", b"letter", b"PK\x05\x06" + b"\0" * 18])
def test_a_file_that_is_no_backup_is_refused(tmp_path: Path, keeper: Keeper, kept: Store, content: bytes) -> None:
    assert kept.audit().height > 0
    (tmp_path / "letter.mdm").write_bytes(content)
    with pytest.raises(InputRefused, match="is no backup, or is damaged"):
        restore_store(f"sqlite:///{tmp_path}/r.sqlite", tmp_path / "letter.mdm", WISH, keeper)


@pytest.mark.parametrize("version", versions())
def test_a_store_of_each_older_version_can_be_replaced(
    backup: Path, elsewhere: str, keeper: Keeper, version: str
) -> None:
    database = connect(elsewhere)
    migrate(database, version)
    database.engine.dispose()
    restore_store(elsewhere, backup, ANYWAY, keeper)
    with open_store(elsewhere, keeper=keeper) as restored:
        assert restored.verify().holds
