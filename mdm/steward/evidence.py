"""What a decision was made on: the compared values of both records, and what has changed of them since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

Values = Mapping[str, str]
"""What each comparison looked at in one record, by its title; empty where there was nothing."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The fingerprint of two records' compared values, and the values themselves with the rows they came from."""

    fingerprint: str
    seen: str


@dataclass(frozen=True, slots=True)
class Change:
    """A value that was another one when the decision was made."""

    side: int
    field: str
    old: str
    new: str


def evidence_of(values: tuple[Values, Values], rows: tuple[str, str]) -> Evidence:
    """The evidence of a pair; `rows` are the hashes of the two records as delivered.

    The fingerprint is the SHA-256 of the values alone, whatever the rows they came from.
    """
    filled = [{field: value for field, value in side.items() if value} for side in values]
    canonical = json.dumps(filled, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    fingerprint = hashlib.sha256(canonical.encode()).hexdigest()
    return Evidence(fingerprint, json.dumps({"rows": rows, "values": filled}, ensure_ascii=False, sort_keys=True))


def changes_since(seen: str, values: tuple[Values, Values]) -> tuple[Change, ...]:
    """What the two records say now and did not say then, left record first, fields in the order they are compared."""
    before = json.loads(seen)["values"]
    return tuple(
        Change(side, field, before[side].get(field, ""), now.get(field, ""))
        for side, now in enumerate(values)
        for field in dict.fromkeys((*now, *before[side]))
        if before[side].get(field, "") != now.get(field, "")
    )
