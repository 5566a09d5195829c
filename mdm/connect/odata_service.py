"""Answers of an OData service, version 2 or 4: pages of entities, and those expanded below them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urlsplit

from mdm.connect.http_reading import HttpReader
from mdm.errors import SystemRefused

Row = Mapping[str, Any]

SAFE: Final = "$,'():/"
"""What stands in the query of a request as it is."""


class ODataService:
    """A service that is asked with GET alone."""

    def __init__(self, client: HttpReader, version: str) -> None:
        self._client, self._version = client, version

    def pages(self, entity: str, options: Mapping[str, str]) -> Iterator[list[Row]]:
        """The pages of one answer: where a next link is given it is followed, at the address that we know."""
        asked = "&".join(f"{name}={quote(text, safe=SAFE)}" for name, text in options.items())
        form = "&$format=json" if self._version == "2" else ""
        path = f"{entity}?{asked}{form}"
        seen = set()
        while path:
            if path in seen:
                raise SystemRefused(f"{self._client.url} leads from a page to itself.", "Ask those who run it.")
            seen.add(path)
            rows, path = self._page(path)
            yield rows

    def _page(self, path: str) -> tuple[list[Row], str]:
        said = self._client.json(path)
        body = said.get("d", said) if isinstance(said, dict) else said
        rows = body.get("results", body.get("value")) if isinstance(body, dict) else body
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise SystemRefused(f"{self._client.url} answers with what is no list of entities.", "Check the address.")
        link = body.get("__next") or body.get("@odata.nextLink") if isinstance(body, dict) else None
        return rows, self._own(link) if link else ""

    def _own(self, link: str) -> str:
        """A link as a path below our address: a login is never sent to another one."""
        parts, base = urlsplit(link), urlsplit(self._client.url).path
        path = parts.path.removeprefix(base) if parts.path.startswith(base) else parts.path.rpartition("/")[2]
        return f"{path.lstrip('/')}?{parts.query}"

    def at(self, row: Row, steps: Sequence[str]) -> Iterator[Row]:
        if not steps:
            yield row
            return
        for entity in self._expanded(row, steps[0]):
            yield from self.at(entity, steps[1:])

    def _expanded(self, row: Row, step: str) -> Iterator[Row]:
        """The entities under a navigation property, one or many, also those on further pages."""
        value = row.get(step)
        link = row.get(f"{step}@odata.nextLink")
        if isinstance(value, dict) and "results" in value:
            value, link = value["results"], value.get("__next")
        elif isinstance(value, dict) and "__deferred" in value:
            raise SystemRefused(f"{self._client.url} does not expand {step}.", "Check the path in the rules.")
        elif isinstance(value, dict):
            value = [value]
        yield from value or ()
        while link:
            rows, link = self._page(self._own(link))
            yield from rows
