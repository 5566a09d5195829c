"""Salesforce as a target: a custom field of each account has the master id, in collections or jobs, each on its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mdm.connect.http_exchange import AskedToWait
from mdm.connect.salesforce import SalesforceRest, soql_text
from mdm.connect.salesforce_bulk import MOST as MOST_IN_A_JOB
from mdm.connect.salesforce_bulk import BulkLoad, answer_of, is_writable, refuse
from mdm.connect.salesforce_ids import long_id
from mdm.connect.target import Answer, Seen, Write
from mdm.errors import SystemRefused
from mdm.rulebook.connector import SalesforceTarget as SalesforceTargetRules
from mdm.settings import Secret

MOST: Final = 200
"""Records of one collection; Salesforce takes no more."""

STAMP: Final = "SystemModstamp"
LONGEST_ID: Final = 11
"""Characters of a master id."""

ASKS: Final = frozenset({"DUPLICATES_DETECTED", "DUPLICATE_VALUE", "DUPLICATE_EXTERNAL_ID"})
"""A person must settle which record is meant; no rule of theirs is overridden in anybody's place."""

WAITS: Final = frozenset({"UNABLE_TO_LOCK_ROW", "REQUEST_LIMIT_EXCEEDED", "SERVER_UNAVAILABLE", "JOB_ABORTED"})
TEXTS: Final = frozenset({"string", "textarea", "url", "phone", "email", "picklist", "combobox"})
WHERE_REFUSED: Final = "Correct rules/publish.yaml, or the field's security there."


class SalesforceTarget:
    """Records of one object by their id, or by an external id field that holds the record key.

    By id a record is changed and never created. By an external id Salesforce would create what it does not find: it is
    looked for right before, and one that was created all the same is a conflict.
    """

    def __init__(self, rules: SalesforceTargetRules, secret: Secret, fields: Sequence[str]) -> None:
        self._rules, self._fields = rules, list(fields)
        self._rest = SalesforceRest(rules.url, rules.version, (rules.client_id, secret), rules.timeout)
        self._bulk = BulkLoad(self._rest, rules.object, rules.key) if rules.bulk else None
        self._made: dict[str, str] = {}
        """Of records that did not exist, the id of the one that was created in their place."""

    @property
    def most(self) -> int:
        return MOST_IN_A_JOB if self._bulk else MOST

    @property
    def _by_id(self) -> bool:
        return self._rules.key == "Id"

    def check(self) -> str:
        described = self._rest.describe(self._rules.object)
        where = f"{self._rules.object} of {self._rules.url}"
        for place, name in enumerate(self._fields):
            known = described.get(name)
            if known is None:
                raise SystemRefused(f"{where} has no field {name} that this user sees.", WHERE_REFUSED)
            if not known.get("updateable"):
                raise SystemRefused(f"{name} of {where} may not be written.", WHERE_REFUSED)
            if place == 0 and (known.get("type") not in TEXTS or int(known.get("length") or 0) < LONGEST_ID):
                raise SystemRefused(f"{name} of {where} does not hold a master id.", "Make it a Text(40).")
        if not self._by_id and not described.get(self._rules.key, {}).get("externalId"):
            raise SystemRefused(f"{self._rules.key} of {where} is no external id.", WHERE_REFUSED)
        return where

    def read(self, records: Sequence[str]) -> Mapping[str, Seen]:
        return {
            r: seen
            for begin in range(0, len(records), MOST)
            for r, seen in self._read(records[begin : begin + MOST]).items()
        }

    def _read(self, records: Sequence[str]) -> Mapping[str, Seen]:
        asked = {key: record for record in records if (key := self._key(record)) is not None}
        if not asked:
            return {}
        shown = list(dict.fromkeys([self._rules.key, *self._fields, STAMP]))
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self._rest.query(shown, self._rules.object, self._among(asked)):
            if (key := self._key(str(row.get(self._rules.key, "")))) in asked:
                found.setdefault(str(key), []).append(row)
        seen = {asked[key]: self._seen(asked[key], rows) for key, rows in found.items()}
        missing = [key for key in asked if key not in found]
        return seen | self._merged({key: asked[key] for key in missing}) if missing and self._by_id else seen

    def write(self, writes: Sequence[Write]) -> Mapping[str, Answer]:
        if self._bulk is not None:
            return self._load(self._bulk, writes)
        place = "" if self._by_id else f"/{self._rules.object}/{self._rules.key}"
        try:
            said = self._rest.collect(place, [self._row(write) for write in writes])
        except AskedToWait as later:
            return {write.order.record: Answer("later", later.what, later.wait) for write in writes}
        return {w.order.record: self._answer(w.order.record, row) for w, row in zip(writes, said, strict=True)}

    def _load(self, bulk: BulkLoad, writes: Sequence[Write]) -> Mapping[str, Answer]:
        """All in one job; a record for which it has no answer is read back."""
        changed = {write.order.record: self._changed(write) for write in writes}
        sent = {self._key(record): record for record, fields in changed.items() if is_writable(fields)}
        rows = {key: changed[record] for key, record in sent.items() if key}
        answers = {record: refuse(record) for record, fields in changed.items() if not is_writable(fields)}
        try:
            said = bulk.write(rows) if rows else {}
        except AskedToWait as later:
            return answers | {record: Answer("later", later.what, later.wait) for record in sent.values()}
        for key, (made, created, error) in said.items():
            if key in sent:
                answers[sent[key]] = self._answer(sent[key], {"id": made, **answer_of(created, error)})
        return answers

    def _changed(self, write: Write) -> dict[str, str]:
        """The fields that say something else yet."""
        fields = {name: write.order.fields[name] for name in self._fields if name in write.order.fields}
        return {name: value for name, value in fields.items() if write.seen.values.get(name) != value}

    def _row(self, write: Write) -> dict[str, Any]:
        """The key, and what is changed."""
        changed = self._changed(write)
        key = {"id": self._key(write.order.record)} if self._by_id else {self._rules.key: write.order.record}
        return {"attributes": {"type": self._rules.object}, **key, **changed}

    def _answer(self, record: str, row: Mapping[str, Any]) -> Answer:
        if row.get("success") is True:
            if row.get("created") is True:
                self._made[record] = str(row.get("id"))
            return Answer("done")
        errors = row.get("errors")
        first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
        code = str(first.get("statusCode", ""))
        words = f"{code}: {first.get('message', 'no reason given')}"[:500]
        if code in ASKS:
            return Answer("asks", words)
        return Answer("later" if code in WAITS else "refused", words)

    def _seen(self, record: str, rows: Sequence[Mapping[str, Any]]) -> Seen:
        values = {name: _text(rows[0].get(name)) for name in self._fields}
        problem = ""
        if record in self._made:
            problem = f"No record had this key any more, so {self._made[record]} was created: delete it there."
        elif len(rows) > 1:
            problem = f"{len(rows)} records have this {self._rules.key}."
        return Seen(values, str(rows[0].get(STAMP) or ""), problem)

    def _merged(self, missing: Mapping[str, str]) -> dict[str, Seen]:
        """Records that were merged into others are told as such; those that are merely gone are not there."""
        gone = f"IsDeleted = true AND {self._among(missing)}"
        rows = self._rest.query(["Id", "MasterRecordId"], self._rules.object, gone, deleted=True)
        nothing: dict[str, str | None] = dict.fromkeys(self._fields)
        return {
            missing[key]: Seen(nothing, problem=f"It was merged into {row['MasterRecordId']} there.")
            for row in rows
            if row.get("MasterRecordId") and (key := str(self._key(str(row.get("Id"))))) in missing
        }

    def _among(self, keys: Mapping[str, str]) -> str:
        return f"{self._rules.key} IN ({','.join(soql_text(key) for key in keys)})"

    def _key(self, record: str) -> str | None:
        return long_id(record) if self._by_id else record


def _text(value: object) -> str | None:
    return None if value is None else str(value)
