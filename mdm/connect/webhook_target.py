"""A signed webhook as a target: each change is posted to an address, at least once, until it is answered with yes.

Signed as standardwebhooks.com says, so that a receiver can check it with a library. An address cannot be read back: its
yes is all there is, so a change is confirmed by it alone, and may come again after a failure. It has an id and a
version of its record, by which the receiver takes it once and never after a newer one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from mdm.connect.http_exchange import AskedToWait, Exchange, Reply, refuse_trouble
from mdm.connect.target import Answer, Seen, Values, Write
from mdm.errors import SettingsInvalid, SystemRefused
from mdm.rulebook.connector import WebhookTarget as WebhookTargetRules
from mdm.settings import Secret

MOST: Final = 100
LONGEST: Final = 240.0
"""Seconds for changes that are posted one by one: well within the lease of their letters."""

PREFIX: Final = "whsec_"
SHORTEST: Final = 24
"""Bytes of a key: fewer could be guessed."""

KINDS_REFUSED: Final = frozenset({400, 404, 405, 413, 415, 422})
"""The address was reached and refuses what was posted, so it may be one change that it cannot bear."""


class WebhookTarget:
    """An address that is told the changes of one system."""

    most = MOST

    def __init__(self, rules: WebhookTargetRules, secret: Secret, system: str, fields: Sequence[str]) -> None:
        self._rules, self._system, self._fields = rules, system, list(fields)
        self._key = _key_of(secret)
        self._exchange = Exchange(rules.timeout)
        self._taken: dict[str, Values] = {}

    def check(self) -> str:
        return f"webhook {self._rules.url}"

    def read(self, records: Sequence[str]) -> Mapping[str, Seen]:
        """What was answered with yes since this was opened; of all else nothing is known."""
        nothing: Values = dict.fromkeys(self._fields)
        return {record: Seen(self._taken.get(record, nothing)) for record in records}

    def write(self, writes: Sequence[Write]) -> Mapping[str, Answer]:
        """All in one call; where it is refused, each alone, so that one bad change stops no other."""
        answer = self._post(writes)
        if answer.kind != "refused" or len(writes) == 1:
            return {write.order.record: answer for write in writes}
        answers: dict[str, Answer] = {}
        end = time.monotonic() + LONGEST
        for write in writes:
            if time.monotonic() < end:  # what is left has no answer, and is posted again
                answers[write.order.record] = self._post([write])
        return answers

    def _post(self, writes: Sequence[Write]) -> Answer:
        changes = [self._change(write) for write in writes]
        said = {"type": "crosswalk.changed", "system": self._system, "changes": changes}
        body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        name = "msg_" + hashlib.sha256(json.dumps([change["id"] for change in changes]).encode()).hexdigest()[:32]
        reply = self._exchange.send("POST", self._rules.url, self._signed(name, body), body)
        try:
            return self._answer(writes, reply)
        except AskedToWait as later:
            return Answer("later", later.what, later.wait)

    def _answer(self, writes: Sequence[Write], reply: Reply) -> Answer:
        if reply.status in KINDS_REFUSED:
            return Answer("refused", f"It answers {reply.status}.")
        refuse_trouble(reply, self._rules.url)
        if reply.headers.get("content-type", "").startswith("text/html"):
            raise SystemRefused(f"{self._rules.url} answers with a page.", "Check the address; is there a login?")
        self._taken |= {write.order.record: {**write.seen.values, **write.order.fields} for write in writes}
        return Answer("done")

    def _change(self, write: Write) -> dict[str, Any]:
        order = write.order
        name = f"{self._system}:{order.record}:{order.version}"
        fields = {field: order.fields[field] for field in self._fields if field in order.fields}
        return {"id": name, "key": order.record, "version": order.version, "fields": fields}

    def _signed(self, name: str, body: bytes) -> dict[str, str]:
        moment = str(int(time.time()))
        digest = hmac.digest(self._key, f"{name}.{moment}.".encode() + body, "sha256")
        return {
            "Content-Type": "application/json",
            "webhook-id": name,
            "webhook-timestamp": moment,
            "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
        }


def _key_of(secret: Secret) -> bytes:
    text = secret.reveal()
    try:
        key = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not text.startswith(PREFIX) or len(key) < SHORTEST:
        raise SettingsInvalid(
            "The secret of a webhook cannot be used.",
            f"It is {PREFIX} and {SHORTEST} random bytes or more in base64, such as: "
            f'echo "{PREFIX}$(openssl rand -base64 32)"',
        )
    return key
