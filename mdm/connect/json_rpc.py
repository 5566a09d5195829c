"""Calls over JSON-RPC: one answer for one call, of bounded size and within a bounded time; a refusal is no answer."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import urllib3

from mdm.errors import SystemRefused, SystemSilent

LARGEST: Final = 16 * 2**20
"""Bytes of the largest answer that is read, after it was unpacked."""

PIECE: Final = 65_536
CONNECT_SECONDS: Final = 5.0
HEADERS: Final = {"Content-Type": "application/json", "Accept-Encoding": "gzip"}
"""Packed answers are asked for: Tryton says of some that they are packed whatever was asked, and then they must be."""

SUCCESS: Final = 200
UNAUTHORISED: Final = 401
WAITS: Final = frozenset({429, 503})
"""The call was not taken up: come again."""

UNCERTAIN: Final = frozenset({408, 409, 412, 425, 500, 502, 504})
"""The call may have taken effect, or the record has moved on: look again."""


class LoginLost(SystemRefused):
    """The session is no longer, or never was."""


class AskedToWait(SystemSilent):
    """The system did not take the call up and asks to come again; nothing took effect."""


class JsonRpc:
    """One address to which calls are posted. Redirects are not followed, and no proxy of the environment is asked."""

    def __init__(self, url: str, timeout: float) -> None:
        self._url, self._timeout = url, timeout
        self._numbers = itertools.count(1)
        self._pool = urllib3.PoolManager(retries=False)

    def call(self, method: str, params: Sequence[Any], headers: Mapping[str, str]) -> dict[str, Any]:
        """The answer of one call, with its `result` or its `error`; where neither is there, that is no answer.

        Raises SystemSilent where the call may have taken effect, AskedToWait where it did not, LoginLost, and
        SystemRefused for all else that is no answer, such as a page.
        """
        body = json.dumps({"id": next(self._numbers), "method": method, "params": list(params)}).encode()
        end = time.monotonic() + self._timeout
        try:
            response = self._pool.request(
                "POST",
                self._url,
                body=body,
                headers={**HEADERS, **headers},
                redirect=False,
                preload_content=False,
                timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=self._timeout),
            )
            try:
                content = b"".join(self._pieces(response, end))
            finally:
                response.close()
        except urllib3.exceptions.HTTPError as error:
            raise SystemSilent(f"{self._url} gives no answer: {type(error).__name__}.", "Is it running?") from None
        return self._answer(response, content)

    def _pieces(self, response: urllib3.BaseHTTPResponse, end: float) -> Iterator[bytes]:
        size = 0
        while piece := response.read1(PIECE, decode_content=True):
            size += len(piece)
            if size > LARGEST:
                raise SystemRefused(f"{self._url} answers more than {LARGEST // 2**20} MB.", "Is it the right address?")
            if time.monotonic() > end:
                raise SystemSilent(f"{self._url} did not end its answer within {self._timeout:.0f} s.", "Try later.")
            yield piece

    def _answer(self, response: urllib3.BaseHTTPResponse, content: bytes) -> dict[str, Any]:
        status = response.status
        if status == UNAUTHORISED:
            raise LoginLost(f"{self._url} does not accept the login.", "Check user and password.")
        if status in WAITS:
            raise AskedToWait(f"{self._url} asks to come again ({status}).", "Try later.", _wait_of(response))
        if status in UNCERTAIN:
            raise SystemSilent(f"{self._url} answers {status}.", "Try later.", _wait_of(response))
        if status != SUCCESS:
            raise SystemRefused(f"{self._url} answers {status}.", "Check the address and the rights of the user.")
        try:
            said = json.loads(content)
        except ValueError:
            said = None
        if not isinstance(said, dict) or not {"result", "error"} & said.keys():
            raise SystemRefused(f"{self._url} answers with a page or what else is no answer.", "Check the address.")
        return said


def _wait_of(response: urllib3.BaseHTTPResponse) -> float:
    """The seconds of Retry-After; none where it says a date or nothing."""
    said = response.headers.get("Retry-After", "")
    return float(min(int(said), 3_600)) if said.isascii() and said.isdigit() else 0.0
