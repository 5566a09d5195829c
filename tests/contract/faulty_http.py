"""A server on this computer that hands calls on to another one, or answers them itself, and fails as it is told to."""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ANSWER = b'{"id": 1, "result": ["fine"]}'
EVERY_FAULT = (
    "cut before",
    "cut after",
    "500",
    "500 after",
    "504 after",
    "409",
    "412",
    "429",
    "503",
    "page",
    "page after",
    "drip after",
    "flood",
    "flood after",
)
PAGE = b"<!doctype html><title>Please log in</title>"
FLOOD = 100 * 2**20
NOT_HANDED_ON = (
    "connection",
    "content-length",
    "transfer-encoding",
    "accept-encoding",
    "content-encoding",
    "date",
    "server",
)


@dataclass
class Faulty:
    """What it shall do with calls that hold a text in their first line or body, and a fault for each: see `Handler`.

    `behind` is the server that calls go on to. With `dice`, a share of all calls gets a fault by chance.
    """

    behind: str = ""
    faults: list[tuple[str, str]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    port: int = 0
    dice: random.Random | None = None
    share: float = 0.0
    busy: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def fault_of(self, body: bytes) -> str:
        """The next fault, if it is for such a call."""
        self.calls.append(body.decode())
        if self.faults and self.faults[0][0] in self.calls[-1]:
            return self.faults.pop(0)[1]
        return self.dice.choice(EVERY_FAULT) if self.dice and self.dice.random() < self.share else ""

    def wait_until_idle(self) -> None:
        """Until nothing that was sent is on its way any more, also of those who are gone."""
        idle = 0
        while idle < 3:
            time.sleep(0.005)
            idle = 0 if self.busy else idle + 1


class Server(ThreadingHTTPServer):
    """It knows what it shall do."""

    daemon_threads = True

    def __init__(self, faulty: Faulty) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.faulty = faulty

    def handle_error(self, *_: object) -> None:
        """A client that goes away in the middle is part of the tests."""


class Handler(BaseHTTPRequestHandler):
    """Answers one call, with the fault that is next."""

    server: Server

    def do_any(self) -> None:
        self.server.faulty.busy += 1
        try:
            self._serve()
        finally:
            self.server.faulty.busy -= 1

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.server.faulty.fault_of(f"{self.command} {self.path}\n".encode() + body)
        if fault == "cut before":
            self.close_connection = True
        elif fault.isdigit():
            self._answer(int(fault), PAGE, {"Retry-After": "7"})
        elif fault in WITHOUT:
            WITHOUT[fault](self)
        else:
            self._after(fault, *self._hand_on(body))

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = do_any  # noqa: N815 - as http.server calls them

    def _after(self, fault: str, status: int, answer: bytes, headers: dict[str, str]) -> None:
        """The call took effect behind; what is told of it is another matter."""
        if fault == "cut after":
            self.close_connection = True
        elif fault == "drip after":
            self._drip()
        elif fault == "flood after":
            self._flood()
        elif fault:
            self._answer({"500 after": 500, "504 after": 504, "page after": 200}[fault], PAGE, {})
        else:
            self._answer(status, answer, headers)

    def _page(self) -> None:
        self._answer(200, PAGE, {"Content-Type": "text/html"})

    def _hand_on(self, body: bytes) -> tuple[int, bytes, dict[str, str]]:
        if not self.server.faulty.behind:
            return 200, ANSWER, {}
        host, _, port = self.server.faulty.behind.removeprefix("http://").partition(":")
        headers = {name: value for name, value in self.headers.items() if name.lower() not in NOT_HANDED_ON}
        connection = http.client.HTTPConnection(host, int(port), timeout=60)
        try:
            connection.request(self.command, self.path, body or None, headers)
            answer = connection.getresponse()
            content = answer.read()
            said = {name: value for name, value in answer.getheaders() if name.lower() not in NOT_HANDED_ON}
            return answer.status, content, said
        finally:
            connection.close()

    def _answer(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        self._until_gone(b" ", 0.1)

    def _flood(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(FLOOD))
        self.end_headers()
        self._until_gone(b" " * 2**20, 0.0)

    def _until_gone(self, piece: bytes, pause: float) -> None:
        try:
            for _ in range(100):
                self.wfile.write(piece)
                time.sleep(pause)
        except OSError:
            pass

    def log_message(self, *_: object) -> None:
        """Nothing is said."""


WITHOUT = {"page": Handler._page, "drip": Handler._drip, "flood": Handler._flood}


@contextmanager
def serving(faulty: Faulty) -> Iterator[Faulty]:
    server = Server(faulty)
    faulty.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield faulty
    server.shutdown()
    server.server_close()
    thread.join()
