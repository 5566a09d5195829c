"""Killed at any moment and as often as one likes, publishers tell each record once, in order, and forget none."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import polars as pl
import pytest

from mdm.records import PUBLISH_CHANGES, format_master_id, parse_master_id
from mdm.store import Keeper, Run, State, Store, difference, open_store
from tests.contract.faulty_http import Faulty, serving
from tests.contract.salesforce_server import Salesforce, serving_salesforce

PUBLISHERS: Final = """
import json, os, signal, sys, threading, time
import sqlalchemy as sa
import urllib3
from datetime import UTC, datetime, timedelta
from mdm.cli import main, publishing
from mdm.connect.salesforce_target import SalesforceTarget

SalesforceTarget.most = 10
ask = urllib3.PoolManager.request

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

    def asked(*words, **options):
        begun(None)
        return ask(*words, **options)

    urllib3.PoolManager.request = asked

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
a while after its n-th step, a transaction in the store or in the target, or a call over HTTP."""

NEVER: Final = -1
LONGEST_DELAY: Final = 0.02
MOST_PLACES: Final = 14
MOST_PLACES_OVER_HTTP: Final = 24
RECORDS: Final = 60
MOST_ENDINGS: Final = 4
MINUTES_A_RUN: Final = 70
"""Longer than a lease and than the longest wait for another attempt: what the killed one had is due again."""

PROJECT: Final = "version: 1\nstore: sqlite:///mdm.sqlite\n"
SOURCE: Final = "system: crm\npath: crm.csv\nkey: id\ncolumns: {name: name}\n"
PUBLISH: Final = "version: 1\ntargets:\n- {system: crm, connector: {connector}}\n"
AT: Final = "2026-01-01T00:00:00+00:00"
SHARE_OF_FAULTS: Final = 0.12
REFUSED: Final = 7


class Crm(Protocol):
    """The system that is told, and its own note of every value that a record was ever given."""

    connector: str
    codes: tuple[int, ...]
    """How a publisher may end."""
    places: int
    """Up to which of its steps one is killed."""

    def says(self) -> dict[str, str | None]: ...

    def told(self) -> dict[str, list[int]]: ...

    def rest(self) -> None:
        """Until nothing is on its way to it."""

    def mend(self) -> None:
        """From now on it is a system as it should be."""


class Table:
    """A table of a database."""

    codes = (0, -signal.SIGKILL)
    places = MOST_PLACES

    def __init__(self, file: Path) -> None:
        self.file = file
        self.connector = f'{{type: sql, url: "sqlite:///{file}", table: accounts}}'
        with closing(sqlite3.connect(file)) as crm, crm:
            crm.execute("CREATE TABLE accounts (id text primary key, MDM_ID text)")
            crm.execute("CREATE TABLE told (n integer primary key, id text, said text)")
            crm.executemany("INSERT INTO accounts VALUES (?, NULL)", [(f"{n:03}",) for n in range(RECORDS)])
            crm.execute(
                "CREATE TRIGGER note AFTER UPDATE ON accounts "
                "BEGIN INSERT INTO told (id, said) VALUES (NEW.id, NEW.MDM_ID); END"
            )

    def says(self) -> dict[str, str | None]:
        with closing(sqlite3.connect(self.file)) as crm:
            return dict(crm.execute("SELECT id, MDM_ID FROM accounts"))

    def told(self) -> dict[str, list[int]]:
        with closing(sqlite3.connect(self.file)) as crm:
            return by_record(crm.execute("SELECT id, said FROM told ORDER BY n").fetchall())

    def rest(self) -> None:
        """What was written is written."""

    def mend(self) -> None:
        """It has no faults."""


class Accounts:
    """A stand-in of Salesforce behind a server that fails in every way there is, by chance."""

    codes = (0, REFUSED, -signal.SIGKILL)
    places = MOST_PLACES_OVER_HTTP

    def __init__(self, salesforce: Salesforce, between: Faulty) -> None:
        self.salesforce, self.between = salesforce, between
        salesforce.add(*(f"Customer {number}" for number in range(RECORDS)))
        self.connector = f'{{type: salesforce, url: "{between.url}", secret: "env:CRM_TOKEN", timeout: 1}}'

    def says(self) -> dict[str, str | None]:
        return {key: row.get("MDM_Id__c") for key, row in self.salesforce.accounts.items()}

    def told(self) -> dict[str, list[int]]:
        return by_record([(key, fields["MDM_Id__c"]) for key, fields in self.salesforce.log])

    def rest(self) -> None:
        self.between.wait_until_idle()

    def mend(self) -> None:
        self.between.dice = None


def by_record(log: Sequence[tuple[str, str]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for key, said in log:
        found.setdefault(key, []).append(parse_master_id(said))
    return found


@dataclass
class Torture:
    """A project and its CRM."""

    folder: Path
    publishers: subprocess.Popen[str]
    log: Path
    crm: Crm
    field: str
    runs: int = 0
    issued: int = 0

    def begin(self) -> None:
        (self.folder / "rules" / "sources").mkdir(parents=True)
        for name, text in (("mdm.yaml", PROJECT), ("rules/sources/crm.yaml", SOURCE)):
            (self.folder / name).write_text(text, encoding="utf-8")
        connector = f"{self.crm.connector}, crosswalk_field: {self.field}"
        rules = PUBLISH.replace("{connector}", connector)
        (self.folder / "rules" / "publish.yaml").write_text(rules, encoding="utf-8")

    def store(self) -> Store:
        return open_store(f"sqlite:///{self.folder}/mdm.sqlite", keeper=Keeper(self.folder / "audit"))

    def wish(self, dice: random.Random) -> dict[str, str]:
        """A scan that gives some records a new id; returns what every record shall say."""
        says = self.crm.says()
        with self.store() as store:
            known = store.read_publish_changes()
            wishes = dict(known.select("key", "new").iter_rows())
            for key in sorted(says):
                if key not in wishes or dice.random() < 0.3:
                    self.issued += 1
                    wishes[key] = format_master_id(self.issued)
            rows = [("crm", key, new, self.field, says[key], new) for key, new in wishes.items()]
            wanted = pl.DataFrame(rows, schema=dict(PUBLISH_CHANGES), orient="row")
            with store.begin_scan("test", AT) as lease:
                stage = store.stage_scan(lease)
                stage.put_publish_changes(*difference(wanted, known, key=["target", "key", "field"]))
                stage.apply(Run(AT, AT, manifest={"version": 1}, result_hash="r"))
        return wishes

    def publish(self, *words: str, place: int = NEVER, delay: float = 0.0) -> int:
        """Publish in a process of its own; returns its exit code, or how it was killed as a negative number."""
        self.runs += 1
        said = [place, delay, self.runs * MINUTES_A_RUN, ["publish", str(self.folder), *words]]
        assert self.publishers.stdin is not None
        assert self.publishers.stdout is not None
        self.publishers.stdin.write(json.dumps(said) + "\n")
        self.publishers.stdin.flush()
        code = int(self.publishers.stdout.readline())
        self.crm.rest()
        assert code in self.crm.codes, self.log.read_text(encoding="utf-8")[-2_000:]
        return code

    def died_with_letters(self) -> bool:
        """Whether some publisher ended with letters in hand, so that they were sent again."""
        with self.store() as store:
            attempts = store.outbox.list_letters("crm", list(State), 10_000)["attempts"].to_list()
        return max(attempts) > 1

    def check(self, wishes: dict[str, str]) -> None:
        assert self.crm.says() == wishes  # none is lost
        for key, told in self.crm.told().items():
            assert told == sorted(set(told)), key  # none is told twice, or after a newer one
        with self.store() as store:
            assert set(store.outbox.counts()["state"]) <= {"confirmed", "superseded"}
            assert store.verify().holds, store.verify()
        assert self.died_with_letters()


@pytest.fixture
def publishers(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("MDM_")} | {"CRM_TOKEN": "token-0"}
    log = tmp_path / "log"
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": env}
    with log.open("w") as errors, subprocess.Popen([sys.executable, "-c", PUBLISHERS], stderr=errors, **pipes) as run:  # noqa: S603 - our own command
        yield run, log
        run.stdin.close()  # type: ignore[union-attr]  # it is a pipe


@pytest.fixture
def on_a_table(tmp_path: Path, publishers: Any) -> Torture:
    made = Torture(tmp_path / "project", *publishers, Table(tmp_path / "crm.sqlite"), "MDM_ID")
    made.begin()
    return made


@pytest.fixture
def over_http(tmp_path: Path, publishers: Any) -> Iterator[Torture]:
    with serving_salesforce() as salesforce, serving(Faulty(salesforce.url)) as between:
        made = Torture(tmp_path / "project", *publishers, Accounts(salesforce, between), "MDM_Id__c")
        made.begin()
        yield made


MOST_TIMES = 4
"""Times as many kills as were asked for; then a test fails that has shown nothing."""


def torture(made: Torture, dice: random.Random, kills: int) -> None:
    """Kill publishers that often, each somewhere else, while scans change what is wanted; then let one end.

    Where on a quick machine none of them had letters in hand, some more.
    """
    wishes = made.wish(dice)
    killed = 0
    while killed < kills or (killed < MOST_TIMES * kills and not made.died_with_letters()):
        words = dice.choice([(), ("--approve",), ("--approve", "--send"), ("--send",), ("--send",)])
        ended = made.publish(*words, place=dice.randint(1, made.crm.places), delay=dice.uniform(0, LONGEST_DELAY))
        killed += ended < 0
        if dice.random() < 0.1:
            wishes = made.wish(dice)
    made.crm.mend()
    for words in ((), *[("--retry", "--approve", "--send")] * MOST_ENDINGS):
        assert made.publish(*words) == 0
    made.check(wishes)
    before = made.crm.told()
    assert made.publish("--approve", "--send") == 0
    assert made.crm.told() == before


def torture_with_faults(made: Torture, dice: random.Random, kills: int) -> None:
    assert isinstance(made.crm, Accounts)
    made.crm.between.dice, made.crm.between.share = dice, SHARE_OF_FAULTS
    torture(made, dice, kills)


def fresh_seed(part: int) -> int:
    """Other moments each night; a failure names its own."""
    seed = random.randrange(10**6) * 10 + part  # noqa: S311 - as above
    print(f"seed {seed}")  # noqa: T201 - shown when it fails
    return seed


def test_publishers_killed_thirty_times_tell_each_record_once(on_a_table: Torture) -> None:
    torture(on_a_table, random.Random(7), kills=30)  # noqa: S311 - a seeded choice


def test_publishers_killed_thirty_times_tell_a_failing_system_each_record_once(over_http: Torture) -> None:
    torture_with_faults(over_http, random.Random(7), kills=30)  # noqa: S311 - a seeded choice


@pytest.mark.deep
@pytest.mark.parametrize("part", range(10))
def test_publishers_killed_a_thousand_times_tell_each_record_once(on_a_table: Torture, part: int) -> None:
    torture(on_a_table, random.Random(fresh_seed(part)), kills=100)  # noqa: S311 - a seeded choice


@pytest.mark.deep
@pytest.mark.parametrize("part", range(10))
def test_publishers_killed_a_thousand_times_tell_a_failing_system_each_record_once(
    over_http: Torture, part: int
) -> None:
    torture_with_faults(over_http, random.Random(fresh_seed(part)), kills=100)  # noqa: S311 - a seeded choice
