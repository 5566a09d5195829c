"""Salesforce's own ways of answering a query: pages with a locator over REST, and the CSV of a Bulk 2.0 job."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import quote

import polars as pl

from mdm.connect.http_reading import Ask, HttpReader
from mdm.connect.odata_values import text_of
from mdm.connect.protocols import Column
from mdm.errors import SystemRefused, SystemSilent

COMPOUND: Final = ("address", "location", "base64")
"""Types of fields that are made of others, or no text."""

WAITING: Final = ("UploadComplete", "InProgress")
LONGEST_JOB: Final = 3_600.0
BULK_ROWS: Final = 50_000


class SalesforceService:
    """One organisation, of one version of the API. `pause` is how long a job is waited for at a time, in seconds."""

    def __init__(self, client: HttpReader, api: str, pause: float = 2.0) -> None:
        self._client, self._pause = client, pause
        self._base = f"services/data/v{api}"
        self.url = client.url

    def fields(self, name: str) -> list[Column]:
        """The fields of an object that a query can have as text, with their types and lengths."""
        said = self._client.json(f"{self._base}/sobjects/{name}/describe")
        fields = said.get("fields") if isinstance(said, dict) else None
        if not isinstance(fields, list):
            raise SystemRefused(f"{self.url} does not describe {name}.", "Check `object` in the rules.")
        plain = [field for field in fields if field.get("type") not in COMPOUND]
        return [Column(field["name"], _type_of(field)) for field in plain]

    def query(self, soql: str, names: Sequence[str], *, deleted: bool) -> Iterator[pl.DataFrame]:
        """The pages of a query as text, with `deleted` also the records in the recycle bin.

        Raises SystemRefused where other than the number that was promised came.
        """
        path = f"{self._base}/{'queryAll' if deleted else 'query'}?q={quote(soql, safe='')}"
        came, promised = 0, 0
        while path:
            said = self._client.json(path)
            rows = said.get("records") if isinstance(said, dict) else None
            if not isinstance(rows, list):
                raise SystemRefused(f"{self.url} answers with what is no list of records.", "Check the address.")
            promised, came = int(said.get("totalSize", 0)), came + len(rows)
            if rows:
                yield _frame(rows, names)
            path = "" if said.get("done", True) else str(said.get("nextRecordsUrl") or "")
        if came != promised:
            raise SystemRefused(f"{self.url} promised {promised:,} records and gave {came:,}.", "Read again.")

    def bulk(self, soql: str, names: Sequence[str]) -> Iterator[pl.DataFrame]:
        """The parts of a Bulk 2.0 query job, deleted records among them."""
        body = json.dumps({"operation": "queryAll", "query": soql}).encode()
        job = str(self._client.post(f"{self._base}/jobs/query", body, "application/json").get("id", ""))
        done = self._wait_for(job)
        came, locator = 0, ""
        while locator != "null":
            asked = f"results?maxRecords={BULK_ROWS}" + (f"&locator={quote(locator, safe='')}" if locator else "")
            answer = self._client.answer(Ask(f"{self._base}/jobs/query/{job}/{asked}", "text/csv"))
            locator = answer.headers.get("sforce-locator", "null")
            frame = pl.read_csv(io.BytesIO(answer.content), infer_schema=False).select(names)
            came += frame.height
            yield frame.with_columns(pl.all().replace("", None))
        if came != done:
            raise SystemRefused(f"{self.url} promised {done:,} records and gave {came:,}.", "Read again.")

    def _wait_for(self, job: str) -> int:
        """The number of records of a job that has ended. Raises SystemRefused with its reason where it failed."""
        end = time.monotonic() + LONGEST_JOB
        while time.monotonic() < end:
            said = self._client.json(f"{self._base}/jobs/query/{job}")
            state = said.get("state")
            if state == "JobComplete":
                return int(said.get("numberRecordsProcessed", 0))
            if state not in WAITING:
                reason = str(said.get("errorMessage", "no reason is given"))[:300]
                raise SystemRefused(
                    f"A query job of {self.url} is {state}: {reason}.", "Take out `bulk`, or ask there."
                )
            time.sleep(self._pause)
        raise SystemSilent(f"A query job of {self.url} does not end.", "Take out `bulk`, or try later.")


def _type_of(field: dict[str, Any]) -> str:
    length = field.get("length") or 0
    return f"{field.get('type', '')}({length})" if length else str(field.get("type", ""))


def _frame(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> pl.DataFrame:
    """Rows as text; an empty text is none, as it is in the CSV of a job."""
    return pl.DataFrame(
        [pl.Series(name, [text_of(row.get(name)) or None for row in rows], dtype=pl.String) for name in names]
    )
