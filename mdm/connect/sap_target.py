"""SAP S/4HANA as a target, through `API_BUSINESS_PARTNER`: an identification of each partner has the master id.

Further properties of a partner are written only where the rules allow them, on the state that was read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from mdm.connect.http_exchange import AskedToWait, Reply
from mdm.connect.odata_batch import Change
from mdm.connect.odata_metadata import Entity, Metadata
from mdm.connect.sap_service import SapService, key_of, literal, told
from mdm.connect.target import Answer, Seen, Values, Write
from mdm.errors import SystemRefused
from mdm.rulebook.connector import SapTarget as SapTargetRules
from mdm.settings import Secret

MOST: Final = 50
"""Partners of one question: its address stays below 4,000 characters."""

PARTNER: Final = "A_BusinessPartner"
IDENTIFICATION: Final = "A_BuPaIdentification"
KEY: Final = "BusinessPartner"
KIND: Final = "BPIdentificationType"
NUMBER: Final = "BPIdentificationNumber"
ARCHIVED: Final = "IsMarkedForArchiving"
DIGITS: Final = 10
LONGEST_ID: Final = 11
"""Characters of a master id."""

MOVED: Final = frozenset({404, 409, 412, 428})
"""What was read just before is no longer there, or no longer so."""

WAITS: Final = frozenset({429, 503})
WHERE_REFUSED: Final = "Correct rules/publish.yaml, or the rights of the user."


class SapTarget:
    """Business partners by their number. `field` is the name under which the rules speak of the master id.

    Where the rules name no type of identification, it is itself a property of the partner.
    """

    most = MOST

    def __init__(self, rules: SapTargetRules, password: Secret, field: str, allowed: Sequence[str]) -> None:
        self._rules, self._field = rules, field
        self._service = SapService(rules.url, (rules.user, password), rules.client, rules.timeout)
        self._properties = [*allowed] if rules.identification else [field, *allowed]
        self._marks: dict[str, str] = {}
        """Of each identification that was read, its state in the words of the system."""

    def check(self) -> str:
        for name in self._properties:
            self._refuse_unfit(name, LONGEST_ID if name == self._field else 1)
        if self._rules.identification:
            entity = self._known.entity(IDENTIFICATION)
            if NUMBER not in entity.properties or not entity.is_creatable:
                raise SystemRefused(f"{self._rules.url} lets nobody write {IDENTIFICATION}.", WHERE_REFUSED)
        return f"business partners of {self._rules.url}"

    def read(self, records: Sequence[str]) -> Mapping[str, Seen]:
        asked = {padded(record): record for record in records}
        named = " or ".join(f"{KEY} eq {literal(number)}" for number in asked)
        archived = [ARCHIVED] if ARCHIVED in self._partner.properties else []
        shown = ",".join([KEY, *self._properties, *archived])
        partners = list(self._service.read(PARTNER, {"$filter": named, "$select": shown, "$format": "json"}))
        found: dict[str, list[str]] = {}
        if self._rules.identification and partners:
            question = f"({named}) and {KIND} eq {literal(self._rules.identification)}"
            for row in self._service.read(IDENTIFICATION, {"$filter": question, "$format": "json"}):
                found.setdefault(padded(str(row[KEY])), []).append(str(row[NUMBER]))
                self._marks[self._path(str(row[KEY]), str(row[NUMBER]))] = _mark(row)
        numbers = {padded(str(row[KEY])): row for row in partners}
        return {asked[n]: self._seen(n, row, found.get(n, [])) for n, row in numbers.items() if n in asked}

    def write(self, writes: Sequence[Write]) -> Mapping[str, Answer]:
        """One call, in which each partner's changes take effect as a whole or not at all."""
        try:
            replies = self._service.change([self._changes(write) for write in writes])
        except AskedToWait as later:
            return {write.order.record: Answer("later", later.what, later.wait) for write in writes}
        return {write.order.record: _answer(said) for write, said in zip(writes, replies, strict=True)}

    @cached_property
    def _known(self) -> Metadata:
        return self._service.metadata()

    @property
    def _partner(self) -> Entity:
        return self._known.entity(PARTNER)

    def _refuse_unfit(self, name: str, shortest: int) -> None:
        entity = self._partner
        known = entity.properties.get(name)
        if known is None:
            raise SystemRefused(f"{PARTNER} of {self._rules.url} has no property {name}.", WHERE_REFUSED)
        if not (known.is_updatable and entity.is_updatable):
            raise SystemRefused(f"{name} of {PARTNER} of {self._rules.url} may not be written.", WHERE_REFUSED)
        if known.type != "Edm.String" or (known.length is not None and known.length < shortest):
            raise SystemRefused(f"{name} of {PARTNER} of {self._rules.url} does not hold a master id.", WHERE_REFUSED)

    def _seen(self, partner: str, row: Mapping[str, Any], numbers: Sequence[str]) -> Seen:
        values: dict[str, str | None] = {name: row.get(name) for name in self._properties}
        if self._rules.identification:
            values[self._field] = numbers[0] if numbers else None
        problem = ""
        if row.get(ARCHIVED):
            problem = f"Business partner {partner} is marked for archiving."
        elif len(numbers) > 1:
            kind = self._rules.identification
            problem = f"Business partner {partner} has {len(numbers)} {kind} numbers: {', '.join(sorted(numbers))}."
        return Seen(values, _mark(row), problem)

    def _changes(self, write: Write) -> list[Change]:
        partner = padded(write.order.record)
        new = {name: write.order.fields[name] for name in write.order.fields if name in self._properties}
        before = write.seen.values
        changed = {name: value for name, value in new.items() if before.get(name) != value}
        match = {"If-Match": write.seen.token} if write.seen.token else {}
        changes = [Change("PATCH", key_of(PARTNER, BusinessPartner=partner), changed, match)] if changed else []
        return [*changes, *self._identify(partner, before, write.order.fields)]

    def _identify(self, partner: str, before: Values, fields: Mapping[str, str]) -> Iterable[Change]:
        """The number is part of the key of an identification: to change it is to delete it and to write another."""
        kind, new = self._rules.identification, fields.get(self._field)
        if not kind or new is None or before.get(self._field) == new:
            return
        if old := before.get(self._field):
            path = self._path(partner, old)
            mark = self._marks.get(path, "")
            yield Change("DELETE", path, headers={"If-Match": mark} if mark else {})
        yield Change("POST", IDENTIFICATION, {KEY: partner, KIND: kind, NUMBER: new})

    def _path(self, partner: str, number: str) -> str:
        parts = {KEY: padded(partner), KIND: self._rules.identification or "", NUMBER: number}
        return key_of(IDENTIFICATION, **parts)


def padded(record: str) -> str:
    """The number of a partner with its leading zeros: without them SAP does not know it."""
    return record.zfill(DIGITS) if record.isascii() and record.isdigit() else record


def _mark(row: Mapping[str, Any]) -> str:
    about = row.get("__metadata")
    return str(about.get("etag") or "") if isinstance(about, dict) else ""


def _answer(replies: Sequence[Reply]) -> Answer:
    """What became of one partner's changes: the first answer that is no success speaks for all of them."""
    bad = next((reply for reply in replies if not reply.is_good), None)
    if bad is None:
        return Answer("done")
    if bad.status in MOVED:
        return Answer("moved", told(bad))
    if bad.status in WAITS:
        return Answer("later", told(bad), bad.wait)
    return Answer("silent" if bad.status >= 500 or not bad.status else "refused", told(bad))
