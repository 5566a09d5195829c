"""Both engines, and small tables to put into a store."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl
import psycopg
import pytest

from mdm.records import (
    CROSSWALK,
    LINEAGE,
    MASTERS,
    PUBLISH_CHANGES,
    QUARANTINE,
    RecordKey,
    SystemName,
    format_master_id,
    parse_master_id,
)
from mdm.store import INPUT_FILES, STORED_GOLDEN, STORED_LINKS, STORED_RECORDS, Keeper, Run, Stage, Store, open_store
from mdm.store.ledger import last_issued
from mdm.store.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from mdm.records import TableSchema

NOW = "2026-01-01T00:00:00Z"
SAID: dict[str, Any] = {"author": "ann", "at": NOW, "reason": "twins"}
A, B, C = format_master_id(1), format_master_id(2), format_master_id(3)


def frame(schema: TableSchema, rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(schema), orient="row")


@dataclass(frozen=True)
class Small:
    """A handful of customers: tables as short as they can be written."""

    a: str = A
    b: str = B
    c: str = C
    run: Run = field(default_factory=lambda: Run(NOW, NOW, manifest={"version": 1}, result_hash="r"))

    def records(self, *rows: tuple[str, str, str]) -> pl.DataFrame:
        return frame(STORED_RECORDS, [(s, k, h, f'{{"name":"{h.title()}"}}') for s, k, h in rows])

    def crosswalk(self, *rows: tuple[str, str, str]) -> pl.DataFrame:
        return frame(CROSSWALK, list(rows))

    def masters(self, *rows: tuple[str, str, str | None]) -> pl.DataFrame:
        return frame(MASTERS, [(m, parse_master_id(m), state, into) for m, state, into in rows])

    def golden(self, *rows: tuple[str, str, int]) -> pl.DataFrame:
        return frame(
            STORED_GOLDEN,
            [(m, n, n.lower(), None, "DE", "", r, ["a"], n, f'{{"name":"{n}"}}', origin_of(n)) for m, n, r in rows],
        )

    def links(self, *rows: tuple[str, str, int, str]) -> pl.DataFrame:
        """Pairs of keys of system `a`."""
        return frame(STORED_LINKS, [("a", x, "a", y, w, 0.5, band, False, [1, -1]) for x, y, w, band in rows])

    def lineage(self, *rows: tuple[str, str | None, str | None]) -> pl.DataFrame:
        return frame(LINEAGE, [(kind, x, y, None, None) for kind, x, y in rows])

    def changes(self, *rows: tuple[str, str, str]) -> pl.DataFrame:
        return frame(PUBLISH_CHANGES, [("crm", key, A, "MDM_ID", None, new) for key, _, new in rows])

    def quarantine(self, *numbers: int) -> pl.DataFrame:
        return frame(QUARANTINE, [("a", "a.csv", n, None, None, "too many fields", "x;y") for n in numbers])

    def files(self) -> pl.DataFrame:
        return frame(INPUT_FILES, [("a", "a.csv", "00", 10, 3, 2, 0, 1)])

    def put_first_scan(self, stage: Stage) -> None:
        """Three records of two customers, with something in every table."""
        stage.put_records(self.records(("a", "1", "one"), ("a", "2", "two"), ("a", "3", "three")))
        stage.put_masters(self.masters((A, "active", None), (B, "active", None)))
        stage.put_crosswalk(self.crosswalk(("a", "1", A), ("a", "2", A), ("a", "3", B)))
        stage.put_lineage(self.lineage(("create", None, A), ("create", None, B)))
        stage.put_golden(self.golden((A, "One", 2), (B, "Three", 1)))
        stage.put_links(self.links(("1", "2", 9_000_000, "auto"), ("2", "3", 4_000_000, "review")))
        stage.put_quarantine(self.quarantine(7))
        stage.put_input_files(self.files())
        stage.put_publish_changes(self.changes(("1", "MDM_ID", A)))

    def put_second_scan(self, stage: Stage) -> None:
        """Record 2 changed, 3 is gone and 4 is new; customer B was merged into A. Nobody had the new id before."""
        fresh = next_id(stage)
        stage.put_records(self.records(("a", "2", "zwei"), ("a", "4", "four")), keys(("a", "3")))
        stage.put_masters(self.masters((B, "merged", A), (fresh, "active", None)))
        stage.put_crosswalk(self.crosswalk(("a", "4", fresh)), keys(("a", "3")))
        stage.put_lineage(self.lineage(("merge", B, A), ("create", None, fresh)))
        stage.put_golden(self.golden((A, "Zwei", 2), (fresh, "Four", 1)), pl.DataFrame({"master_id": [B]}))
        gone = self.links(("2", "3", 0, "review"))
        stage.put_links(self.links(("1", "4", 5_000_000, "review")), gone)
        stage.put_quarantine(self.quarantine(7, 8))
        stage.put_input_files(self.files())
        stage.put_publish_changes(self.changes(("4", "MDM_ID", fresh)), self.changes(("1", "MDM_ID", A)))

    def scan(self, store: Store, put: Any) -> int:
        with store.begin_scan("nightly", NOW) as lease:
            stage = store.stage_scan(lease)
            put(stage)
            return stage.apply(self.run)


def origin_of(name: str) -> str:
    """The provenance of a golden record: its name is that of the record of system `a` that brings it."""
    key = {"One": "1", "Two": "2", "Zwei": "2", "Three": "3", "Four": "4"}.get(name, "")
    return f'[["a","{key}","recent",["name"]]]'


def next_id(stage: Stage) -> str:
    """The id with the first number that was never issued: C, if no scan was stopped before."""
    with stage._database.reading() as connection:
        return format_master_id(last_issued(connection) + 1)


def keys(*rows: tuple[str, str]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=["system", "key"], orient="row")


def everything(store: Store, revision: int | None = None) -> Mapping[str, Any]:
    """All a reader can see, as plain values."""
    frames = {
        "records": store.read_records(revision=revision),
        "hashes": store.read_record_hashes(revision=revision),
        "crosswalk": store.read_crosswalk(revision=revision),
        "masters": store.read_masters(revision=revision),
        "lineage": store.read_lineage(revision=revision),
        "links": store.read_links(revision=revision),
        "questions": store.read_questions(revision=revision),
        "golden": store.read_golden(revision=revision),
        "changes": store.read_publish_changes(revision=revision),
        "quarantine": store.read_quarantine(revision=revision),
        "files": store.read_input_files(revision=revision),
        "decisions": store.decisions(revision=revision),
    }
    return {name: table.rows() for name, table in frames.items()} | {"runs": store.runs(revision=revision)}


@pytest.fixture
def see() -> Any:
    return everything


@pytest.fixture
def key_frame() -> Any:
    return keys


@pytest.fixture
def small() -> Small:
    return Small()


ENGINES = ["sqlite", "postgresql"]


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place where no store is yet, on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.sqlite"
    found: str = request.getfixturevalue("postgres_url")
    return found


@pytest.fixture(scope="session")
def postgres_store_url(postgres_server: Any) -> str:
    """One store for many tests: to empty it is much faster than to make another."""
    url: str = postgres_server.new_database()
    open_store(url).close()
    return url


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty store, on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.sqlite"
    found: str = request.getfixturevalue("postgres_store_url")
    names = [name for name in metadata.tables if name not in ("meta", "pointer", "revision")]
    with psycopg.connect(found) as connection:
        connection.execute("SET session_replication_role = replica")  # past the triggers that keep the audit
        connection.execute(f"TRUNCATE {', '.join(names)}")  # type: ignore[arg-type]  # names of our own
        connection.execute("DELETE FROM revision WHERE rev > 0")
        connection.execute("UPDATE pointer SET current = 0, building = NULL, issued = 0")
    return found


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with open_store(url, rest=lambda _: None) as opened:
        yield opened


@pytest.fixture
def scanned(store: Store, small: Small) -> Store:
    """A store after its first scan."""
    small.scan(store, small.put_first_scan)
    return store


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
