"""Runs a function as a server on this computer: a stand-in for a system that is not there for tests to have.

What such a system keeps are tables of an SQLite database; what it shall do wrong next are its faults.
"""

from __future__ import annotations

import json
import sqlite3
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import trustme


@dataclass(frozen=True)
class Asked:
    """One call; the names of headers are in small letters."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""
    line: str = ""
    """Path and query as they were asked for, readable."""

    repeated: Mapping[str, list[str]] = field(default_factory=dict)
    """The query, with all values of what stands in it several times."""

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Said:
    """What is answered; with status 0 the connection is cut instead."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def as_json(value: Any, status: int = 200, **headers: str) -> Said:
    return Said(status, json.dumps(value).encode(), {"Content-Type": "application/json", **headers})


@dataclass
class Tables:
    """The tables of a stand-in, what was asked of it, and what it does wrong next: a status, or `cut`."""

    faults: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    tables: sqlite3.Connection = field(default_factory=lambda: sqlite3.connect(":memory:", check_same_thread=False))

    def make(self, tables: Mapping[str, Iterable[str]]) -> None:
        for name, fields in tables.items():
            self.tables.execute(f"CREATE TABLE {name} ({', '.join(fields)})")

    def put(self, name: str, *values: object) -> None:
        marks = ", ".join("?" * len(values))
        self.tables.execute(f"INSERT INTO {name} VALUES ({marks})", values)  # noqa: S608 - a test

    def run(self, statement: str) -> None:
        self.tables.execute(statement)

    def fault(self, page: bytes, error: Any = None) -> Said | None:
        """The next fault, if there is one: with a page, or as JSON where an error is given and the status is 400."""
        if not self.faults:
            return None
        fault = self.faults.pop(0)
        if fault == "cut":
            return Said(0)
        if fault == "400" and error is not None:
            return as_json(error, 400)
        return Said(int(fault), page, {"Retry-After": "1"} if fault == "429" else {})


@dataclass(frozen=True)
class Certified:
    """What a server on this computer needs for TLS, and the file of the authority that a client must trust."""

    context: ssl.SSLContext
    authority: Path


def certified(folder: Path) -> Certified:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    return Certified(context, folder / "authority.pem")


@contextmanager
def serving_app(app: Callable[[Asked], Said], tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """The address under which a function answers; calls that come together are answered one after the other."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            repeated = parse_qs(parts.query)
            query = {name: values[0] for name, values in repeated.items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            with lock:
                said = app(Asked(self.command, unquote(parts.path), query, headers, body, unquote(self.path), repeated))
            if not said.status:
                self.close_connection = True
                return
            self.send_response(said.status)
            for name, value in {**said.headers, "Content-Length": str(len(said.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said.body)

        do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = answer  # noqa: N815 - as http.server calls them

        def log_message(self, *_: object) -> None:
            """Nothing is said."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that goes away in the middle is part of the tests."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http{'s' if tls else ''}://{'localhost' if tls else '127.0.0.1'}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
