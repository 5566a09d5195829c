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
    "stands": pl.Boolean(),
}
"""Stewards' decisions, oldest first; `stands` is false for one that a later decision replaced."""

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

REVIEW_PAGE: Final[TableSchema] = {
    "system_l": TEXT,
    "key_l": TEXT,
    "name_l": TEXT,
    "master_id_l": TEXT,
    "system_r": TEXT,
    "key_r": TEXT,
    "name_r": TEXT,
    "master_id_r": TEXT,
    "weight": NUMBER,
    "probability": pl.Float64(),
    "veto": pl.Boolean(),
    "levels": pl.List(pl.Int8()),
}
"""One line for each link a person must look at: the two records as delivered, and whose they are now."""
