"""A Tryton server, version 8, as a target: one identifier of each party has the master id, and nothing else changes."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from mdm.connect.http_exchange import AskedToWait, LoginLost
from mdm.connect.json_rpc import JsonRpc
from mdm.connect.target import Answer, Seen, Write
from mdm.errors import SystemRefused
from mdm.rulebook.connector import TrytonTarget as TrytonTargetRules
from mdm.settings import Secret

MOST: Final = 200
"""Parties of one call: 200 take a second, 5,000 more than two minutes."""

LONGEST: Final = 240.0
"""Seconds for a batch whose parties are written one by one: well within the lease of their letters."""

EVERY: Final = ["active", "in", [True, False]]
"""Tryton leaves inactive records out unless it is asked for them."""

WHERE_REFUSED: Final = "Check the modules that are activated there, and the rights of the user."


class TrytonTarget:
    """The parties of one database by their id. `field` is the name under which the rules speak of the master id.

    A party has at most one active identifier that begins with the prefix: looked for before it is created, and read
    back afterwards, because Tryton itself lets there be several.
    """

    most = MOST

    def __init__(self, rules: TrytonTargetRules, password: Secret, field: str) -> None:
        self._rules, self._password, self._field = rules, password, field
        self._rpc = JsonRpc(f"{rules.url}/{rules.database}/rpc/", rules.timeout)
        self._headers: dict[str, str] = {}
        self._identifiers: dict[str, tuple[int, str]] = {}
        """Of each record that was read, the id and the timestamp of its identifier."""

    def check(self) -> str:
        access = self._ask("model.ir.model.access.get_access", ["party.party", "party.identifier"], {})
        rights = access.get("party.identifier", {})
        if not (rights.get("create") and rights.get("write") and access.get("party.party", {}).get("read")):
            raise SystemRefused(
                f"User {self._rules.user} of {self._rules.url} may not write identifiers of parties.", WHERE_REFUSED
            )
        self._ask("model.party.identifier.fields_get", ["party", "type", "code", "active"], {})
        return f"Tryton, database {self._rules.database} of {self._rules.url}"

    def read(self, records: Sequence[str]) -> Mapping[str, Seen]:
        ids = sorted({int(record) for record in records if record.isascii() and record.isdigit()})
        parties = self._search("party.party", [["id", "in", ids], EVERY], ["active", "replaced_by", "_timestamp"])
        code = ["code", "like", f"{self._rules.prefix}%"]
        found = self._search("party.identifier", [["party", "in", ids], code], ["party", "code", "_timestamp"])
        by_party: dict[int, list[dict[str, Any]]] = {}
        for row in found:
            if str(row["code"]).startswith(self._rules.prefix):  # an underscore of the prefix matches any sign
                by_party.setdefault(int(row["party"]), []).append(row)
        asked = {int(record): record for record in records if record.isascii() and record.isdigit()}
        return {asked[row["id"]]: self._seen(asked[row["id"]], row, by_party.get(row["id"], [])) for row in parties}

    def write(self, writes: Sequence[Write]) -> Mapping[str, Answer]:
        """New identifiers in one call, which Tryton takes as a whole or not at all; those it refuses, one by one."""
        new = [write for write in writes if write.order.record not in self._identifiers]
        alone = [[write] for write in writes if write.order.record in self._identifiers]
        answers: dict[str, Answer] = {}
        if new:
            answer = self._tell(new)
            if answer.kind == "refused" and len(new) > 1:
                alone = [[write] for write in new] + alone
            else:
                answers = {write.order.record: answer for write in new}
        end = time.monotonic() + LONGEST
        for (write,) in alone:
            if time.monotonic() < end:  # what is left has no answer, and is read back
                answers[write.order.record] = self._tell([write])
        return answers

    def _tell(self, writes: Sequence[Write]) -> Answer:
        """One call: change the identifier of one party, or create one each for several."""
        known = self._identifiers.get(writes[0].order.record)
        codes = [f"{self._rules.prefix}{write.order.fields[self._field]}" for write in writes]
        try:
            if known is not None:
                number, timestamp = known
                context = {"_timestamp": {f"party.identifier,{number}": timestamp}}
                said = self._call("model.party.identifier.write", [[number], {"code": codes[0]}, context])
            else:
                parties = [int(write.order.record) for write in writes]
                rows = [{"party": p, "type": None, "code": code} for p, code in zip(parties, codes, strict=True)]
                said = self._call("model.party.identifier.create", [rows, {}])
        except AskedToWait as later:
            return Answer("later", later.what, later.wait)
        return _answer_of(said)

    def _seen(self, record: str, party: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> Seen:
        codes = [str(row["code"]).removeprefix(self._rules.prefix) for row in found]
        self._identifiers.pop(record, None)
        if found:
            self._identifiers[record] = (int(found[0]["id"]), str(found[0]["_timestamp"]))
        problem = ""
        if party["replaced_by"]:
            problem = f"Party {record} was merged into party {party['replaced_by']}."
        elif not party["active"]:
            problem = f"Party {record} is not active."
        elif len(found) > 1:
            problem = f"Party {record} has {len(found)} identifiers of ours: {', '.join(sorted(codes))}."
        return Seen({self._field: codes[0] if codes else None}, str(party["_timestamp"]), problem)

    def _search(self, model: str, domain: list[Any], fields: list[str]) -> list[dict[str, Any]]:
        found = self._ask(f"model.{model}.search_read", domain, 0, None, [["id", "ASC"]], fields, {})
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            raise SystemRefused(f"{self._rules.url} answers a search of {model} with no rows.", WHERE_REFUSED)
        return found

    def _ask(self, method: str, *params: Any) -> Any:  # noqa: ANN401 - whatever the method gives
        said = self._call(method, params)
        if "error" in said:
            raise SystemRefused(f"{self._rules.url} refuses {method}: {_told(said['error'])}", WHERE_REFUSED)
        return said["result"]

    def _call(self, method: str, params: Sequence[Any]) -> dict[str, Any]:
        """A call within a session; one that has ended is begun anew, once."""
        if not self._headers:
            self._log_in()
        try:
            return self._rpc.call(method, params, self._headers)
        except LoginLost:
            self._log_in()
            return self._rpc.call(method, params, self._headers)

    def _log_in(self) -> None:
        user = self._rules.user
        said = self._rpc.call("common.db.login", [user, {"password": self._password.reveal()}], {})
        result = said.get("result")
        if not isinstance(result, list) or len(result) < 2 or not result[1]:
            raise LoginLost(f"{self._rules.url} does not accept the login of {user}.", "Check user and password.")
        session = base64.b64encode(f"{user}:{result[0]}:{result[1]}".encode()).decode()
        self._headers = {"Authorization": f"Session {session}"}


def _answer_of(said: Mapping[str, Any]) -> Answer:
    """What Tryton says with status 200, whether it did it or not. A warning is a person's to accept, never ours."""
    error = said.get("error")
    if error is None:
        return Answer("done")
    kind = error[0] if isinstance(error, list) and error else ""
    if kind == "UserWarning":
        return Answer("asks", _told(error))
    return Answer("moved" if kind == "ConcurrencyException" else "refused", _told(error))


def _told(error: object) -> str:
    """The words of an error: its kind, and what it says to a person, if anything."""
    parts = list(error) if isinstance(error, list) else [error]
    if len(parts) > 1 and isinstance(parts[1], list):
        parts[1:] = parts[1][:1]
    return ": ".join(str(part) for part in parts if part)[:500]
