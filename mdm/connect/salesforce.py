"""The REST interface of one Salesforce organisation: login, questions through all their pages, collections."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urlencode

from mdm.connect.http_exchange import AskedToWait, Exchange, LoginLost, Reply, refuse_trouble
from mdm.errors import SystemRefused, SystemSilent
from mdm.settings import Secret

JSON: Final = "application/json"
FORBIDDEN: Final = 403
EXHAUSTED: Final = "REQUEST_LIMIT_EXCEEDED"
MOST_PAGES: Final = 1_000
WHERE_REFUSED: Final = "Check the address, and the rights of the user."


class SalesforceRest:
    """One organisation by the address of its instance.

    With a `client_id` the secret is that of the client and is exchanged for a token; without one it is a token.
    """

    def __init__(self, url: str, version: str, login: tuple[str, Secret], timeout: float) -> None:
        self._url, self._client_id, self._secret = url, login[0], login[1]
        self._root = f"{url}/services/data/v{version}"
        self._exchange = Exchange(timeout)
        self._token = "" if self._client_id else self._secret.reveal()

    def describe(self, name: str) -> dict[str, dict[str, Any]]:
        """The fields of an object by name."""
        said = self._ask("GET", f"{self._root}/sobjects/{name}/describe")
        fields = said.get("fields") if isinstance(said, dict) else None
        if not isinstance(fields, list):
            raise SystemRefused(f"{self._url} does not describe {name}.", WHERE_REFUSED)
        return {str(field.get("name")): field for field in fields if isinstance(field, dict)}

    def query(self, fields: Sequence[str], name: str, where: str, *, deleted: bool = False) -> Iterator[dict[str, Any]]:
        """These fields of the records of an object, through all pages; with those in the bin where that is asked for.

        Names are those of the rules, which the metadata knows; values in `where` are written by `soql_text`.
        """
        soql = f"SELECT {', '.join(fields)} FROM {name} WHERE {where}"  # noqa: S608 - see above
        url = f"{self._root}/{'queryAll' if deleted else 'query'}?q={quote(soql, safe='')}"
        for _ in range(MOST_PAGES):
            page = self._ask("GET", url)
            rows = page.get("records") if isinstance(page, dict) else None
            if not isinstance(page, dict) or not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
                raise SystemRefused(f"{self._url} answers with a page or what else is no list.", WHERE_REFUSED)
            yield from rows
            if page.get("done", True):
                return
            following = str(page.get("nextRecordsUrl", ""))
            if not following.startswith("/"):  # a token is not taken to where somebody points
                raise SystemRefused(f"{self._url} continues its answer elsewhere.", WHERE_REFUSED)
            url = self._url + following
        raise SystemRefused(f"{self._url} does not end its answer.", WHERE_REFUSED)

    def collect(self, place: str, records: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Write records in one call, each on its own: what became of each, in order.

        Raises SystemSilent where the answer does not say so of each.
        """
        body = {"allOrNone": False, "records": list(records)}
        said = self._ask("PATCH", f"{self._root}/composite/sobjects{place}", body)
        if not isinstance(said, list):
            raise SystemRefused(f"{self._url} answers with a page or what else is no answer.", WHERE_REFUSED)
        if len(said) != len(records) or not all(isinstance(row, dict) for row in said):
            raise SystemSilent(f"{self._url} does not say what became of each record.", "Try later.")
        return said

    def job(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What is said of a job of Bulk 2.0; `path` begins behind `jobs/ingest`."""
        said = self._ask(method, f"{self._root}/jobs/ingest{path}", body)
        if not isinstance(said, dict) or not said.get("id"):
            raise SystemRefused(f"{self._url} answers with a page or what else is no job.", WHERE_REFUSED)
        return said

    def job_table(self, method: str, path: str, table: bytes | None = None) -> bytes:
        """A table of a job as CSV; with one it is sent there."""
        sent = None if table is None else ("text/csv", table)
        return self._call(method, f"{self._root}/jobs/ingest{path}", sent, "text/csv").content

    def _ask(self, method: str, url: str, body: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - whatever it says
        """What is answered, as JSON; None for a page."""
        sent = None if body is None else (JSON, json.dumps(body).encode())
        return self._call(method, url, sent, JSON).json()

    def _call(self, method: str, url: str, sent: tuple[str, bytes] | None, accept: str) -> Reply:
        """The answer to a content and its kind. A token that has expired is got anew, once."""
        if not self._token:
            self._log_in()
        try:
            return self._try(method, url, sent, accept)
        except LoginLost:
            if not self._client_id:
                raise
            self._log_in()
            return self._try(method, url, sent, accept)

    def _try(self, method: str, url: str, sent: tuple[str, bytes] | None, accept: str) -> Reply:
        kind, content = sent or ("", None)
        typed = {"Content-Type": kind} if kind else {}
        headers = {"Authorization": f"Bearer {self._token}", "Accept": accept, **typed}
        reply = self._exchange.send(method, url, headers, content)
        if reply.status == FORBIDDEN and EXHAUSTED in told(reply):
            raise AskedToWait(f"{self._url} has had its calls of the day.", "Try later.", reply.wait)
        if reply.status in (400, 404):
            raise SystemRefused(f"{self._url} refuses: {told(reply)}", WHERE_REFUSED)
        refuse_trouble(reply, self._url)
        return reply

    def _log_in(self) -> None:
        words = {"grant_type": "client_credentials", "client_id": self._client_id}
        form = urlencode({**words, "client_secret": self._secret.reveal()}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        reply = self._exchange.send("POST", f"{self._url}/services/oauth2/token", headers, form)
        if reply.status in (400, 401):
            raise LoginLost(f"{self._url} does not accept client {self._client_id}.", "Check client_id and secret.")
        refuse_trouble(reply, self._url)
        said = reply.json()
        token = said.get("access_token") if isinstance(said, dict) else None
        if not isinstance(token, str) or not token:
            raise LoginLost(f"{self._url} gives no token to client {self._client_id}.", "Check client_id and secret.")
        self._token = token


def soql_text(text: str) -> str:
    """A text as SOQL writes it."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def told(reply: Reply) -> str:
    """The words of a refusal, as Salesforce says them."""
    said = reply.json()
    first = said[0] if isinstance(said, list) and said and isinstance(said[0], dict) else {}
    return f"{first.get('errorCode', reply.status)}: {reply.reason}"
