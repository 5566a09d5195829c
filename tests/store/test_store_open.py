"""What is made, upgraded and refused when a store is opened."""

from __future__ import annotations

import sqlite3
import threading
from typing import TYPE_CHECKING, Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from mdm.errors import SettingsInvalid, StoreRefused
from mdm.store import open_store
from mdm.store.database import connect
from mdm.store.schema import VERSION_TABLE, migrate, versions
from mdm.store.tables import metadata

if TYPE_CHECKING:
    from pathlib import Path


DATA_OF_THE_FIRST_VERSION = """
INSERT INTO revision (rev, kind, at, skips) VALUES (1, 'scan', 't', 0), (2, 'decision', 't', 0);
UPDATE pointer SET current = 2;
INSERT INTO run
(rev, staged_as, started_at, finished_at, manifest, counts, timings, result_hash, rules_hash, input_hash)
VALUES (1, 1, 's', 'f', '{}', '{"records":1}', '{}', 'r', 'u', 'i');
INSERT INTO source_record (system, key, row_hash, body, rev_from) VALUES ('a', '1', 'h', '{"name":"One"}', 1);
INSERT INTO master (master_id, sequence, rev) VALUES ('M-0000001-1', 1, 1);
INSERT INTO crosswalk (system, key, master_id, rev_from) VALUES ('a', '1', 'M-0000001-1', 1);
INSERT INTO golden (master_id, name, name_search, records, systems, row_hash, body, provenance, rev_from)
VALUES ('M-0000001-1', 'One', 'one', 1, '["a"]', 'h', '{"name":"One"}', '[]', 1);
INSERT INTO decision (id, rev, kind, system_l, key_l, system_r, key_r, author, at, reason)
VALUES (1, 2, 'do_not_match', 'a', '1', 'a', '2', 'ann', 't', 'twins')
"""


def run_sql(url: str, *statements: str) -> None:
    database = connect(url)
    with database.writing() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    database.engine.dispose()


def set_version(url: str, version: str) -> None:
    run_sql(url, f"UPDATE {VERSION_TABLE} SET version_num = '{version}'")  # noqa: S608 - names of our own


def test_an_empty_database_becomes_a_store_without_a_revision(empty_url: str) -> None:
    with open_store(empty_url) as store:
        assert store.current_revision() == 0
        assert store.read_crosswalk().is_empty()
        assert store.last_run() is None


def test_a_store_keeps_its_id_when_opened_again(empty_url: str) -> None:
    with open_store(empty_url) as store:
        first = store.store_id
    with open_store(empty_url, create=False) as again:
        assert again.store_id == first


def test_a_missing_store_is_refused_without_create(empty_url: str) -> None:
    with pytest.raises(StoreRefused, match="There is no store"):
        open_store(empty_url, create=False)


def test_looking_for_a_missing_store_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(StoreRefused):
        open_store(f"sqlite:///{tmp_path}/none.sqlite", create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_newer_store_is_refused_and_not_touched(empty_url: str, small: Any) -> None:
    with open_store(empty_url) as store:
        small.scan(store, small.put_first_scan)
    set_version(empty_url, "9999")
    with pytest.raises(StoreRefused, match="newer version"):
        open_store(empty_url)
    set_version(empty_url, versions()[-1])
    with open_store(empty_url) as store:
        assert store.current_revision() == 1


def test_a_database_of_something_else_is_refused(empty_url: str) -> None:
    run_sql(empty_url, "CREATE TABLE invoices (id INTEGER)")
    with pytest.raises(StoreRefused, match="not ours"):
        open_store(empty_url)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear customer, " * 100)
    with pytest.raises(StoreRefused, match="no SQLite database"):
        open_store(f"sqlite:///{tmp_path}/letter.txt")


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreRefused, match="cannot be opened"):
        open_store(f"sqlite:///{tmp_path}/none/store.sqlite")


def test_a_server_that_does_not_answer_is_refused_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(StoreRefused) as refused:
        open_store(f"postgresql://someone:secret@/mdm?host={tmp_path}")
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("url", ["mysql://root:secret@host/db", "store.sqlite", ""])
def test_other_urls_are_refused_without_their_password(url: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        open_store(url)
    assert "secret" not in str(refused.value)


def test_sqlite_is_durable_checks_references_and_waits(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/s.sqlite") as store, store._database.reading() as connection:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]
    assert found == ["wal", 2, 1, 10_000]


def test_the_migrations_make_the_tables_that_are_declared(empty_url: str) -> None:
    with open_store(empty_url) as store, store._database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []


def test_sqlite_tables_are_laid_out_as_declared(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/s.sqlite"):
        pass
    declared = {t.name for t in metadata.tables.values() if t.dialect_options["sqlite"]["with_rowid"] is False}
    with sqlite3.connect(tmp_path / "s.sqlite") as raw:
        made = {name for name, wr in raw.execute("SELECT name, wr FROM pragma_table_list") if wr}
    raw.close()
    assert made == declared


@pytest.mark.parametrize("version", versions())
def test_a_store_of_each_older_version_opens_with_its_data(empty_url: str, small: Any, see: Any, version: str) -> None:
    database = connect(empty_url)
    migrate(database, version)
    database.engine.dispose()
    run_sql(empty_url, *DATA_OF_THE_FIRST_VERSION.split(";"))
    with open_store(empty_url) as store:
        assert store.read_crosswalk().rows() == [("a", "1", small.a)]
        assert store.read_masters().rows() == [(small.a, 1, "active", None)]
        assert store.read_records().rows() == [("a", "1", "h", '{"name":"One"}')]
        assert [m.values for m in store.get_customer(small.a).members] == [{"name": "One"}]
        assert store.last_run().counts == {"records": 1}
        assert store.decisions()["reason"].to_list() == ["twins"]
        small.scan(store, lambda stage: stage.put_records(small.records(("a", "2", "two"))))
        assert len(see(store)["records"]) == 2


def test_two_programs_may_make_the_store_at_once(empty_url: str) -> None:
    ids: list[str] = []

    def make() -> None:
        with open_store(empty_url) as store:
            ids.append(store.store_id)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 4
    assert len(set(ids)) == 1
