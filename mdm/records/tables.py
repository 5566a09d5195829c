"""The declared schema of every table that crosses a stage boundary.

Tables are Polars frames. A record's `rid` is its position in the STANDARD table, which is sorted by (system, key) in
code point order; so comparing two rids compares the two record keys, and every tie broken by rid is broken by data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from mdm.errors import SchemaMismatch
from mdm.records.roles import GOLDEN_ATTRIBUTES, MULTI_ROLES, SINGLE_ROLES

TableSchema = Mapping[str, pl.DataType]

TEXT: Final = pl.String()
TEXTS: Final = pl.List(pl.String())
RID: Final = pl.Int32()

LANDED: Final[TableSchema] = {"system": TEXT, "key": TEXT, "row_hash": TEXT, "record_number": pl.Int64()}
"""One row for each record that was read and not quarantined: unique by (system, key). `row_hash` is the SHA-256 (hex)
of all its original columns, whatever their order; `record_number` counts records in its file from 1."""

QUARANTINE: Final[TableSchema] = {
    "system": TEXT,
    "file": TEXT,
    "record_number": pl.Int64(),
    "key": TEXT,
    "column": TEXT,
    "reason": TEXT,
    "raw": TEXT,
}
"""One row for each record that was set aside: the file, which record, and why, in words. `raw` is the original text;
`key` the record's key as far as that text shows it, null where it does not."""

MAPPED: Final[TableSchema] = {
    "system": TEXT,
    "key": TEXT,
    "row_hash": TEXT,
    **dict.fromkeys(SINGLE_ROLES, TEXT),
    **dict.fromkeys(MULTI_ROLES, TEXTS),
}
"""A source record's values by role, as delivered (trimmed, blank = null, never cleaned). Lists hold no blanks."""

STANDARD: Final[TableSchema] = {
    "rid": RID,
    "system": TEXT,
    "key": TEXT,
    "row_hash": TEXT,
    "kind": TEXT,  # organisation | person
    "name": TEXT,  # folded: lower-case letters (Latin, or the native script of Asia) and digits; legal form kept
    "name_core": TEXT,  # the same without legal form, branch and care-of parts; never empty when name is not
    "name_tokens": TEXTS,  # the words of name_core, abbreviations expanded, in order
    "legal_form": TEXT,  # canonical code such as gmbh, ag, sa, ltd
    "other_names": TEXTS,  # cores of trade, former, legal and bracketed names, each different from name_core
    "given_name": TEXT,  # folded, persons only
    "family_name": TEXT,
    "birth_date": TEXT,  # ISO date
    "street": TEXT,  # folded, street words normalised, without the house number
    "house_number": TEXT,
    "postcode": TEXT,  # upper-case letters and digits only
    "city": TEXT,  # folded
    "region": TEXT,
    "country": TEXT,  # ISO 3166-1 alpha-2
    "phones": TEXTS,  # E.164 where the country is known, else national digits
    "emails": TEXTS,  # lower case
    "domains": TEXTS,  # registrable domains of website and e-mail, without free-mail and placeholder domains
    "identifiers": TEXTS,  # "scheme:VALUE", valid only: vat:DE136695976, lei:…, duns:…, iban:…, tax:DE:…, reg:DE:…,
    # tax:NL:bsn:… (a number for life, its checksum right), passport:…, licence:…
    "invalid_identifiers": TEXTS,  # the same form, for those whose checksum or pattern is wrong: no evidence
    "parent_key": TEXT,  # key of the parent in the same system
    "changed_at": TEXT,  # ISO date or time, UTC; null when missing, impossible or in the future
}
"""Match keys of every live record, beside the values it was delivered with. Placeholders are null everywhere."""

CANDIDATES: Final[TableSchema] = {"left": RID, "right": RID, "rules": pl.UInt32()}
"""Pairs worth comparing, left < right, each once; `rules` has one bit for each blocking rule that found the pair."""

LINKS: Final[TableSchema] = {
    "left": RID,
    "right": RID,
    "weight": pl.Int64(),  # match weight x 10^6, round half even
    "probability": pl.Float64(),
    "band": TEXT,  # auto | review | no
    "veto": pl.Boolean(),  # a negative rule demoted it from auto to review
    "levels": pl.List(pl.Int8()),  # the level of each comparison, in the model's order; -1 = missing
}
"""Scored pairs, left < right, each once."""

CLUSTERS: Final[TableSchema] = {"rid": RID, "cluster": RID}
"""Every live record once; a cluster is named by its smallest rid."""

CROSSWALK: Final[TableSchema] = {"system": TEXT, "key": TEXT, "master_id": TEXT}
"""Which customer each live record belongs to: every record once."""

MASTERS: Final[TableSchema] = {"master_id": TEXT, "sequence": pl.Int64(), "state": TEXT, "into": TEXT}
"""Every master id ever given out. state: active | merged | split | retired | erased; `into` is the active id that a
merged one leads to, and the one that took most records of a split one."""

LINEAGE: Final[TableSchema] = {"kind": TEXT, "from_id": TEXT, "to_id": TEXT, "system": TEXT, "key": TEXT}
"""What happened to ids, in order. kind: create | split | revive | merge | split_up | retire | redirect | move.

`split`: `to_id` was split off from `from_id`, which may go on; `split_up`: `from_id` is no more, most of its records
are in `to_id`; system and key for moves only."""

GOLDEN: Final[TableSchema] = {
    "master_id": TEXT,
    "kind": TEXT,
    **dict.fromkeys(GOLDEN_ATTRIBUTES, TEXT),
    "records": pl.Int32(),
    "systems": TEXTS,
}
"""One row for each active master id, sorted by it; null where no record has a value."""

PROVENANCE: Final[TableSchema] = {
    "master_id": TEXT,
    **{f"{a}{suffix}": t for a in GOLDEN_ATTRIBUTES for suffix, t in (("_rid", RID), ("_rule", TEXT))},
}
"""Beside GOLDEN, row for row: which record gave each value and by which survivorship rule; null where no value.
A value that a steward set has no record; its rule names the decision and its author."""

STEWARD_PAIRS: Final[TableSchema] = {
    "system_l": TEXT,
    "key_l": TEXT,
    "name_l": TEXT,
    "master_id_l": TEXT,
    "system_r": TEXT,
    "key_r": TEXT,
    "name_r": TEXT,
    "master_id_r": TEXT,
    "weight": pl.Float64(),
    "probability": pl.Float64(),
    "reason": TEXT,
}
"""Pairs a person must look at, heaviest first, ties by the two record keys."""

PUBLISH_CHANGES: Final[TableSchema] = {
    "target": TEXT,
    "key": TEXT,
    "master_id": TEXT,
    "field": TEXT,
    "old": TEXT,
    "new": TEXT,
}
"""What would be written back: one row for each field of each record of each target, sorted by target, key, field."""


def empty(schema: TableSchema) -> pl.DataFrame:
    """A table of that schema without rows."""
    return pl.DataFrame(schema=dict(schema))


def conform(frame: pl.DataFrame, schema: TableSchema, what: str) -> pl.DataFrame:
    """The frame with exactly the declared columns in their order, cast without loss; `what` names the table in errors.

    Raises SchemaMismatch for a missing column or a value that does not fit its type. Further columns are dropped.
    """
    missing = [name for name in schema if name not in frame.columns]
    if missing:
        raise SchemaMismatch(f"Table {what} lacks the columns {', '.join(missing)}.", "This is a fault of the tool.")
    try:
        return frame.select(pl.col(name).cast(dtype, strict=True) for name, dtype in schema.items())
    except pl.exceptions.PolarsError as error:
        raise SchemaMismatch(
            f"Table {what} does not fit its schema: {error}.", "This is a fault of the tool."
        ) from error
