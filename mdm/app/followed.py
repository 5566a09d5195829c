"""What a system says of its own records: which count as deleted, and which were merged into another one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from mdm.app.decided import PAIR, Record
from mdm.records import MAPPED, MULTI_ROLES, TableSchema, conform, empty
from mdm.rulebook import SourceRules
from mdm.sources import Landed, named_columns, read_columns

MERGED: Final[TableSchema] = {"system": pl.String(), "key": pl.String(), "into": pl.String()}
"""Records that their system merged into another one of its own, which lives."""

KEY_JOINER: Final = "|"
"""What stands between the columns of a key."""

LISTED_KEY: Final = r"[^\s;,|\[\]\"]+"
"""A key in a list of keys, whatever stands between them."""


@dataclass(frozen=True, slots=True)
class Followed:
    """MAPPED without the deleted records, and MERGED.

    A record that was merged away stays, without values: its key belongs to the customer of the record that it went
    into, and nothing it said counts any more.
    """

    mapped: pl.DataFrame
    merged: pl.DataFrame


def follow(mapped: pl.DataFrame, landed: Landed, source: SourceRules) -> Followed:
    """Leave out what the system says is deleted, and follow its merges to the records that live."""
    if not (source.deleted or source.merged_into or source.merged_from):
        return Followed(mapped, empty(MERGED))
    led = {key: into for key, into in _led(landed, source) if key != into}
    gone = pl.concat([_deleted(landed, source), pl.Series("key", list(led), dtype=pl.String)])
    living = mapped.filter(~pl.col("key").is_in(gone.implode()))
    ends = _ends(led, frozenset(living["key"]))
    merged = pl.DataFrame(
        {"key": list(ends), "into": list(ends.values())}, schema={n: pl.String() for n in ("key", "into")}
    )
    merged = conform(merged.with_columns(system=pl.lit(landed.system)), MERGED, "merged records")
    return Followed(pl.concat([living, _without_values(merged, mapped)]), merged)


def _led(landed: Landed, source: SourceRules) -> Iterator[Record]:
    """Each record that was merged away, with the record it went into: what it says itself, and what the other says."""
    if source.merged_from:
        told = read_columns(landed, [source.merged_from]).select("key", said=pl.col(source.merged_from))
        listed = told.with_columns(pl.col("said").str.extract_all(LISTED_KEY)).explode("said").drop_nulls("said")
        yield from listed.select("said", "key").iter_rows()
    if source.merged_into:
        columns = named_columns(source.merged_into, landed.columns)
        frame = read_columns(landed, columns)
        parts = [frame[column].str.strip_chars().replace("", None).alias(f"{at}") for at, column in enumerate(columns)]
        into = pl.DataFrame(parts).select(pl.concat_str(pl.all(), separator=KEY_JOINER)).to_series()
        yield from pl.DataFrame({"key": frame["key"], "into": into}).drop_nulls("into").iter_rows()


def _deleted(landed: Landed, source: SourceRules) -> pl.Series:
    """The keys of the records of which one of the columns says that they are deleted."""
    frame = read_columns(landed, list(source.deleted))
    is_deleted = pl.repeat(value=False, n=frame.height, eager=True)
    for column, texts in source.deleted.items():
        is_deleted |= frame[column].fill_null("").str.strip_chars().is_in(list(texts))
    return frame["key"].filter(is_deleted)


def _ends(led: Mapping[str, str], living: frozenset[str]) -> dict[str, str]:
    """Each merged record with the living one at the end of its way; without one it is gone like a deleted record."""
    ends = {}
    for key in sorted(led):
        seen, at = {key}, led[key]
        while at in led and at not in seen:
            seen.add(at)
            at = led[at]
        if at in living:
            ends[key] = at
    return ends


def _without_values(merged: pl.DataFrame, mapped: pl.DataFrame) -> pl.DataFrame:
    """MAPPED rows with a key alone. One that is not in the system any more has a hash of what is known of it."""
    known = merged.join(mapped.select("key", "row_hash"), on="key", how="left", maintain_order="left")
    told = [hashlib.sha256(f"{key} merged".encode()).hexdigest() for key in merged["key"]]
    blank = known.select(
        "system",
        "key",
        pl.col("row_hash").fill_null(pl.Series(told, dtype=pl.String)),
        *(
            pl.lit(pl.Series([[]], dtype=pl.List(pl.String))).first().alias(name)
            if name in MULTI_ROLES
            else pl.lit(None, dtype=pl.String).alias(name)
            for name in MAPPED
            if name not in {"system", "key", "row_hash"}
        ),
    )
    return conform(blank, MAPPED, "merged records")


def merges_to_follow(
    merged: pl.DataFrame, must: pl.DataFrame, cannot: pl.DataFrame, pins: pl.DataFrame
) -> pl.DataFrame:
    """The merges as same decisions without a number, but for those that would outvote a steward.

    Where a do-not-match stands between records that merges would put together, or pins to two ids, no merge of theirs
    is followed.
    """
    pairs = merged.select(
        system_l="system", key_l="key", system_r="system", key_r="into", decision_id=pl.lit(None, dtype=pl.String)
    )
    said = cannot.drop_nulls("decision_id").select(PAIR)
    if pairs.is_empty() or (said.is_empty() and pins.is_empty()):
        return pairs
    group: dict[Record, set[Record]] = {}
    for one, other in _records(pl.concat([must.select(PAIR), pairs.select(PAIR)])):
        together = group.setdefault(one, {one}) | group.setdefault(other, {other})
        group.update(dict.fromkeys(together, together))
    outvoted = {record for one, other in _records(said) for record in group.get(one, ()) if other in group[one]}
    pinned = {(system, key): to for system, key, to in pins.select("system", "key", "master_id").iter_rows()}
    parted = {record for record, others in group.items() if len({pinned[o] for o in others if o in pinned}) > 1}
    outvoted |= parted
    kept = [one not in outvoted for one, _ in _records(pairs.select(PAIR))]
    return pairs.filter(pl.Series(kept, dtype=pl.Boolean))


def _records(pairs: pl.DataFrame) -> Iterator[tuple[Record, Record]]:
    for system_l, key_l, system_r, key_r in pairs.iter_rows():
        yield (system_l, key_l), (system_r, key_r)
