"""The declared schema of every frame the store takes or gives that is no table of the stages."""

from __future__ import annotations

from typing import Final

import polars as pl

from mdm.records import CROSSWALK, MAPPED, QUARANTINE, TableSchema

TEXT: Final = pl.String()
NUMBER: Final = pl.Int64()

RECORD_HASHES: Final[TableSchema] = {"system": TEXT, "key": TEXT, "row_hash": TEXT}

STORED_RECORDS: Final[TableSchema] = {**RECORD_HASHES, "body": TEXT}
"""Source records as kept: `body` is the compact JSON of their mapped values (see `record_rows`)."""

CROSSWALK_SINCE: Final[TableSchema] = {**CROSSWALK, "since": TEXT}
"""The crosswalk with the time at which each record got its master id."""

BODY_COLUMNS: Final = tuple(name for name in MAPPED if name not in RECORD_HASHES)

STORED_GOLDEN: Final[TableSchema] = {
    "master_id": TEXT,
    "name": TEXT,
    "name_search": TEXT,
    "kind": TEXT,
    "country": TEXT,
    "city": TEXT,
    "records": pl.Int32(),
    "systems": pl.List(TEXT),
    "row_hash": TEXT,
    "body": TEXT,
    "provenance": TEXT,
}
"""Golden records as kept (see `golden_rows`); `row_hash` covers all other columns."""

GOLDEN_HASHES: Final[TableSchema] = {"master_id": TEXT, "row_hash": TEXT}

STORED_LINKS: Final[TableSchema] = {
    "system_l": TEXT,
    "key_l": TEXT,
    "system_r": TEXT,
    "key_r": TEXT,
    "weight": NUMBER,
    "probability": pl.Float64(),
    "band": TEXT,
    "veto": pl.Boolean(),
    "levels": pl.List(pl.Int8()),
}
"""LINKS by record key instead of rid, smaller key on the left (see `link_rows`); bands auto and review only."""

DECISIONS: Final[TableSchema] = {
    "id": NUMBER,
    "kind": TEXT,
    "system_l": TEXT,
    "key_l": TEXT,
    "system_r": TEXT,
    "key_r": TEXT,
    "author": TEXT,
    "at": TEXT,
    "reason": TEXT,
    "supersedes": NUMBER,
    "deed": NUMBER,
    "stands": pl.Boolean(),
}
"""Stewards' decisions, oldest first; `stands` is false for one that a later decision replaced. `deed` is the number of
the merge, split, ... that left it, null where a steward spoke of the pair itself."""

PINS: Final[TableSchema] = {
    "id": NUMBER,
    "system": TEXT,
    "key": TEXT,
    "master_id": TEXT,
    "author": TEXT,
    "at": TEXT,
}
"""Records that keep a master id, by record."""

OVERRIDES: Final[TableSchema] = {
    "id": NUMBER,
    "master_id": TEXT,
    "attribute": TEXT,
    "value": TEXT,
    "was": TEXT,
    "author": TEXT,
    "at": TEXT,
}
"""Golden values that stewards set, by customer and attribute."""

DEEDS: Final[TableSchema] = {
    "id": NUMBER,
    "rev": NUMBER,
    "kind": TEXT,
    "author": TEXT,
    "at": TEXT,
    "reason": TEXT,
    "master_id": TEXT,
    "other_id": TEXT,
    "undoes": NUMBER,
    "undone_by": NUMBER,
}
"""The journal, oldest first: a merge put `other_id` into `master_id`, the others took records from there to it."""

EVIDENCE: Final[TableSchema] = {
    "id": NUMBER,
    "kind": TEXT,
    "system_l": TEXT,
    "key_l": TEXT,
    "system_r": TEXT,
    "key_r": TEXT,
    "evidence": TEXT,
    "seen": TEXT,
}
"""What standing decisions were made on: a fingerprint of the compared values, and these values as JSON."""

INPUT_FILES: Final[TableSchema] = {
    "system": TEXT,
    "path": TEXT,
    "sha256": TEXT,
    "size": NUMBER,
    "rows_in": NUMBER,
    "loaded": NUMBER,
    "unchanged": NUMBER,
    "quarantined": NUMBER,
}
"""The files of one run, with its counts: rows_in = loaded + unchanged + quarantined."""

STORED_QUARANTINE: Final[TableSchema] = {"row_hash": TEXT, **QUARANTINE}

GOLDEN_PAGE: Final[TableSchema] = {
    "master_id": TEXT,
    "name": TEXT,
    "kind": TEXT,
    "country": TEXT,
    "city": TEXT,
    "records": pl.Int32(),
    "systems": pl.List(TEXT),
}
"""One line for each customer in the desk's list."""

STORED_QUESTIONS: Final[TableSchema] = {
    **STORED_LINKS,
    "master_id_l": TEXT,
    "master_id_r": TEXT,
    "country_l": TEXT,
    "country_r": TEXT,
    "records": NUMBER,
    "value": NUMBER,
    "asked_at": TEXT,
}
"""What a scan asks a person: a link between two customers, whose its records are, how many records both customers have
together, what both are worth, and when it was first asked."""
