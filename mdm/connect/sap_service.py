"""A service of OData version 2 with SAP's manners: basic login, cookies, and a token that every write must carry."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator, Mapping, Sequence
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from urllib.parse import quote, urlsplit

from mdm.connect.http_exchange import Exchange, Reply, refuse_trouble
from mdm.connect.odata_batch import Change, read_batch, write_batch
from mdm.connect.odata_metadata import Metadata
from mdm.errors import SystemRefused, SystemSilent
from mdm.settings import Secret

TOKEN: Final = "X-CSRF-Token"  # noqa: S105 - the name of a header
GO_ON: Final = "odata.continue-on-error"
FORBIDDEN: Final = 403
MOST_PAGES: Final = 1_000
LONGEST: Final = 240.0
"""Seconds for the changes of one call and those it stopped at: well within the lease of their letters."""

WHERE_REFUSED: Final = "Check the address, and the rights of the user."


class SapService:
    """One service by its address. A login is `user` and `password`; `client` is SAP's, where there are several."""

    def __init__(self, url: str, login: tuple[str, Secret], client: str, timeout: float) -> None:
        self._url, self._login, self._client = url, login, client
        self._exchange = Exchange(timeout)
        self._token = ""
        self._cookies: dict[str, str] = {}

    def metadata(self) -> Metadata:
        return Metadata(self._get(f"{self._url}/$metadata", "application/xml").content, self._url)

    def read(self, entity: str, query: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """The rows of a question, through all its pages."""
        words = "&".join(f"{name}={quote(value)}" for name, value in query.items())
        url = f"{self._url}/{entity}?{words}"
        for _ in range(MOST_PAGES):
            page = self._get(url, "application/json").json()
            found = page.get("d") if isinstance(page, dict) else None
            rows = found.get("results") if isinstance(found, dict) else found
            if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                raise SystemRefused(f"{self._url} answers with a page or what else is no list.", WHERE_REFUSED)
            yield from rows
            following = found.get("__next", "") if isinstance(found, dict) else ""
            if not following:
                return
            if urlsplit(following)[:2] != urlsplit(self._url)[:2]:  # a login is not taken to where somebody points
                raise SystemRefused(f"{self._url} continues its answer elsewhere.", WHERE_REFUSED)
            url = following
        raise SystemRefused(f"{self._url} does not end its answer.", WHERE_REFUSED)

    def change(self, changesets: Sequence[Sequence[Change]]) -> list[list[Reply]]:
        """The answers of each changeset, in order. A service that stops at one it refuses is sent the rest again.

        A token that has expired is fetched anew, once. Raises as `Exchange.send` and `refuse_trouble` do, and
        SystemSilent where the answer does not say what became of each.
        """
        replies: list[list[Reply]] = []
        end = time.monotonic() + LONGEST
        while len(replies) < len(changesets):
            if time.monotonic() > end:
                raise SystemSilent(f"{self._url} takes too long over its changes.", "Try later.")
            replies += self._change_some(changesets[len(replies) :])
        return replies

    def _change_some(self, changesets: Sequence[Sequence[Change]]) -> list[list[Reply]]:
        if not self._token:
            self._fetch_token()
        reply = self._post(changesets)
        if reply.status == FORBIDDEN and reply.headers.get(TOKEN.lower(), "").lower() == "required":
            self._fetch_token()
            reply = self._post(changesets)
        refuse_trouble(reply, self._url)
        replies = read_batch(reply)
        if not replies:
            raise SystemRefused(f"{self._url} answers with a page or what else is no answer.", WHERE_REFUSED)
        if len(replies) > len(changesets) or not all(replies):
            raise SystemSilent(f"{self._url} does not say what became of each change.", "Try later.")
        return replies

    def _post(self, changesets: Sequence[Sequence[Change]]) -> Reply:
        kind, body = write_batch(changesets)
        headers = {"Content-Type": kind, "Accept": "multipart/mixed", TOKEN: self._token, "Prefer": GO_ON}
        return self._send("POST", f"{self._url}/$batch", headers, body)

    def _fetch_token(self) -> None:
        reply = self._send("GET", f"{self._url}/", {TOKEN: "Fetch", "Accept": "application/json"})
        refuse_trouble(reply, self._url)
        self._token = reply.headers.get(TOKEN.lower(), "")
        if not self._token:
            raise SystemRefused(f"{self._url} gives no token for writing.", WHERE_REFUSED)

    def _get(self, url: str, kind: str) -> Reply:
        reply = self._send("GET", url, {"Accept": kind})
        refuse_trouble(reply, self._url)
        return reply

    def _send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Reply:
        user, password = self._login
        basic = base64.b64encode(f"{user}:{password.reveal()}".encode()).decode()
        mine = {"Authorization": f"Basic {basic}"} | ({"sap-client": self._client} if self._client else {})
        if self._cookies:
            mine["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        reply = self._exchange.send(method, url, {**mine, **headers}, body)
        for cookie in reply.cookies:
            self._cookies |= _read_cookie(cookie)
        return reply


def key_of(entity: str, **parts: str) -> str:
    """The path of one entity: its set and its key."""
    words = ",".join(f"{name}={literal(value, in_path=True)}" for name, value in parts.items())
    return f"{entity}({words})"


def literal(text: str, *, in_path: bool = False) -> str:
    """A text as OData writes it."""
    doubled = text.replace("'", "''")
    return f"'{quote(doubled, safe='') if in_path else doubled}'"


def told(reply: Reply) -> str:
    """The words of a refusal, as the service says them."""
    return f"{reply.reason} ({reply.status})"


def _read_cookie(line: str) -> dict[str, str]:
    try:
        return {name: morsel.coded_value for name, morsel in SimpleCookie(line).items()}
    except CookieError:
        return {}
