"""A stand-in for the REST interface of Salesforce, in memory; simple-salesforce works with it unmodified.

It proves our client. It says nothing about Salesforce's own validation rules, triggers, sharing and limits.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from mdm.connect.salesforce_ids import long_id
from tests.contract.stand_in import Asked, Said, as_json, certified, serving_app

API = "/services/data/v59.0"
MOST = 200
PAGE_SIZE = 3
READ_ONLY = ("SystemModstamp", "CreatedById")
FIELDS = (
    {"name": "Id", "type": "id", "length": 18, "updateable": False, "externalId": False},
    {"name": "Name", "type": "string", "length": 255, "updateable": True, "externalId": False},
    {"name": "BillingCity", "type": "string", "length": 40, "updateable": True, "externalId": False},
    {"name": "MDM_Id__c", "type": "string", "length": 40, "updateable": True, "externalId": True},
    {"name": "ERP_No__c", "type": "string", "length": 20, "updateable": True, "externalId": True},
    {"name": "Short__c", "type": "string", "length": 5, "updateable": True, "externalId": False},
    {"name": "SystemModstamp", "type": "datetime", "length": 0, "updateable": False, "externalId": False},
    {"name": "CreatedById", "type": "reference", "length": 18, "updateable": False, "externalId": False},
)
NAMES = tuple(str(known["name"]) for known in FIELDS)
IN_CLAUSE = re.compile(r"(\w+) IN \(([^)]*)\)")
EQUALS = re.compile(r"(\w+) = '((?:[^'\\]|\\.)*)'")
TEXT = re.compile(r"'((?:[^'\\]|\\.)*)'")


@dataclass
class Salesforce:
    """Accounts by their 18-character id, and what the next calls shall suffer."""

    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=lambda: {"token-0"})
    secrets: dict[str, str] = field(default_factory=lambda: {"client": "very secret"})
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    log: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    polls: int = 1
    job_error: str = ""
    job_stops_at: int = 0
    unique: bool = False
    ignored: tuple[str, ...] = ()
    url: str = ""
    certificate: str = ""

    def add(self, *names: str, **values: Any) -> list[str]:
        """New accounts; returns their ids in 15 characters, as a report may have them."""
        return [self._insert({"Name": name, **values})[:15] for name in names]

    def edit(self, account: str, **values: Any) -> None:
        self._row(account).update({**values, "SystemModstamp": self._now()})

    def get(self, account: str, name: str) -> Any:
        return self._row(account).get(name)

    def merge(self, kept: str, lost: str) -> None:
        self.edit(lost, IsDeleted=True, MasterRecordId=long_id(kept))

    def answer(self, asked: Asked) -> Said:
        self.calls.append(f"{asked.method} {asked.path}")
        if asked.path == "/services/oauth2/token":
            return self._log_in(asked)
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return as_json([{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}], 401)
        return self._serve(asked, asked.path.removeprefix(API))

    def _serve(self, asked: Asked, path: str) -> Said:
        if path == "/sobjects/Account/describe":
            return as_json({"name": "Account", "fields": FIELDS})
        if path.startswith(("/query/", "/queryAll/")) or path in ("/query", "/queryAll"):
            return self._query(asked, path)
        if path.startswith("/jobs/ingest"):
            return self._job(asked, [part for part in path.removeprefix("/jobs/ingest").split("/") if part])
        if path.startswith("/composite/sobjects"):
            return self._collection(asked, path.removeprefix("/composite/sobjects").strip("/"))
        if path.startswith("/sobjects/Account/"):
            return self._single(asked, path.removeprefix("/sobjects/Account/").split("/"))
        return as_json([{"message": "The requested resource does not exist", "errorCode": "NOT_FOUND"}], 404)

    def _job(self, asked: Asked, place: list[str]) -> Said:
        """A load of Bulk 2.0: begun, given its table, closed, asked for until it has ended, asked for its results."""
        if not place:
            made = f"750{next(self.numbers):015d}"
            self.jobs[made] = {"id": made, "state": "Open", "polls": self.polls, **asked.json()}
            return as_json(self._job_said(made))
        job = self.jobs[place[0]]
        if asked.method == "PUT":
            job["table"] = list(csv.DictReader(io.StringIO(asked.body.decode(), newline="")))
            return Said(201)
        if asked.method == "PATCH":
            job["state"] = asked.json()["state"]
            return as_json(self._job_said(job["id"]))
        if len(place) == 1:
            job["polls"] -= 1
            if job["polls"] < 0 and job["state"] == "UploadComplete":
                self._run(job)
            return as_json(self._job_said(job["id"]))
        return Said(200, _as_csv(job["results"][place[1]]), {"Content-Type": "text/csv"})

    def _job_said(self, name: str) -> dict[str, Any]:
        job = self.jobs[name]
        done = sum(len(job.get("results", {}).get(part, ())) for part in ("successfulResults", "failedResults"))
        failed = len(job.get("results", {}).get("failedResults", ()))
        told = {n: job[n] for n in ("id", "state", "object", "operation")}
        return {**told, "numberRecordsProcessed": done, "numberRecordsFailed": failed, "errorMessage": self.job_error}

    def _run(self, job: dict[str, Any]) -> None:
        """Each row on its own: an empty cell leaves a field as it is, #N/A empties it."""
        key = job.get("externalIdFieldName", "")
        parts = ("successfulResults", "failedResults", "unprocessedrecords")
        results: dict[str, list[dict[str, Any]]] = {part: [] for part in parts}
        for at, row in enumerate(job["table"]):
            if self.job_error and at >= self.job_stops_at:
                results["unprocessedrecords"].append(row)
                continue
            fields = {n: None if v == "#N/A" else v for n, v in row.items() if v and n != "Id"}
            said = self._write(fields if key else {"id": row["Id"], **fields}, key)
            first = said["errors"][0] if said["errors"] else {}
            told = f"{first.get('statusCode')}:{first.get('message')}:{' '.join(first.get('fields', ())) or '--'}"
            made = {"sf__Id": said.get("id", ""), "sf__Created": str(bool(said.get("created"))).lower()}
            part = "failedResults" if said["errors"] else "successfulResults"
            results[part].append(({"sf__Id": "", "sf__Error": told} if said["errors"] else made) | row)
        job |= {"results": results, "state": "Failed" if self.job_error else "JobComplete"}

    def _log_in(self, asked: Asked) -> Said:
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        if self.secrets.get(form.get("client_id", "")) != form.get("client_secret"):
            return as_json({"error": "invalid_client", "error_description": "invalid client credentials"}, 400)
        self.tokens.add(token := f"token-{next(self.numbers)}")
        return as_json({"access_token": token, "instance_url": self.url, "token_type": "Bearer"})

    def _query(self, asked: Asked, path: str) -> Said:
        """The conditions that both clients write: IN, equality of texts, IsDeleted; a page holds a few records."""
        soql, at = asked.query.get("q", ""), 0
        if not soql:
            kind, _, place = path.strip("/").partition("/")
            soql, at = self._cursors[place.partition("-")[0]], int(place.partition("-")[2])
            path = f"/{kind}"
        found = re.match(r"SELECT (.+?) FROM Account(?: WHERE (.*))?$", soql)
        names = [name.strip() for name in found[1].split(",")] if found else []
        known = (*NAMES, "IsDeleted", "MasterRecordId")
        if found is None or any(name not in known for name in names):
            return as_json([{"message": f"unexpected: {soql}", "errorCode": "INVALID_FIELD"}], 400)
        rows = self._matching(found[2] or "", deleted="queryAll" in path)
        page = [{"attributes": {"type": "Account"}, **{name: row.get(name) for name in names}} for row in rows]
        said: dict[str, Any] = {"totalSize": len(page), "done": True, "records": page[at : at + PAGE_SIZE]}
        if at + PAGE_SIZE < len(page):
            cursor = f"01g{len(self._cursors)}"
            self._cursors[cursor] = soql
            said |= {"done": False, "nextRecordsUrl": f"{API}{path.rstrip('/')}/{cursor}-{at + PAGE_SIZE}"}
        return as_json(said)

    _cursors: dict[str, str] = field(default_factory=dict)

    def _matching(self, where: str, *, deleted: bool) -> list[dict[str, Any]]:
        rows = [row for row in self.accounts.values() if deleted or not row.get("IsDeleted")]
        if "IsDeleted = true" in where:
            rows = [row for row in rows if row.get("IsDeleted")]
        wanted = [(name, TEXT.findall(texts)) for name, texts in IN_CLAUSE.findall(where)]
        wanted += [(name, [text]) for name, text in EQUALS.findall(where)]
        for name, texts in wanted:
            values = {re.sub(r"\\(.)", r"\1", text) for text in texts}
            values = {long_id(value) or value for value in values} if name == "Id" else values
            rows = [row for row in rows if row.get(name) in values]
        return rows

    def _collection(self, asked: Asked, place: str) -> Said:
        body = asked.json()
        if len(body["records"]) > MOST:
            return as_json([{"message": "record limit reached", "errorCode": "EXCEEDED_ID_LIMIT"}], 400)
        key = place.partition("/")[2]
        return as_json([self._write(row, key) for row in body["records"]])

    def _write(self, row: dict[str, Any], key: str) -> dict[str, Any]:
        """One record of a collection: an update by id, or an upsert by an external id."""
        fields = {name: value for name, value in row.items() if name not in ("attributes", "id")}
        if not key:
            account = self.accounts.get(long_id(str(row.get("id"))) or "")
            if account is None or account.get("IsDeleted"):
                return failure("ENTITY_IS_DELETED", "entity is deleted")
            return self._update(account, fields)
        if "id" in row or "Id" in row:
            return failure("INVALID_FIELD", "id is not allowed in an upsert by an external id")
        found = [a for a in self.accounts.values() if a.get(key) == row.get(key) and not a.get("IsDeleted")]
        if len(found) > 1:
            return failure("DUPLICATE_EXTERNAL_ID", f"{key}: more than one record found")
        if found:
            return self._update(found[0], fields)
        self.log.append((made := self._insert(fields), fields))
        return {"id": made, "success": True, "errors": [], "created": True}

    def _update(self, account: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
        wrong = [name for name in fields if name not in NAMES or name in READ_ONLY]
        if wrong:
            return failure("INVALID_FIELD_FOR_INSERT_UPDATE", "Unable to create/update fields", *wrong)
        taken = [a for a in self.accounts.values() if a["Id"] != account["Id"] and not a.get("IsDeleted")]
        if self.unique and any(a.get("MDM_Id__c") == fields.get("MDM_Id__c", "") for a in taken):
            return failure("DUPLICATE_VALUE", "duplicate value found: MDM_Id__c", "MDM_Id__c")
        if account["Name"].startswith("Twin"):
            return failure("DUPLICATES_DETECTED", "You're creating a duplicate record. We recommend you use another.")
        if account["Name"].startswith("Locked"):
            return failure("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record")
        if fields.get("MDM_Id__c") == "POISON":
            return failure("FIELD_CUSTOM_VALIDATION_EXCEPTION", "This is no master id", "MDM_Id__c")
        self.log.append((account["Id"], fields))
        kept = {name: value for name, value in fields.items() if name not in self.ignored}
        account.update({**kept, "SystemModstamp": self._now()})
        return {"id": account["Id"], "success": True, "errors": [], "created": False}

    def _single(self, asked: Asked, place: list[str]) -> Said:
        """A record by its id, or by an external id: what simple-salesforce calls get, update, upsert and create."""
        if asked.method == "GET":
            return as_json({**self.accounts[long_id(place[0]) or ""], "attributes": {"type": "Account"}})
        by_key = len(place) == 2
        key, value = (place[0], place[1]) if by_key else ("Id", long_id(place[0]))
        found = [a for a in self.accounts.values() if a.get(key) == value and not a.get("IsDeleted")]
        if len(found) > 1:
            return as_json([f"{API}/sobjects/Account/{a['Id']}" for a in found], 300)
        row = asked.json() | ({key: value} if by_key else {"id": value})
        said = self._write(row, key if by_key else "")
        if not said["success"]:
            first = said["errors"][0]
            return as_json([{"message": first["message"], "errorCode": first["statusCode"]}], 400)
        return as_json(said, 201 if said["created"] else 200) if by_key else Said(204)

    def _insert(self, values: dict[str, Any]) -> str:
        made = long_id(f"001A0000{next(self.numbers):07d}")
        assert made is not None
        self.accounts[made] = {"Id": made, "SystemModstamp": self._now(), "IsDeleted": False, **values}
        return made

    def _row(self, account: str) -> dict[str, Any]:
        return self.accounts[long_id(account) or ""]

    def _now(self) -> str:
        return f"2026-01-01T00:00:{next(self.numbers):06d}.000+0000"


def failure(code: str, message: str, *fields: str) -> dict[str, Any]:
    return {"success": False, "errors": [{"statusCode": code, "message": message, "fields": list(fields)}]}


def _as_csv(rows: list[dict[str, Any]]) -> bytes:
    text = io.StringIO(newline="")
    if rows:
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return text.getvalue().encode()


@contextmanager
def serving_salesforce() -> Iterator[Salesforce]:
    """Over plain HTTP on this computer, for a server that fails on purpose to stand in between."""
    salesforce = Salesforce()
    with serving_app(salesforce.answer) as url:
        salesforce.url = url
        yield salesforce


@contextmanager
def serving_salesforce_over_tls(folder: Path) -> Iterator[Salesforce]:
    """As the real one is reached; `certificate` is the file of the authority to trust."""
    salesforce, tls = Salesforce(), certified(folder)
    salesforce.certificate = str(tls.authority)
    with serving_app(salesforce.answer, tls.context) as url:
        salesforce.url = url
        yield salesforce
