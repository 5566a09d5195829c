"""A TLS server that answers as Salesforce's REST API and Bulk 2.0 queries do: shapes and pages, not its rules.

Unmodified simple-salesforce can talk to it, so the shapes are not of our own making. It proves nothing about sharing,
triggers, limits, or what a real organisation has in its objects.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "00Dxx!token"  # noqa: S105 - of this stand-in
FIELDS = {
    "Account": ["Id", "IsDeleted", "MasterRecordId", "Name", "BillingCity", "NumberOfEmployees", "SystemModstamp"],
    "Contact": ["Id", "IsDeleted", "AccountId", "Email", "LastName", "SystemModstamp"],
}
TYPES = {"IsDeleted": "boolean", "NumberOfEmployees": "int", "SystemModstamp": "datetime"}
LOGIN = b"<html><title>Login</title></html>"


@dataclass
class StandIn:
    """The organisation's records, how many a page has, and what it does wrong next."""

    folder: Path
    most: int = 2_000
    bulk_most: int = 2
    faults: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    cursors: dict[str, tuple[list[dict[str, Any]], str]] = field(default_factory=dict)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    port: int = 0
    tables: sqlite3.Connection = field(default_factory=lambda: sqlite3.connect(":memory:", check_same_thread=False))

    def __post_init__(self) -> None:
        for name, fields in FIELDS.items():
            self.tables.execute(f"CREATE TABLE {name} ({', '.join(fields)})")

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    @property
    def certificate(self) -> Path:
        return self.folder / "cert.pem"

    def put(self, name: str, *values: object) -> None:
        marks = ", ".join("?" * len(values))
        self.tables.execute(f"INSERT INTO {name} VALUES ({marks})", values)  # noqa: S608 - a test

    def run(self, statement: str) -> None:
        self.tables.execute(statement)

    def select(self, soql: str, *, deleted: bool) -> tuple[str, list[dict[str, Any]]]:
        """The rows of a query; SOQL as far as it is used is SQL with its times unquoted."""
        found = re.fullmatch(r"SELECT (.+?) FROM (\w+)(.*)", soql, re.DOTALL)
        assert found, soql
        names, table, rest = found[1].split(", "), found[2], found[3]
        rest = re.sub(r"(?<!')(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)", r"'\1'", rest)
        if not deleted:
            rest = re.sub(r"^( WHERE )?", lambda m: " WHERE NOT IsDeleted" + (" AND " if m[1] else ""), rest, count=1)
        rows = self.tables.execute(f"SELECT {', '.join(names)} FROM {table}{rest}")  # noqa: S608 - a test
        return table, [dict(zip(names, self._values(names, row), strict=True)) for row in rows]

    def page(self, table: str, rows: list[dict[str, Any]], begin: int) -> dict[str, Any]:
        here = rows[begin : begin + self.most]
        url = f"/services/data/v62.0/sobjects/{table}/"
        records = [{"attributes": {"type": table, "url": url + str(row.get("Id"))}, **row} for row in here]
        done = begin + self.most >= len(rows)
        said: dict[str, Any] = {"totalSize": len(rows), "done": done, "records": records}
        if not done:
            name = f"01g{len(self.cursors):09d}-{begin + self.most}"
            self.cursors[name] = (rows, table)
            said["nextRecordsUrl"] = f"/services/data/v62.0/query/{name}"
        return said

    def describe(self, table: str) -> dict[str, Any]:
        fields = [
            {"name": name, "type": TYPES.get(name, "string"), "length": 0 if name in TYPES else 80}
            for name in FIELDS[table]
            if name not in self.gone
        ]
        return {"name": table, "fields": [*fields, {"name": "BillingAddress", "type": "address", "length": 0}]}

    def _values(self, names: list[str], row: tuple[Any, ...]) -> list[Any]:
        return [bool(value) if name == "IsDeleted" else value for name, value in zip(names, row, strict=True)]


class Server(ThreadingHTTPServer):
    """It knows what it stands in for."""

    daemon_threads = True

    def __init__(self, stand_in: StandIn) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.stand_in = stand_in
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(stand_in.certificate, stand_in.folder / "key.pem")
        self.socket = context.wrap_socket(self.socket, server_side=True)


class Handler(BaseHTTPRequestHandler):
    """Answers queries and query jobs."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        it = self.server.stand_in
        it.asked.append(self.path)
        parts = urlsplit(self.path)
        if self._is_refused():
            return
        last = parts.path.rstrip("/").rpartition("/")[2]
        options = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if last == "describe":
            self._json(it.describe(parts.path.split("/")[-2]))
        elif "q" in options:
            table, rows = it.select(options["q"], deleted="queryAll" in parts.path)
            self._json(it.page(table, rows, 0))
        elif "/jobs/query/" in parts.path:
            self._job(parts.path, options)
        else:
            name, _, begin = last.rpartition("-")
            rows, table = next(rows for key, rows in it.cursors.items() if key == f"{name}-{begin}")
            self._json(it.page(table, rows, int(begin)))

    def do_POST(self) -> None:
        it = self.server.stand_in
        body = self.rfile.read(int(self.headers["Content-Length"]))
        it.asked.append(self.path)
        if self.path.endswith("/oauth2/token"):
            sent = parse_qs(body.decode())
            if sent.get("client_secret") == ["app secret"]:
                self._json({"access_token": TOKEN, "token_type": "Bearer"})
            else:
                self._json({"error": "invalid_client", "error_description": "invalid client credentials"}, 400)
        elif not self._is_refused():
            asked = json.loads(body)
            job = f"750{len(it.jobs):015d}"
            _, rows = it.select(asked["query"], deleted=asked["operation"] == "queryAll")
            it.jobs[job] = {"rows": rows, "polls": 1}
            self._json({"id": job, "operation": asked["operation"], "state": "UploadComplete"})

    def _job(self, path: str, options: dict[str, str]) -> None:
        it = self.server.stand_in
        job = path.split("/jobs/query/")[1].split("/", maxsplit=1)[0]
        known = it.jobs[job]
        if not path.endswith("/results"):
            known["polls"] -= 1
            state = "InProgress" if known["polls"] >= 0 else "JobComplete"
            self._json({"id": job, "state": state, "numberRecordsProcessed": len(known["rows"])})
            return
        begin = int(options.get("locator", 0))
        end = min(begin + min(it.bulk_most, int(options["maxRecords"])), len(known["rows"]))
        text = io.StringIO()
        writer = csv.DictWriter(text, list(known["rows"][0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({n: _csv(v) for n, v in row.items()} for row in known["rows"][begin:end])
        locator = "null" if end == len(known["rows"]) else str(end)
        self._send(200, text.getvalue().encode(), {"Sforce-Locator": locator, "Content-Type": "text/csv"})

    def _is_refused(self) -> bool:
        it = self.server.stand_in
        if it.faults:
            fault = it.faults.pop(0)
            self._send(int(fault), LOGIN, {"Retry-After": "1"})
            return True
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self._json([{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}], 401)
            return True
        return False

    def _json(self, said: Any, status: int = 200) -> None:
        self._send(status, json.dumps(said).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Nothing is said."""


def _csv(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def make_certificate(folder: Path) -> None:
    """A key and a certificate for this computer, signed by itself."""
    words = "req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(["openssl", *words.split(), *files], check=True, capture_output=True)  # noqa: S603, S607 - our own command


@contextmanager
def serving(stand_in: StandIn) -> Iterator[StandIn]:
    server = Server(stand_in)
    stand_in.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield stand_in
    server.shutdown()
    server.server_close()
    thread.join()
    stand_in.tables.close()
