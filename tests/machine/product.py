"""The real product in the machine's hands: its scans, its desk, its backups, and a power supply that can fail."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from mdm.app import (
    Applied,
    Call,
    Deeded,
    Hand,
    Overridden,
    Planned,
    Watch,
    apply_plan,
    make_plan,
    merge,
    move,
    operator,
    override,
    pin,
    restore_project,
    scan,
    split,
    undo,
)
from mdm.app.desk import Desk
from mdm.app.groundwork import Senses
from mdm.app.scan import Scanned
from mdm.records import RecordKey
from mdm.settings import Settings
from mdm.steward import Said
from mdm.store import Keeper, Restored, Store, Wish, open_store
from mdm.store.database import Database
from mdm.store.tables import metadata
from tests.machine.world import World, link, print_of, project_in, read

AUTHOR = "Ann Example"
MEMORY = Path("/dev/shm")  # noqa: S108 - a private folder is made in it, where a commit need not wait for a disk


class PowerCut(Exception):
    """The computer stops here; what was not committed is gone."""


@dataclass
class Power:
    """Counts writing transactions. It fails before or after the one that `fuse` names, and stays off until `boot`."""

    fuse: int = -1
    off: bool = False
    boots: int = 0

    def pulse(self) -> None:
        """Called before and after every writing transaction."""
        self.fuse -= 1
        self.off = self.off or self.fuse == 0
        if self.off:
            raise PowerCut

    def boot(self) -> None:
        self.fuse, self.off = -1, False
        self.boots += 1


def wire(monkeypatch: pytest.MonkeyPatch) -> Power:
    """Put a power supply under the store, and let nobody wait."""
    power, writing = Power(), Database.writing

    @contextmanager
    def powered(database: Database) -> Iterator[sa.Connection]:
        power.pulse()
        with writing(database) as connection:
            yield connection
        power.pulse()

    monkeypatch.setattr(Database, "writing", powered)
    # A process from before the power cut is no longer alive, though the number of this one is the same.
    monkeypatch.setattr("mdm.store.lock.process_start", lambda _pid: f"boot {power.boots}")
    for module in ("staging", "unfinished"):
        monkeypatch.setattr(f"mdm.store.{module}.PAUSE_SECONDS", 0.0)
    return power


@dataclass(frozen=True)
class Engine:
    """A kind of database: where an empty store is, and how one is lost altogether."""

    begin: Callable[[Path], str]
    lose: Callable[[str], None]


class Product:
    """One project with its store."""

    def __init__(self, engine: Engine, power: Power) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="mdm-machine-", dir=MEMORY if MEMORY.is_dir() else None))
        self.engine, self.power = engine, power
        self.url = engine.begin(self.folder)
        self.project = project_in(self.folder, self.url)
        self.open()

    def open(self) -> None:
        self.store: Store = open_store(self.url, keeper=self.keeper, rest=lambda _: None)
        self.desk = Desk(self.project, self.store, operator({}, AUTHOR))

    @property
    def keeper(self) -> Keeper:
        return self.project.keeper

    def close(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    def reboot(self) -> None:
        self.store.close()
        self.power.boot()
        self.open()

    def scan(self, world: World, now: str, *, accept: frozenset[str] = frozenset(), full: bool = False) -> Scanned:
        call = Call(now, accept, world.trusted, full, senses=senses(world))
        return scan(self.project, Settings(), call, Watch())

    def plan(self, world: World, now: str, *, accept: frozenset[str] = frozenset(), full: bool = False) -> Planned:
        call = Call(now, accept, world.trusted, full, senses=senses(world))
        return make_plan(self.project, Settings(), call, Watch())

    def apply(self, plan_id: str, world: World, now: str) -> Applied:
        return apply_plan(self.project, plan_id, Call(now, senses=senses(world)), Watch())

    def hand(self, said: Said) -> Hand:
        return Hand(self.project, self.store, operator({}, AUTHOR), said)

    def merge(self, win: str, lose: str, said: Said) -> Deeded:
        return merge(self.hand(said), win, lose)

    def split(self, master_id: str, records: Sequence[RecordKey], said: Said) -> Deeded:
        return split(self.hand(said), master_id, records)

    def move(self, record: RecordKey, target: str, said: Said) -> Deeded:
        return move(self.hand(said), record, target)

    def undo(self, number: int, said: Said) -> Deeded | None:
        return undo(self.hand(said), number)

    def override(self, master_id: str, field: str, value: str, said: Said) -> Overridden:
        return override(self.hand(said), master_id, field, value)

    def pin(self, record: RecordKey, master_id: str, said: Said) -> int:
        return pin(self.hand(said), record, master_id)

    def restore(self, backup: Path, now: str, *, lost: bool) -> Restored:
        """Bring a backup back over the store that is there, or after that was lost."""
        if lost:
            self.store.close()
            self.engine.lose(self.url)
        restored, _, _ = restore_project(self.project, backup, Wish(actor=AUTHOR, at=now, replaces=True))
        if lost:
            self.open()
        return restored


def senses(world: World) -> Senses:
    """The world as a scan sees it, in place of files and Splink."""
    return Senses(
        read=lambda *_: read(world),
        fingerprint=lambda path: print_of(world, path.stem),
        link=lambda inputs, *_: link(world, inputs),
    )


def look(store: Store, revision: int | None = None) -> dict[str, Any]:
    """All a reader of a revision can see, as plain values."""
    frames = {
        "records": store.read_records(revision=revision),
        "crosswalk": store.read_crosswalk(revision=revision),
        "masters": store.read_masters(revision=revision),
        "lineage": store.read_lineage(revision=revision),
        "links": store.read_links(revision=revision),
        "golden": store.read_golden(revision=revision),
        "changes": store.read_publish_changes(revision=revision),
        "quarantine": store.read_quarantine(revision=revision),
        "decisions": store.decisions(revision=revision),
        "pins": store.read_pins(revision=revision),
        "overrides": store.read_overrides(revision=revision),
        "deeds": store.read_deeds(revision=revision),
    }
    return {name: frame.rows() for name, frame in frames.items()}


def sqlite(template: Path) -> Engine:
    """A file beside the project: a copy of an empty store, which is quicker than another one."""
    open_store(f"sqlite:///{template}").close()

    def begin(folder: Path) -> str:
        shutil.copy(template, folder / "mdm.sqlite")
        return f"sqlite:///{folder}/mdm.sqlite"

    def lose(url: str) -> None:
        for ending in ("", "-wal", "-shm"):
            Path(url.removeprefix("sqlite:///") + ending).unlink(missing_ok=True)

    return Engine(begin, lose)


def postgresql(url: str) -> Engine:
    """One database for all examples: to empty it is quicker than to make another."""
    open_store(url).close()

    def begin(_folder: Path) -> str:
        with _past_triggers(url) as connection:
            for table in reversed(metadata.sorted_tables):
                if table.name not in ("meta", "pointer", "revision"):
                    connection.execute(table.delete())
            connection.exec_driver_sql("DELETE FROM revision WHERE rev > 0")
            connection.exec_driver_sql("UPDATE pointer SET current = 0, building = NULL, issued = 0")
        return url

    def lose(_url: str) -> None:
        with _past_triggers(url) as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")

    return Engine(begin, lose)


@contextmanager
def _past_triggers(url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))
    held: AbstractContextManager[sa.Connection] = engine.begin()
    with held as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield connection
    engine.dispose()
