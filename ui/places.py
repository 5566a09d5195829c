"""Addresses of the desk's pages, and what is read out of them; anybody can write one, so nothing in it is trusted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from mdm.records import RecordKey, SystemName

PAGES: Final = {
    "overview": "screens/overview.py",
    "customers": "screens/customers.py",
    "review": "screens/review.py",
    "runs": "screens/runs.py",
    "rules": "screens/rules.py",
    "publish": "screens/publish.py",
    "customer": "screens/customer.py",
    "pair": "screens/pair.py",
    "admin": "screens/admin.py",
    "account": "screens/account.py",
    "bulk": "screens/bulk.py",
    "cohort": "screens/cohort.py",
    "proposals": "screens/proposals.py",
}
"""The script of each page by the last part of its address."""


def to_customer(master_id: str) -> str:
    return "customer?" + urlencode({"id": master_id})


def to_run(revision: int) -> str:
    """The log of scans, with one of them in full."""
    return "runs?" + urlencode({"revision": revision})


def to_target(system: str) -> str:
    """What a system is told."""
    return "publish?" + urlencode({"system": system})


def to_link(master_id: str, left: RecordKey, right: RecordKey) -> str:
    """A customer, with one of its links chosen."""
    return "customer?" + urlencode({"id": master_id, "left": str(left), "right": str(right)})


def to_pair(left: RecordKey, right: RecordKey, queue: Mapping[str, str]) -> str:
    """A pair, in the queue of those that fit (`ui.narrowing.written`)."""
    return "pair?" + urlencode({"left": str(left), "right": str(right), **queue})


def to_queue(address: Mapping[str, str]) -> str:
    """The queue with the choices of a saved view."""
    return "review?" + urlencode(dict(address)) if address else "review"


def to_cohort(number: int) -> str:
    """A cohort of alike pairs."""
    return "cohort?" + urlencode({"id": number})


def record_key(text: str) -> RecordKey | None:
    """`system:key` as a record key; None for anything else."""
    system, colon, key = text.partition(":")
    return RecordKey(SystemName(system), key) if system and colon and key else None


def written(place: tuple[Any, ...] | None) -> str:
    """A place in a list as it stands in an address; empty for the beginning."""
    return "" if place is None else json.dumps(place, ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> tuple[Any, ...] | None:
    """What `written` wrote; None for anything else, which is the beginning."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return tuple(found) if isinstance(found, list) else None
