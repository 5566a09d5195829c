"""Calls over JSON-RPC: one answer for one call, of bounded size and within a bounded time; a refusal is no answer."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from mdm.connect.http_exchange import Exchange, refuse_trouble
from mdm.errors import SystemRefused

HEADERS: Final = {"Content-Type": "application/json"}


class JsonRpc:
    """One address to which calls are posted."""

    def __init__(self, url: str, timeout: float) -> None:
        self._url = url
        self._numbers = itertools.count(1)
        self._exchange = Exchange(timeout)

    def call(self, method: str, params: Sequence[Any], headers: Mapping[str, str]) -> dict[str, Any]:
        """The answer of one call, with its `result` or its `error`; where neither is there, that is no answer.

        Raises SystemSilent where the call may have taken effect, AskedToWait where it did not, LoginLost, and
        SystemRefused for all else that is no answer, such as a page.
        """
        body = json.dumps({"id": next(self._numbers), "method": method, "params": list(params)}).encode()
        reply = self._exchange.send("POST", self._url, {**HEADERS, **headers}, body)
        refuse_trouble(reply, self._url)
        said = reply.json() if reply.status == 200 else None
        if not isinstance(said, dict) or not {"result", "error"} & said.keys():
            raise SystemRefused(f"{self._url} answers with a page or what else is no answer.", "Check the address.")
        return said
