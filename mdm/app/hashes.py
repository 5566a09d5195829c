"""Hashes by which two runs are compared: of input and result. Equal content gives equal hashes, in any order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

import polars as pl

CHUNK: Final = 50_000


def hash_table(frame: pl.DataFrame, *, key: list[str]) -> str:
    """SHA-256 of the rows as JSON, sorted by the key, which must tell rows apart. Floats are not welcome here."""
    digest = hashlib.sha256(json.dumps(frame.columns).encode())
    ordered = frame.sort(key)
    for part in ordered.iter_slices(CHUNK):
        lines = part.select(pl.struct(pl.all()).struct.json_encode()).to_series()
        digest.update("\n".join(lines).encode())
        digest.update(b"\n")
    return digest.hexdigest()


def hash_parts(parts: Mapping[str, Any]) -> str:
    """SHA-256 of plain values as canonical JSON."""
    canonical = json.dumps(parts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
