"""Reads over HTTP: answers of bounded size within a bounded time, asked for again where the system says so."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import stamina
import urllib3

from mdm.errors import SettingsInvalid, SystemRefused, SystemSilent

LARGEST: Final = 128 * 2**20
"""Bytes of the largest answer that is read, after it was unpacked."""

PIECE: Final = 65_536
CONNECT_SECONDS: Final = 10.0
ATTEMPTS: Final = 6
LONGEST_WAIT: Final = 300.0
"""Seconds: who asks for more is taken for silent."""

SUCCESS: Final = range(200, 300)
LOGIN: Final = (401, 403)
AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""A read that may be asked again; nothing changes by that."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A request: what is behind a path, or what is answered to a body."""

    path: str
    accept: str = "application/json"
    body: bytes | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back."""

    content: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HttpClient:
    """One system at one address. Redirects are not followed, and no proxy of the environment is asked.

    `headers` hold the login and are shown nowhere.
    """

    url: str
    headers: Mapping[str, str] = field(repr=False)
    timeout: float = 60.0
    ca: str = ""
    _pool: list[urllib3.PoolManager] = field(default_factory=list, repr=False)

    def json(self, path: str) -> Any:  # noqa: ANN401 - as the system says it
        """What a path says as JSON. Raises SystemRefused for a page, a refused login or an address that is wrong."""
        return self._parsed(self.answer(Ask(path)).content)

    def post(self, path: str, body: bytes, kind: str) -> Any:  # noqa: ANN401 - as the system says it
        """What is answered to a question that has to be posted; asking it twice must do no harm."""
        return self._parsed(self.answer(Ask(path, body=body, kind=kind)).content)

    def answer(self, ask: Ask) -> Answered:
        """The answer, with back-off where the system is silent or asks to come again.

        Raises SystemSilent where it stays so.
        """
        for attempt in stamina.retry_context(on=_wait_of, attempts=ATTEMPTS, timeout=None, wait_max=30.0):
            with attempt:
                return self._once(ask)
        raise AssertionError  # a retry either returns or raises

    def _parsed(self, content: bytes) -> Any:  # noqa: ANN401 - as the system says it
        try:
            return json.loads(content, parse_float=str)
        except ValueError:
            told = "a page, as for a login" if content.lstrip()[:1] == b"<" else "no JSON"
            raise SystemRefused(f"{self.url} answers with {told}, in place of data.", "Check the login.") from None

    def _once(self, ask: Ask) -> Answered:
        end = time.monotonic() + self.timeout
        sent = {"Content-Type": ask.kind} if ask.body is not None else {}
        try:
            response = self._manager().request(
                "GET" if ask.body is None else "POST",
                f"{self.url}/{ask.path.lstrip('/')}",
                body=ask.body,
                headers={"Accept": ask.accept, "Accept-Encoding": "gzip", **sent, **self.headers},
                redirect=False,
                preload_content=False,
                timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=self.timeout),
            )
            try:
                content = b"".join(self._pieces(response, end))
            finally:
                response.close()
        except urllib3.exceptions.HTTPError as error:
            raise SystemSilent(f"{self.url} gives no answer: {type(error).__name__}.", "Is it running?") from None
        self._check(response, content)
        return Answered(content, dict(response.headers))

    def _manager(self) -> urllib3.PoolManager:
        if not self._pool:
            try:
                self._pool.append(urllib3.PoolManager(retries=False, ca_certs=self.ca or None))
            except OSError as error:
                raise SettingsInvalid(f"{self.ca}: cannot be read: {error.strerror}.", "Check `ca`.") from None
        return self._pool[0]

    def _pieces(self, response: urllib3.BaseHTTPResponse, end: float) -> Iterator[bytes]:
        size = 0
        while piece := response.read1(PIECE, decode_content=True):
            size += len(piece)
            if size > LARGEST:
                raise SystemRefused(f"{self.url} answers more than {LARGEST // 2**20} MB.", "Ask for fewer: `page`.")
            if time.monotonic() > end:
                raise SystemSilent(f"{self.url} did not end its answer within {self.timeout:.0f} s.", "Try later.")
            yield piece

    def _check(self, response: urllib3.BaseHTTPResponse, content: bytes) -> None:
        status = response.status
        if status in SUCCESS:
            return
        if status in LOGIN:
            raise SystemRefused(f"{self.url} does not accept the login ({status}).", "Check user, password or token.")
        if status in AGAIN:
            raise SystemSilent(f"{self.url} answers {status}.", "Try later.", _retry_after(response))
        raise SystemRefused(f"{self.url} answers {status}: {_said(content)}", "Check the address and the rules.")


def _wait_of(error: Exception) -> bool | float:
    """Whether to ask again, and after how many seconds where the system says."""
    if not isinstance(error, SystemSilent) or error.wait > LONGEST_WAIT:
        return False
    return error.wait or True


def _retry_after(response: urllib3.BaseHTTPResponse) -> float:
    """The seconds of Retry-After; none where it says a date or nothing."""
    said = response.headers.get("Retry-After", "")
    return float(min(int(said), 86_400)) if said.isascii() and said.isdigit() else 0.0


def _said(content: bytes) -> str:
    """The message of a refusal, where it is JSON of a usual shape; a page is not shown."""
    try:
        said = json.loads(content)
    except ValueError:
        return "no reason is given."
    found = said[0] if isinstance(said, list) and said else said
    inner = found.get("error", found) if isinstance(found, dict) else {}
    message = inner.get("message", "") if isinstance(inner, dict) else inner
    text = message.get("value", "") if isinstance(message, dict) else message
    return " ".join(str(text).split())[:300] or "no reason is given."
