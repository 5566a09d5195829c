"""A TLS server that answers as Salesforce's REST API and Bulk 2.0 queries do: shapes and pages, not its rules.

Unmodified simple-salesforce can talk to it, so the shapes are not of our own making. It proves nothing about sharing,
triggers, limits, or what a real organisation has in its objects.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from tests.contract.stand_in import Asked, Certified, Said, Tables, as_json, serving_app

TOKEN = "00Dxx!token"  # noqa: S105 - of this stand-in
FIELDS = {
    "Account": ["Id", "IsDeleted", "MasterRecordId", "Name", "BillingCity", "NumberOfEmployees", "SystemModstamp"],
    "Contact": ["Id", "IsDeleted", "AccountId", "Email", "LastName", "SystemModstamp"],
}
TYPES = {"IsDeleted": "boolean", "NumberOfEmployees": "int", "SystemModstamp": "datetime"}
LOGIN = b"<html><title>Login</title></html>"


@dataclass
class StandIn(Tables):
    """The organisation's records, how many a page has, and what it does wrong next."""

    certificate: Path = Path()
    most: int = 2_000
    bulk_most: int = 2
    cursors: dict[str, tuple[list[dict[str, Any]], str]] = field(default_factory=dict)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    url: str = ""

    def __post_init__(self) -> None:
        self.make(FIELDS)

    def answer(self, asked: Asked) -> Said:
        """Queries, descriptions and query jobs."""
        self.asked.append(asked.line)
        if asked.path.endswith("/oauth2/token"):
            sent = parse_qs(asked.body.decode())
            if sent.get("client_secret") == ["app secret"]:
                return as_json({"access_token": TOKEN, "token_type": "Bearer"})
            return as_json({"error": "invalid_client", "error_description": "invalid client credentials"}, 400)
        if (fault := self.fault(LOGIN)) is not None:
            return fault
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return as_json([{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}], 401)
        if "/jobs/query" in asked.path:
            return self.begin(asked.json()) if asked.method == "POST" else self.job(asked)
        return as_json(self.found(asked))

    def found(self, asked: Asked) -> dict[str, Any]:
        last = asked.path.rstrip("/").rpartition("/")[2]
        if last == "describe":
            return self.describe(asked.path.split("/")[-2])
        if "q" in asked.query:
            table, rows = self.select(asked.query["q"], deleted="queryAll" in asked.path)
            return self.page(table, rows, 0)
        rows, table = self.cursors[last]
        return self.page(table, rows, int(last.rpartition("-")[2]))

    def begin(self, asked: dict[str, Any]) -> Said:
        job = f"750{len(self.jobs):015d}"
        _, rows = self.select(asked["query"], deleted=asked["operation"] == "queryAll")
        self.jobs[job] = {"rows": rows, "polls": 1}
        return as_json({"id": job, "operation": asked["operation"], "state": "UploadComplete"})

    def job(self, asked: Asked) -> Said:
        name = asked.path.split("/jobs/query/")[1].split("/", maxsplit=1)[0]
        known = self.jobs[name]
        if not asked.path.endswith("/results"):
            known["polls"] -= 1
            state = "InProgress" if known["polls"] >= 0 else "JobComplete"
            return as_json({"id": name, "state": state, "numberRecordsProcessed": len(known["rows"])})
        begin = int(asked.query.get("locator", 0))
        most = int(asked.query.get("maxRecords", self.bulk_most))
        end = min(begin + min(self.bulk_most, most), len(known["rows"]))
        text = io.StringIO()
        writer = csv.DictWriter(text, list(known["rows"][0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({n: _csv(v) for n, v in row.items()} for row in known["rows"][begin:end])
        locator = "null" if end == len(known["rows"]) else str(end)
        told = {"Sforce-Locator": locator, "Sforce-NumberOfRecords": str(end - begin), "Content-Type": "text/csv"}
        return Said(200, text.getvalue().encode(), told)

    def select(self, soql: str, *, deleted: bool) -> tuple[str, list[dict[str, Any]]]:
        """The rows of a query; SOQL as far as it is used is SQL with its times unquoted."""
        found = re.fullmatch(r"SELECT (.+?) FROM (\w+)(.*)", soql, re.DOTALL)
        assert found, soql
        names, table, rest = found[1].split(", "), found[2], found[3]
        rest = re.sub(r"(?<!')(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)", r"'\1'", rest)
        if not deleted:
            rest = re.sub(r"^( WHERE )?", lambda m: " WHERE NOT IsDeleted" + (" AND " if m[1] else ""), rest, count=1)
        rows = self.tables.execute(f"SELECT {', '.join(names)} FROM {table}{rest}")  # noqa: S608 - a test
        return table, [dict(zip(names, self._values(names, row), strict=True)) for row in rows]

    def page(self, table: str, rows: list[dict[str, Any]], begin: int) -> dict[str, Any]:
        here = rows[begin : begin + self.most]
        url = f"/services/data/v62.0/sobjects/{table}/"
        records = [{"attributes": {"type": table, "url": url + str(row.get("Id"))}, **row} for row in here]
        done = begin + self.most >= len(rows)
        said: dict[str, Any] = {"totalSize": len(rows), "done": done, "records": records}
        if not done:
            name = f"01g{len(self.cursors):09d}-{begin + self.most}"
            self.cursors[name] = (rows, table)
            said["nextRecordsUrl"] = f"/services/data/v62.0/query/{name}"
        return said

    def describe(self, table: str) -> dict[str, Any]:
        fields = [
            {"name": name, "type": TYPES.get(name, "string"), "length": 0 if name in TYPES else 80}
            for name in FIELDS[table]
            if name not in self.gone
        ]
        return {"name": table, "fields": [*fields, {"name": "BillingAddress", "type": "address", "length": 0}]}

    def _values(self, names: list[str], row: tuple[Any, ...]) -> list[Any]:
        return [bool(value) if name == "IsDeleted" else value for name, value in zip(names, row, strict=True)]


def _csv(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


@contextmanager
def serving(certified: Certified) -> Iterator[StandIn]:
    stand_in = StandIn(certificate=certified.authority)
    with serving_app(stand_in.answer, certified.context) as stand_in.url:
        yield stand_in
    stand_in.tables.close()
