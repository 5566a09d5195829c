"""A server on this computer that hands calls on to another one, or answers them itself, and fails as it is told to."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ANSWER = b'{"id": 1, "result": ["fine"]}'
PAGE = b"<!doctype html><title>Please log in</title>"
FLOOD = 100 * 2**20


@dataclass
class Faulty:
    """What it shall do with calls of a method: see `Handler.do_POST`. `behind` is the server that calls go on to."""

    behind: str = ""
    faults: list[tuple[str, str]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def fault_of(self, body: bytes) -> str:
        """The next fault, if it is for such a call."""
        self.calls.append(body.decode())
        if self.faults and self.faults[0][0] in self.calls[-1]:
            return self.faults.pop(0)[1]
        return ""


class Server(ThreadingHTTPServer):
    """It knows what it shall do."""

    daemon_threads = True

    def __init__(self, faulty: Faulty) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.faulty = faulty


class Handler(BaseHTTPRequestHandler):
    """Answers one call, with the fault that is next."""

    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fault = self.server.faulty.fault_of(body)
        if fault == "cut before":
            self.close_connection = True
        elif fault.isdigit():
            self._answer(int(fault), PAGE, {"Retry-After": "7"})
        elif fault in WITHOUT:
            WITHOUT[fault](self)
        else:
            self._after(fault, *self._hand_on(body))

    def _after(self, fault: str, status: int, answer: bytes) -> None:
        """The call took effect behind; what is told of it is another matter."""
        if fault == "cut after":
            self.close_connection = True
        elif fault:
            self._answer({"500 after": 500, "page after": 200}[fault], PAGE, {})
        else:
            self._answer(status, answer, {})

    def _page(self) -> None:
        self._answer(200, PAGE, {})

    def _hand_on(self, body: bytes) -> tuple[int, bytes]:
        if not self.server.faulty.behind:
            return 200, ANSWER
        names = ("Content-Type", "Authorization")
        headers = {name: self.headers[name] for name in names if self.headers[name]}
        request = urllib.request.Request(self.server.faulty.behind + self.path, body, headers)  # noqa: S310 - this computer
        try:
            with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310 - as above
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

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
