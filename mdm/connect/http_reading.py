"""Reads over HTTP: asked for again where the system is silent or says so, for nothing changes by a read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import stamina

from mdm.connect.http_exchange import AskedToWait, Exchange, Reply, refuse_trouble
from mdm.errors import SystemRefused, SystemSilent

LARGEST: Final = 128 * 2**20
"""Bytes of the largest page of records that is read, after it was unpacked."""

ATTEMPTS: Final = 6
LONGEST_WAIT: Final = 300.0
"""Seconds: who asks for more is taken for silent."""

UNSAID: Final = 10.0
"""Seconds to wait for who says to come again and not when: HubSpot counts the calls of ten seconds."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question: what is behind a path, or what is answered to a body."""

    path: str
    accept: str = "application/json"
    body: bytes | None = None
    kind: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HttpReader:
    """Reads of one system at one address. `headers` hold the login and are shown nowhere."""

    url: str
    headers: Mapping[str, str] = field(repr=False)
    exchange: Exchange = field(repr=False)

    def json(self, path: str) -> Any:  # noqa: ANN401 - as the system says it
        """What a path says as JSON. Raises SystemRefused for a page, a refused login or an address that is wrong."""
        return self.said(Ask(path))

    def post(self, path: str, body: bytes, kind: str) -> Any:  # noqa: ANN401 - as the system says it
        """What is answered to a question that has to be posted; asking it twice must do no harm."""
        return self.said(Ask(path, body=body, kind=kind))

    def said(self, ask: Ask) -> Any:  # noqa: ANN401 - as the system says it
        """The answer as JSON, its fractions as they were written."""
        content = self.answer(ask).content
        try:
            return json.loads(content, parse_float=str)
        except ValueError:
            told = "a page, as for a login" if content.lstrip()[:1] == b"<" else "no JSON"
            raise SystemRefused(f"{self.url} answers with {told}, in place of data.", "Check the login.") from None

    def answer(self, ask: Ask) -> Reply:
        """The answer, with back-off where the system is silent or asks to come again.

        Raises SystemSilent where it stays so.
        """
        for attempt in stamina.retry_context(on=wait_of, attempts=ATTEMPTS, timeout=None, wait_max=30.0):
            with attempt:
                return self._once(ask)
        raise AssertionError  # a retry either returns or raises

    def _once(self, ask: Ask) -> Reply:
        sent = {"Content-Type": ask.kind} if ask.body is not None else {}
        headers = {"Accept": ask.accept, **sent, **ask.headers, **self.headers}
        method = "GET" if ask.body is None else "POST"
        reply = self.exchange.send(method, f"{self.url}/{ask.path.lstrip('/')}", headers, ask.body)
        refuse_trouble(reply, self.url)
        return reply


def wait_of(error: Exception) -> bool | float:
    """Whether to ask again, and after how many seconds where the system says."""
    if not isinstance(error, SystemSilent) or error.wait > LONGEST_WAIT:
        return False
    return error.wait or (UNSAID if isinstance(error, AskedToWait) else True)
