"""A real Tryton for the tests: a server of its own in an environment of its own, made once and kept.

Tryton is under the GPL. It is run as a separate program that is spoken to over HTTP; nothing of it is imported.
"""

from __future__ import annotations

import base64
import fcntl
import itertools
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

PACKAGES = ("trytond==8.2.1", "trytond_party==8.2.0", "trytond_sale==8.2.0", "trytond_account_invoice==8.2.0")
MODULES = ("party", "account_invoice", "sale", "stock")
DATABASE = "tryton"
SECONDS = 60
TECHNICAL = ("ir_", "res_user", "sqlite_")
"""Tables of the server's own affairs, such as sessions."""


@dataclass
class Tryton:
    """A running server, and its database for whoever looks at it from outside."""

    url: str
    file: Path
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    headers: dict[str, str] = field(default_factory=dict)
    database: str = DATABASE

    def call(self, method: str, *params: Any) -> Any:
        body = json.dumps({"id": next(self.numbers), "method": method, "params": params}).encode()
        headers = {"Content-Type": "application/json", **self.headers}
        request = urllib.request.Request(f"{self.url}/{self.database}/rpc/", body, headers)  # noqa: S310 - this computer
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - as above
            said = json.load(answer)
        assert "error" not in said, said
        return said["result"]

    def log_in(self) -> None:
        user, token, *_ = self.call("common.db.login", "admin", {"password": "admin"})
        session = base64.b64encode(f"admin:{user}:{token}".encode()).decode()
        self.headers = {"Authorization": f"Session {session}"}

    def parties(self, *names: str) -> list[str]:
        """New parties with an address and a telephone each; returns their ids."""
        rows = [
            {
                "name": name,
                "addresses": [["create", [{"street": "Hauptstr. 1", "city": "Bonn", "postal_code": "53111"}]]],
                "contact_mechanisms": [["create", [{"type": "phone", "value": "+49 228 123456"}]]],
            }
            for name in names
        ]
        return [str(number) for number in self.call("model.party.party.create", rows, {})]

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as database:
            return database.execute(query).fetchall()

    def ids(self, party: str) -> list[str]:
        """The identifiers of ours that a party has, as its own database says."""
        query = f"SELECT code FROM party_identifier WHERE party = {int(party)} AND code LIKE 'MDM:%' ORDER BY id"  # noqa: S608 - a number
        return [code for (code,) in self.sql(query)]

    def tables(self) -> list[str]:
        return [name for (name,) in self.sql("SELECT name FROM sqlite_master WHERE type = 'table'")]

    def business(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table but identifiers and the server's own affairs."""
        names = self.tables()
        kept = [name for name in names if not name.startswith(TECHNICAL) and name != "party_identifier"]
        return {name: sorted(self.sql(f'SELECT * FROM "{name}"'), key=repr) for name in kept}  # noqa: S608 - as the database names them


@dataclass
class TrytonOnPostgres(Tryton):
    """The same on PostgreSQL."""

    dsn: str = ""

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.dsn) as database:
            return database.execute(query.encode()).fetchall()

    def tables(self) -> list[str]:
        return [name for (name,) in self.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]


def made_once() -> Path:
    """The folder with the environment and an empty database; made on first use, in a minute or two."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = base / "mdm-tests" / "tryton-8.2.1"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests of several processes make it once
        if not (folder / "ready").exists():
            make(folder)
    return folder


def make(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "db").mkdir(parents=True)
    (folder / "db" / f"{DATABASE}.sqlite").touch()
    run([sys.executable, "-m", "venv", str(folder / "v")])
    pip = [str(folder / "v" / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    installed = subprocess.run([*pip, *PACKAGES], capture_output=True, text=True, check=False, timeout=600)  # noqa: S603 - our own command
    if installed.returncode:
        pytest.skip(f"Tryton could not be installed: {installed.stderr.strip().splitlines()[-1][:200]}")
    (folder / "password").write_text("admin\n", encoding="utf-8")
    configure(folder / "db", 0)
    admin = [str(folder / "v" / "bin" / "trytond-admin"), "-c", str(folder / "db" / "conf"), "-d", DATABASE]
    options = ["--email", "admin@example.org", "-u", *MODULES, "--activate-dependencies"]
    run([*admin, *options], {"TRYTONPASSFILE": str(folder / "password")})
    (folder / "ready").touch()


def configure(database: Path, port: int) -> Path:
    path = database / "conf"
    text = f"[database]\nuri = sqlite://\npath = {database}\n[web]\nlisten = 127.0.0.1:{port}\n"
    path.write_text(text, encoding="utf-8")
    return path


def run(command: list[str], more: dict[str, str] | None = None) -> None:
    environment = {**os.environ, **(more or {})}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600, env=environment)  # noqa: S603 - our own command
    assert done.returncode == 0, done.stderr


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def serve(scratch: Path) -> Iterator[Tryton]:
    """A server on a copy of the empty database, stopped at the end."""
    folder = made_once()
    database = scratch / "db"
    shutil.copytree(folder / "db", database)
    port = free_port()
    conf = configure(database, port)
    yield from run_server(conf, Tryton(f"http://127.0.0.1:{port}", database / f"{DATABASE}.sqlite"))


def serve_on_postgres(scratch: Path, dsn: str) -> Iterator[Tryton]:
    """A server on an empty database of PostgreSQL, which is filled first, in a minute or two."""
    folder = made_once()
    python = str(folder / "v" / "bin" / "python")
    run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "psycopg[binary,pool]"])
    base, _, host = dsn.partition("?")
    port, name = free_port(), base.rpartition("/")[2]
    conf = scratch / "conf"
    uri = f"postgresql://postgres@/?{host}"
    conf.write_text(f"[database]\nuri = {uri}\npath = {scratch}\n[web]\nlisten = 127.0.0.1:{port}\n", encoding="utf-8")
    admin = [str(folder / "v" / "bin" / "trytond-admin"), "-c", str(conf), "-d", name]
    options = ["--email", "admin@example.org", "-u", *MODULES, "--activate-dependencies"]
    run([*admin, *options], {"TRYTONPASSFILE": str(folder / "password")})
    tryton = TrytonOnPostgres(f"http://127.0.0.1:{port}", Path(), database=name, dsn=dsn)
    yield from run_server(conf, tryton)


def run_server(conf: Path, tryton: Tryton) -> Iterator[Tryton]:
    command = [str(made_once() / "v" / "bin" / "trytond"), "-c", str(conf), "-d", tryton.database]
    with (conf.parent / "log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as server:  # noqa: S603 - our own command
        try:
            wait_until_ready(tryton, server)
            yield tryton
        finally:
            server.terminate()


def wait_until_ready(tryton: Tryton, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            tryton.log_in()
        except OSError:
            assert server.poll() is None, "Tryton did not start"
            assert time.monotonic() < deadline, "Tryton did not answer"
            time.sleep(0.2)
        else:
            return
