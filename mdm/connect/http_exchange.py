"""One exchange over HTTP: an answer of bounded size within a bounded time, and what its status means."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import urllib3

from mdm.errors import SettingsInvalid, SystemRefused, SystemSilent

LARGEST: Final = 16 * 2**20
"""Bytes of the largest answer to a write that is read, after it was unpacked."""

PIECE: Final = 65_536
CONNECT_SECONDS: Final = 10.0
LONGEST_WAIT: Final = 86_400

UNAUTHORISED: Final = 401
FORBIDDEN: Final = 403
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

    @property
    def reason(self) -> str:
        """The words of a refusal, where they are JSON of a usual shape; a page is not shown."""
        said = self.json()
        found = said[0] if isinstance(said, list) and said else said
        inner = found.get("error", found) if isinstance(found, dict) else {}
        message = inner.get("message", "") if isinstance(inner, dict) else inner
        text = message.get("value", "") if isinstance(message, dict) else message
        return " ".join(str(text or "").split())[:300] or "no reason is given"


class Exchange:
    """Calls to one system, each sent once. Redirects are not followed, and no proxy of the environment is asked.

    `ca` is a file with the certificates to trust in place of those of the computer, `largest` the bytes of an answer.
    """

    def __init__(self, timeout: float, *, ca: str = "", largest: int = LARGEST) -> None:
        self._timeout, self._largest = timeout, largest
        try:
            trusting = ssl.create_default_context(cafile=ca) if ca else None
        except OSError as error:
            raise SettingsInvalid(f"{ca}: cannot be read: {error.strerror}.", "Check `ca`.") from None
        self._pool = urllib3.PoolManager(retries=False, ssl_context=trusting)

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
            if size > self._largest:
                raise SystemRefused(f"{place} answers more than {self._largest // 2**20} MB.", "Ask for fewer at once.")
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
        raise LoginLost(f"{place} does not accept the login (401).", "Check user, password or token.")
    if status in WAITS:
        raise AskedToWait(f"{place} answers {status}: come again.", "Try later.", reply.wait)
    if status in UNCERTAIN:
        raise SystemSilent(f"{place} answers {status}.", "Try later.", reply.wait)
    if not reply.is_good:
        rights = " and the rights of the user" if status == FORBIDDEN else " and the rules"
        raise SystemRefused(f"{place} answers {status}: {reply.reason}.", f"Check the address{rights}.")
