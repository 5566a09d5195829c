"""The three little systems as fixtures, and the command line called in this process."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from mdm.cli import main
from mdm.store import Keeper, Store, open_store
from tests.e2e.little_systems import SYSTEMS, Rows, World, make_world, write_csv, write_truth


@pytest.fixture(name="write_csv")
def write_csv_fixture() -> Callable[..., None]:
    return write_csv


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path / "project" / "files")


@dataclass(frozen=True)
class Ran:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def words(self) -> str:
        """All that was said, each blank once: a message may be folded."""
        return " ".join((self.out + self.err).split())

    def json(self) -> Any:
        return json.loads(self.out)


Mdm = Callable[..., Ran]


def run_mdm(*words: str | Path, folder: Path | None = None, **environment: str) -> Ran:
    """The installed command, as a process of its own."""
    program = Path(sys.executable).with_name("mdm")
    env = {name: value for name, value in os.environ.items() if not name.startswith("MDM_")}
    env |= {"COLUMNS": "80", **environment}
    done = subprocess.run([program, *words], capture_output=True, text=True, env=env, cwd=folder, check=False)  # noqa: S603 - our own command
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture(name="run_mdm", scope="session")
def run_mdm_fixture() -> Mdm:
    return run_mdm


@dataclass(frozen=True)
class Deduped:
    """One run of `mdm dedupe` on the little systems, to be looked at and not changed."""

    world: World
    ran: Ran
    out: Path
    truth: Path

    def rows(self, name: str) -> Rows:
        with (self.out / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    @property
    def summary(self) -> Any:
        return json.loads((self.out / "summary.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def deduped(tmp_path_factory: pytest.TempPathFactory) -> Deduped:
    folder = tmp_path_factory.mktemp("deduped")
    world = make_world(folder / "files")
    ran = run_mdm("dedupe", *(f"files/{name}.csv" for name in SYSTEMS), "--out", "out", folder=folder)
    return Deduped(world, ran, folder / "out", write_truth(folder / "truth.csv"))


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    return write_truth(tmp_path / "truth.csv")


@pytest.fixture
def mdm(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Mdm:
    """Call the command line as `mdm` does, in this process."""
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("MDM_STORE_URL", "MDM_THREADS", "MDM_MEMORY_LIMIT", "MDM_DEBUG"):
        monkeypatch.delenv(name, raising=False)

    def run(*words: str | Path) -> Ran:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["mdm", *map(str, words)])
        code: Any = 0
        try:
            main()
        except SystemExit as stop:
            code = stop.code
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return Ran(0 if code is None else code, said.out, said.err)

    return run


@dataclass(frozen=True)
class Lasting:
    """A project on the little systems."""

    folder: Path
    world: World
    mdm: Mdm

    def scan(self, *options: str) -> Any:
        """Scan, and what it says as JSON; fails when the scan does."""
        ran = self.mdm("scan", self.folder, "--json", *options)
        assert ran.code == 0, ran.err
        return ran.json()

    def try_scan(self, *options: str) -> Ran:
        return self.mdm("scan", self.folder, *options)

    def store(self) -> Store:
        return open_store(self.url, keeper=Keeper(self.folder / "audit"))

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder}/mdm.sqlite"

    def ids(self) -> dict[tuple[str, str], str]:
        """The master id of each record."""
        with self.store() as store:
            return {(system, key): master_id for system, key, master_id in store.read_crosswalk().iter_rows()}

    def seen(self) -> dict[str, Any]:
        """All a reader of the store can see, as plain values."""
        with self.store() as store:
            return all_of(store)


def all_of(store: Store) -> dict[str, Any]:
    frames: dict[str, pl.DataFrame] = {
        "records": store.read_records(),
        "crosswalk": store.read_crosswalk(),
        "masters": store.read_masters(),
        "lineage": store.read_lineage(),
        "links": store.read_links(),
        "golden": store.read_golden(),
        "changes": store.read_publish_changes(),
        "quarantine": store.read_quarantine(),
        "files": store.read_input_files(),
        "decisions": store.decisions(),
    }
    return {name: frame.rows() for name, frame in frames.items()} | {
        "runs": store.runs(),
        "revision": store.current_revision(),
    }


@pytest.fixture
def everything() -> Callable[[Store], dict[str, Any]]:
    return all_of


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose files lie in its folder, so that it can be copied; not scanned yet."""
    folder = tmp_path_factory.mktemp("begun")
    world = make_world(folder / "files")
    ran = run_mdm("init", folder, *world.arguments)
    assert ran.code == 0, ran.err
    return folder


@pytest.fixture(scope="session")
def scanned_once(begun: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scanned") / "project"
    shutil.copytree(begun, folder)
    ran = run_mdm("scan", folder)
    assert ran.code == 0, ran.err
    return folder


@pytest.fixture
def project(begun: Path, world: World, mdm: Mdm) -> Lasting:
    """A project on the little systems, not scanned yet."""
    folder = world.folder.parent
    shutil.copytree(begun, folder, dirs_exist_ok=True)
    return Lasting(folder, world, mdm)


@pytest.fixture
def scanned(scanned_once: Path, world: World, mdm: Mdm) -> Lasting:
    """The same after its first scan."""
    folder = world.folder.parent
    shutil.copytree(scanned_once, folder, dirs_exist_ok=True)
    return Lasting(folder, world, mdm)
