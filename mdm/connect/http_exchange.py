"""One exchange over HTTP: an answer of bounded size within a bounded time, and what its status means for a write."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import urllib3

from mdm.errors import SystemRefused, SystemSilent

LARGEST: Final = 16 * 2**20
"""Bytes of the largest answer that is read, after it was unpacked."""

PIECE: Final = 65_536
CONNECT_SECONDS: Final = 5.0
LONGEST_WAIT: Final = 3_600

UNAUTHORISED: Final = 401
WAITS: Final = frozenset({429, 503})
"""The call was not taken up: come again."""

UNCERTAIN: Final = frozenset({408, 409, 412, 425, 500, 502, 504})
"""The call may have taken effect, or the record has moved on: look again."""


class LoginLost(SystemRefused):
    """The session is no longer, or never was."""


class AskedToWait(SystemSilent):
    """The system did not take the call up and asks to come again; nothing took effect."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for one call. The names of `headers` are in small letters."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""
    cookies: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def wait(self) -> float:
        """The seconds of Retry-After; none where it says a date or nothing."""
        said = self.headers.get("retry-after", "")
        return float(min(int(said), LONGEST_WAIT)) if said.isascii() and said.isdigit() else 0.0

    def json(self) -> Any:  # noqa: ANN401 - whatever the system says
        """What the answer says as JSON; None where it is something else, such as a page to log in."""
        try:
            return json.loads(self.content)
        except ValueError:
            return None


class Exchange:
    """Calls to one system. Redirects are not followed, and no proxy of the environment is asked."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._pool = urllib3.PoolManager(retries=False)

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Reply:
        """The answer, whatever its status.

        Raises SystemSilent where none came, so that the call may have taken effect, and SystemRefused for one that is
        too large.
        """
        end = time.monotonic() + self._timeout
        place = url.partition("?")[0]
        try:
            response = self._pool.request(
                method,
                url,
                body=body,
                # Tryton says of some answers that they are packed whatever was asked, and then they must be.
                headers={"Accept-Encoding": "gzip", **headers},
                redirect=False,
                preload_content=False,
                timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=self._timeout),
            )
            try:
                content = b"".join(self._pieces(response, place, end))
            finally:
                response.close()
        except urllib3.exceptions.HTTPError as error:
            raise SystemSilent(f"{place} gives no answer: {type(error).__name__}.", "Is it running?") from None
        said = {name.lower(): value for name, value in response.headers.items()}
        return Reply(response.status, said, content, tuple(response.headers.getlist("set-cookie")))

    def _pieces(self, response: urllib3.BaseHTTPResponse, place: str, end: float) -> Iterator[bytes]:
        size = 0
        while piece := response.read1(PIECE, decode_content=True):
            size += len(piece)
            if size > LARGEST:
                raise SystemRefused(f"{place} answers more than {LARGEST // 2**20} MB.", "Is it the right address?")
            if time.monotonic() > end:
                raise SystemSilent(f"{place} did not end its answer within {self._timeout:.0f} s.", "Try later.")
            yield piece


def refuse_trouble(reply: Reply, place: str) -> None:
    """Raise what a status that is no answer to the question means.

    LoginLost, AskedToWait where the call was not taken up, SystemSilent where it may have taken effect, SystemRefused
    for all else that is not 2xx.
    """
    status = reply.status
    if status == UNAUTHORISED:
        raise LoginLost(f"{place} does not accept the login.", "Check user and password.")
    if status in WAITS:
        raise AskedToWait(f"{place} asks to come again ({status}).", "Try later.", reply.wait)
    if status in UNCERTAIN:
        raise SystemSilent(f"{place} answers {status}.", "Try later.", reply.wait)
    if not reply.is_good:
        raise SystemRefused(f"{place} answers {status}.", "Check the address and the rights of the user.")
