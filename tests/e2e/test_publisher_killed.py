"""Killed at any moment and as often as one likes, publishers tell each record once, in order, and forget none."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from mdm.records import PUBLISH_CHANGES, format_master_id, parse_master_id
from mdm.store import Keeper, Run, State, Store, difference, open_store

PUBLISHERS: Final = """
import json, os, signal, sys, threading, time
import sqlalchemy as sa
from datetime import UTC, datetime, timedelta
from mdm.cli import main, publishing

def publish(place, delay, minutes, words):
    count = [0]

    def die():
        time.sleep(delay)
        os.kill(os.getpid(), signal.SIGKILL)

    @sa.event.listens_for(sa.Engine, "begin")
    def begun(_):
        count[0] += 1
        if count[0] == place:
            threading.Thread(target=die, daemon=True).start()

    publishing.now = lambda: (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)).isoformat()
    sys.argv = ["mdm", *words]
    os.dup2(2, 1)
    main()

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        try:
            publish(*json.loads(line))
        except SystemExit as stop:
            os._exit(stop.code or 0)
        except BaseException:
            os._exit(99)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""The real command, again and again, each in a process of its own that was forked after the imports: it kills itself
a while after its n-th transaction, in the store or in the target."""

NEVER: Final = -1
LONGEST_DELAY: Final = 0.02
MOST_PLACES: Final = 14
RECORDS: Final = 60
MINUTES_A_RUN: Final = 11
"""Longer than a lease: what the killed one had is free."""

PROJECT: Final = "version: 1\nstore: sqlite:///mdm.sqlite\n"
SOURCE: Final = "system: crm\npath: crm.csv\nkey: id\ncolumns: {name: name}\n"
PUBLISH: Final = """version: 1
targets:
- {system: crm, connector: {type: sql, url: "sqlite:///{file}", table: accounts}}
"""
AT: Final = "2026-01-01T00:00:00+00:00"


@dataclass
class Torture:
    """A project and its CRM, which notes every value that a record was ever given."""

    folder: Path
    publishers: subprocess.Popen[str]
    log: Path
    runs: int = 0
    issued: int = 0

    @property
    def file(self) -> Path:
        return self.folder / "crm.sqlite"

    def begin(self) -> None:
        self.folder.mkdir()
        (self.folder / "rules" / "sources").mkdir(parents=True)
        for name, text in (("mdm.yaml", PROJECT), ("rules/sources/crm.yaml", SOURCE)):
            (self.folder / name).write_text(text, encoding="utf-8")
        (self.folder / "rules" / "publish.yaml").write_text(PUBLISH.replace("{file}", str(self.file)), encoding="utf-8")
        with closing(sqlite3.connect(self.file)) as crm, crm:
            crm.execute("CREATE TABLE accounts (id text primary key, MDM_ID text)")
            crm.execute("CREATE TABLE told (n integer primary key, id text, said text)")
            crm.executemany("INSERT INTO accounts VALUES (?, NULL)", [(f"{n:03}",) for n in range(RECORDS)])
            crm.execute(
                "CREATE TRIGGER note AFTER UPDATE ON accounts "
                "BEGIN INSERT INTO told (id, said) VALUES (NEW.id, NEW.MDM_ID); END"
            )

    def store(self) -> Store:
        return open_store(f"sqlite:///{self.folder}/mdm.sqlite", keeper=Keeper(self.folder / "audit"))

    def wish(self, dice: random.Random) -> dict[str, str]:
        """A scan that gives some records a new id; returns what every record shall say."""
        says = self.says()
        with self.store() as store:
            known = store.read_publish_changes()
            wishes = dict(known.select("key", "new").iter_rows())
            for key in sorted(says):
                if key not in wishes or dice.random() < 0.3:
                    self.issued += 1
                    wishes[key] = format_master_id(self.issued)
            rows = [("crm", key, new, "MDM_ID", says[key], new) for key, new in wishes.items()]
            wanted = pl.DataFrame(rows, schema=dict(PUBLISH_CHANGES), orient="row")
            with store.begin_scan("test", AT) as lease:
                stage = store.stage_scan(lease)
                stage.put_publish_changes(*difference(wanted, known, key=["target", "key", "field"]))
                stage.apply(Run(AT, AT, manifest={"version": 1}, result_hash="r"))
        return wishes

    def says(self) -> dict[str, str | None]:
        with closing(sqlite3.connect(self.file)) as crm:
            return dict(crm.execute("SELECT id, MDM_ID FROM accounts"))

    def told(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        with closing(sqlite3.connect(self.file)) as crm:
            for key, said in crm.execute("SELECT id, said FROM told ORDER BY n"):
                found.setdefault(key, []).append(parse_master_id(said))
        return found

    def publish(self, *words: str, place: int = NEVER, delay: float = 0.0) -> int:
        """Publish in a process of its own; returns its exit code, or how it was killed as a negative number."""
        self.runs += 1
        said = [place, delay, self.runs * MINUTES_A_RUN, ["publish", str(self.folder), *words]]
        assert self.publishers.stdin is not None
        assert self.publishers.stdout is not None
        self.publishers.stdin.write(json.dumps(said) + "\n")
        self.publishers.stdin.flush()
        code = int(self.publishers.stdout.readline())
        assert code in (0, -signal.SIGKILL), self.log.read_text(encoding="utf-8")[-2_000:]
        return code

    def check(self, wishes: dict[str, str]) -> None:
        assert self.says() == wishes  # none is lost
        for key, told in self.told().items():
            assert told == sorted(set(told)), key  # none is told twice, or after a newer one
        with self.store() as store:
            assert set(store.outbox.counts()["state"]) <= {"confirmed", "superseded"}
            assert store.verify().holds, store.verify()
            attempts = store.outbox.list_letters("crm", list(State), 10_000)["attempts"].to_list()
            assert max(attempts) > 1  # some died with letters in hand


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Torture]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("MDM_")}
    log = tmp_path / "log"
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": env}
    with log.open("w") as errors, subprocess.Popen([sys.executable, "-c", PUBLISHERS], stderr=errors, **pipes) as run:  # noqa: S603 - our own command
        torture = Torture(tmp_path / "project", run, log)
        torture.begin()
        yield torture
        run.stdin.close()  # type: ignore[union-attr]  # it is a pipe


def torture(made: Torture, dice: random.Random, kills: int) -> None:
    """Kill publishers that often, each somewhere else, while scans change what is wanted; then let one end."""
    wishes = made.wish(dice)
    killed = 0
    while killed < kills:
        words = dice.choice([(), ("--approve",), ("--approve", "--send"), ("--send",), ("--send",)])
        ended = made.publish(*words, place=dice.randint(1, MOST_PLACES), delay=dice.uniform(0, LONGEST_DELAY))
        killed += ended != 0
        if dice.random() < 0.1:
            wishes = made.wish(dice)
    for words in ((), ("--approve", "--send"), ("--approve", "--send")):
        assert made.publish(*words) == 0
    made.check(wishes)
    before = made.told()
    assert made.publish("--approve", "--send") == 0
    assert made.told() == before


def test_publishers_killed_thirty_times_tell_each_record_once(made: Torture) -> None:
    torture(made, random.Random(7), kills=30)  # noqa: S311 - a seeded choice


@pytest.mark.deep
@pytest.mark.parametrize("part", range(10))
def test_publishers_killed_a_thousand_times_tell_each_record_once(made: Torture, part: int) -> None:
    seed = random.randrange(10**6) * 10 + part  # noqa: S311 - other moments each night; a failure names its own
    print(f"seed {seed}")  # noqa: T201 - shown when it fails
    torture(made, random.Random(seed), kills=100)  # noqa: S311 - as above
