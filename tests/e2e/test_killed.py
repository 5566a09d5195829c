"""Killed at any moment, a scan or an apply leaves the state before it or after it; verify holds; the next scan ends."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest

from mdm.app import Call, Watch, open_project, scan
from mdm.settings import load_settings
from mdm.store import Keeper, Store, open_store
from tests.e2e.little_systems import World, make_world

KILLED: Final = """
import atexit, os, signal, sys, threading, time
import sqlalchemy as sa

place, delay, count = int(sys.argv[1]), float(sys.argv[2]), [0]

def die():
    time.sleep(delay)
    os.kill(os.getpid(), signal.SIGKILL)

@sa.event.listens_for(sa.Engine, "begin")
def begun(_):
    count[0] += 1
    if count[0] == place:
        threading.Thread(target=die, daemon=True).start()

@atexit.register
def tell():
    print(count[0], file=sys.stderr)

from mdm.cli import main
sys.argv = ["mdm", *sys.argv[3:]]
main()
"""
"""The real command, which kills itself a while after it has begun its n-th transaction."""

LONGEST_DELAY: Final = 0.03
NEVER: Final = -1


def change(world: World) -> None:
    """Two customers merge, one loses a record, one gets a new value, one is new."""
    crm = world.rows["crm"]
    crm[4] = {**crm[5], "Id": crm[4]["Id"]}
    crm[9]["Billing City"] = "Bremerhaven"
    crm[11] = {**crm[11], "Account Name": "Quittenhof Backwaren GmbH", "VAT Number": "", "Email": "", "Phone": ""}
    del world.rows["shop"][3]
    world.write()


def run_killed(folder: Path, place: int, delay: float, *words: str, url: str = "") -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("MDM_")}
    env |= {"MDM_STORE_URL": url} if url else {}
    command = [sys.executable, "-c", KILLED, str(place), str(delay), *words, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=env)  # noqa: S603 - our own command


def state_hash(store: Store) -> str:
    """One hash of all that readers see, but for the times of runs."""
    frames = (
        store.read_records(),
        store.read_crosswalk(),
        store.read_masters(),
        store.read_lineage(),
        store.read_links(),
        store.read_golden(),
        store.read_publish_changes(),
        store.read_quarantine(),
        store.read_input_files(),
        store.decisions(),
    )
    text = repr([frame.rows() for frame in frames]) + repr([run.result_hash for run in store.runs()])
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Crash:
    """A project that was scanned once and whose files have changed, with a plan waiting; and the two states allowed."""

    folder: Path
    template: str
    plan: str
    before: str
    after: str
    transactions: dict[str, int]


def state_of(url: str, folder: Path) -> str:
    with open_store(url, keeper=Keeper(folder / "audit")) as store:
        return state_hash(store)


def sqlite(folder: Path) -> str:
    return f"sqlite:///{folder}/mdm.sqlite"


def prepared(folder: Path, scanned_once: Path) -> str:
    """Copy the scanned project, change its files, plan; returns the plan's id."""
    shutil.copytree(scanned_once, folder)
    shutil.rmtree(folder / "files")
    change(make_world(folder / "files"))
    made = run_killed(folder, NEVER, 0, "scan", "--plan", "--json")
    assert made.returncode == 0, made.stderr
    return next((folder / "plans").iterdir()).name


@pytest.fixture(scope="module")
def crash(scanned_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Crash:
    root = tmp_path_factory.mktemp("crash")
    folder = root / "template"
    plan = prepared(folder, scanned_once)
    counts, after = {}, set()
    for words in (("scan",), ("apply", plan)):
        copy = root / words[0]
        shutil.copytree(folder, copy)
        done = run_killed(copy, NEVER, 0, *words)
        assert done.returncode == 0, done.stderr
        counts[words[0]] = int(done.stderr.split()[-1])
        after.add(state_of(sqlite(copy), copy))
    assert len(after) == 1  # a plan applied is what a scan makes
    return Crash(folder, "", plan, state_of(sqlite(folder), folder), after.pop(), counts)


def moments(seed: int, count: int) -> Iterator[tuple[int, str]]:
    """That many numbers of a kill, by turns of an apply and a scan."""
    for number in range(count):
        yield seed * 1_000 + number, ("apply", "apply", "scan")[number % 3]


def check_kill(crash: Crash, folder: Path, number: int, kind: str, url: str = "") -> bool:
    """Kill once, look at what is left, and scan again; true when the process had not ended before."""
    dice = random.Random(number)  # noqa: S311 - a seeded choice
    place, delay = dice.randint(1, crash.transactions[kind]), dice.uniform(0, LONGEST_DELAY)
    words = ("apply", crash.plan) if kind == "apply" else ("scan",)
    done = run_killed(folder, place, delay, *words, url=url)
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr
    where = f"{kind} killed {delay * 1000:.0f} ms after the begin of transaction {place}"
    store_url = url or sqlite(folder)
    assert state_of(store_url, folder) in {crash.before, crash.after}, where
    with open_store(store_url, keeper=Keeper(folder / "audit")) as store:
        assert store.verify().holds, (where, store.verify())
    settings = load_settings({"MDM_STORE_URL": url} if url else {})
    scan(open_project(folder, settings), settings, Call("2026-01-01T00:00:00+00:00"), Watch())
    with open_store(store_url, keeper=Keeper(folder / "audit")) as store:
        assert store.verify().holds, (where, store.verify())
        assert store.read_crosswalk().height == 39
    return done.returncode != 0


@pytest.mark.parametrize(("number", "kind"), list(moments(1, 15)))
def test_a_kill_leaves_the_state_before_or_after(crash: Crash, tmp_path: Path, number: int, kind: str) -> None:
    shutil.copytree(crash.folder, tmp_path / "project")
    check_kill(crash, tmp_path / "project", number, kind)


@pytest.mark.deep
def test_two_hundred_kills_leave_the_state_before_or_after(crash: Crash, tmp_path: Path) -> None:
    killed = 0
    for number, kind in moments(random.randrange(10**6), 200):  # noqa: S311 - other moments each night; a failure names its own
        folder = tmp_path / str(number)
        shutil.copytree(crash.folder, folder)
        killed += check_kill(crash, folder, number, kind)
        shutil.rmtree(folder)
    assert killed > 150


@pytest.mark.deep
def test_kills_on_postgresql_leave_the_state_before_or_after(
    crash: Crash, begun: Path, tmp_path: Path, postgres_server: Any
) -> None:
    template = tmp_path / "template"
    shutil.copytree(begun, template)
    url = postgres_server.new_database()
    assert run_killed(template, NEVER, 0, "scan", url=url).returncode == 0
    shutil.rmtree(template / "files")
    change(make_world(template / "files"))
    assert run_killed(template, NEVER, 0, "scan", "--plan", url=url).returncode == 0
    plan = next((template / "plans").iterdir()).name
    on_postgres = Crash(template, url, plan, crash.before, crash.after, crash.transactions)
    killed = 0
    for number, kind in moments(random.randrange(10**6), 60):  # noqa: S311 - as above
        folder, copy = tmp_path / str(number), f"copy_{number}"
        shutil.copytree(template, folder)
        name = url.split("?")[0].rpartition("/")[2]
        with psycopg.connect(postgres_server.dsn("postgres"), autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {copy} TEMPLATE {name}")  # type: ignore[arg-type]  # names of our own
        killed += check_kill(on_postgres, folder, number, kind, postgres_server.dsn(copy))
        postgres_server.drop_database(postgres_server.dsn(copy))
        shutil.rmtree(folder)
    assert killed > 40
