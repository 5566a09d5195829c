"""A Node service of `@sap/cds` for the tests that stands for SAP's business partner service; made once and kept.

It is written from a list of fields, and it is no system of SAP: it proves our client alone.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.contract.s4_server import ROOT
from tests.contract.tryton_server import free_port

MODEL = Path(__file__).parent / "cap"
SECONDS = 60
INSTALLED = 900


@dataclass
class Cap:
    """A running service, and a client of its own for whoever looks at it from outside."""

    url: str
    token: str = ""
    log: list[str] = field(default_factory=list)

    def add(self, *names: str) -> list[str]:
        made = []
        for name in names:
            number = str(1_000_000 + len(self.log))
            self.log.append(number)
            row = {"BusinessPartner": number.zfill(10), "OrganizationBPName1": name, "CreatedByUser": "SOMEBODY"}
            self._call("POST", "A_BusinessPartner", row)
            made.append(number)
        return made

    def edit(self, partner: str, **values: Any) -> None:
        self._call("PATCH", f"A_BusinessPartner('{partner.zfill(10)}')", values, {"If-Match": "*"})

    def identify(self, partner: str, number: str) -> None:
        row = {"BusinessPartner": partner.zfill(10), "BPIdentificationType": "ZMDM", "BPIdentificationNumber": number}
        self._call("POST", "A_BuPaIdentification", row)

    def ids(self, partner: str) -> list[str]:
        question = urllib.parse.quote(f"BusinessPartner eq '{partner.zfill(10)}' and BPIdentificationType eq 'ZMDM'")
        found = self._call("GET", f"A_BuPaIdentification?$filter={question}&$format=json")
        return sorted(row["BPIdentificationNumber"] for row in found["d"]["results"])

    def get(self, partner: str, name: str) -> Any:
        return self._call("GET", f"A_BusinessPartner('{partner.zfill(10)}')?$format=json")["d"][name]

    def _call(self, method: str, path: str, body: Any = None, more: dict[str, str] | None = None) -> Any:
        if not self.token and method != "GET":
            with urllib.request.urlopen(  # noqa: S310 - this computer
                urllib.request.Request(f"{self.url}{ROOT}/", headers={"X-CSRF-Token": "Fetch"}),  # noqa: S310 - as above
                timeout=SECONDS,
            ) as answer:
                self.token = answer.headers["X-CSRF-Token"]
        headers = {"Content-Type": "application/json", "X-CSRF-Token": self.token, **(more or {})}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}{ROOT}/{path}", data, headers, method=method)  # noqa: S310 - as above
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - as above
            content = answer.read()
        return json.loads(content) if content else None


def made_once() -> Path:
    """The folder with the packages and an empty database; made on first use, in some minutes."""
    if shutil.which("npm") is None:
        pytest.skip("there is no npm here")
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = base / "mdm-tests" / "cap-9.9.3"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "lock-cap").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests of several processes make it once
        if not (folder / "ready").exists():
            shutil.copytree(MODEL, folder, dirs_exist_ok=True)
            run(folder, "npm", "install", "--no-audit", "--no-fund")
            run(folder, "node_modules/.bin/cds", "deploy", "--to", "sqlite:db.sqlite")
            (folder / "ready").touch()
    return folder


def run(folder: Path, *command: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own command
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=INSTALLED
    )
    if done.returncode:
        pytest.skip(f"the Node service could not be made: {(done.stderr or done.stdout).strip()[-300:]}")


@contextmanager
def serving_cap(scratch: Path) -> Iterator[Cap]:
    """A service on a copy of the empty database, stopped at the end."""
    made = made_once()
    shutil.copytree(MODEL, scratch, dirs_exist_ok=True)
    shutil.copy(made / "db.sqlite", scratch / "db.sqlite")
    (scratch / "node_modules").symlink_to(made / "node_modules")
    port = free_port()
    environment = {**os.environ, "PORT": str(port)}
    command = ["node", str(made / "node_modules" / "@sap" / "cds" / "bin" / "serve.js")]
    with (
        (scratch / "log").open("w") as log,
        subprocess.Popen(  # noqa: S603 - our own command
            command, cwd=scratch, env=environment, stdout=log, stderr=log
        ) as server,
    ):
        try:
            wait_until_ready(f"http://127.0.0.1:{port}", server)
            yield Cap(f"http://127.0.0.1:{port}")
        finally:
            server.terminate()


def wait_until_ready(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            urllib.request.urlopen(f"{url}{ROOT}/", timeout=SECONDS).close()  # noqa: S310 - this computer
        except OSError:
            assert server.poll() is None, "the service did not start"
            assert time.monotonic() < deadline, "the service did not answer"
            time.sleep(0.2)
        else:
            return
