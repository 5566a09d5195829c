"""The last read of a connected system: one all-text Parquet that is landed like any file, kept up to date by deltas."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

import polars as pl

from mdm.connect.metadata import refuse_misfit
from mdm.connect.parquet import none_of, read_parts, writing
from mdm.connect.protocols import Column, Description, Source
from mdm.connect.reading import Reading
from mdm.connect.state import State, read_state, write_state
from mdm.errors import SchemaMismatch
from mdm.rulebook.connector import span_of
from mdm.rulebook.source import SourceRules

EXTRACT: Final = "extract.parquet"

MOST_RECOUNTED: Final = 20_000
"""Records with more or fewer children than before that are read one by one; beyond it, a full read costs less."""


@dataclass(frozen=True, slots=True)
class Extract:
    """What a read brought: all records there are now, those of them that are new or different, and those gone."""

    kind: Literal["full", "delta"]
    rows: int
    changed: int
    gone: int


def refresh(source: Source, rules: SourceRules, folder: Path, now: str) -> Extract:
    """Bring the extract of a system up to date: by a delta where one will do, else by a full read.

    A full read that was cut off goes on behind its last part. Whatever stops it, the extract is the one before or the
    one after. Raises InputRefused where the mapping no longer fits the system's metadata; `now` is ISO text.
    """
    folder.mkdir(parents=True, exist_ok=True)
    described = source.describe()
    known = read_state(folder) if (folder / EXTRACT).exists() else None
    refuse_misfit(rules, described, known.columns if known else ())
    fresh = State(_digest(rules), described.columns, source.watermark(), now)
    key = rules.key.split("+")
    if known is None or not _continues(known, fresh, rules):
        return _full(source, folder, fresh, key)
    return _delta(source, folder, replace(known, watermark=fresh.watermark), known.watermark, key) or _full(
        source, folder, fresh, key
    )


def known_columns(folder: Path) -> tuple[Column, ...]:
    """The columns of the last read in this folder; none before the first one."""
    known = read_state(folder)
    return known.columns if known else ()


def accept_types(folder: Path, described: Description) -> None:
    """Take the columns as they are described now for those of the last read; without a watermark all is read anew."""
    known = read_state(folder)
    if known is not None:
        write_state(folder, replace(known, columns=described.columns, watermark=""))


def _continues(known: State, fresh: State, rules: SourceRules) -> bool:
    """Whether a delta will do: same rules and columns, change dates on both sides, and a full read not long ago."""
    same = (known.rules, known.columns) == (fresh.rules, fresh.columns)
    age = datetime.fromisoformat(fresh.full_at) - datetime.fromisoformat(known.full_at)
    due = rules.connector is None or age >= span_of(rules.connector.full_every)
    return bool(same and known.watermark and fresh.watermark and not due)


def _full(source: Source, folder: Path, fresh: State, key: list[str]) -> Extract:
    reading = Reading(folder / "reading", fresh)
    for part in source.full(reading.last_key(key)):
        reading.add(part)
    before, found, rows = _keys_of(folder / EXTRACT, key), [none_of(key)], 0
    with writing(folder / EXTRACT, [column.name for column in fresh.columns]) as put:
        for part in reading.parts():
            rows += put(part)
            found.append(part.select(key))
    # The watermark of the read's beginning: what changed while it was cut off is read again by the next delta.
    write_state(folder, reading.state)
    reading.end()
    return Extract("full", rows, rows, before.join(pl.concat(found), on=key, how="anti").height)


def _delta(source: Source, folder: Path, after: State, since: str, key: list[str]) -> Extract | None:
    """The extract with what changed; None where that cannot be told, for a record is there that no delta shows.

    A record with more or fewer children than before is read even if no table says that it changed.
    """
    columns = [column.name for column in after.columns]
    counted = pl.concat([*source.snapshot()] or [none_of(key)]).unique()
    there, counts = counted.select(key), [name for name in counted.columns if name not in key]
    said = pl.concat([none_of(columns), *source.delta(since)])
    if counts:
        before = pl.concat([_keys_of(folder / EXTRACT, [*key, *counts]), said.select([*key, *counts])])
        recounted = counted.join(before, on=[*key, *counts], how="anti").select(key).join(said, on=key, how="anti")
        if recounted.height > MOST_RECOUNTED:
            return None
        said = pl.concat([said, *source.records(recounted)])
    if said.select(key).is_duplicated().any():
        raise SchemaMismatch("A delta has a record twice.", "This is a fault of the connector.")
    known = _keys_of(folder / EXTRACT, key)
    if there.join(pl.concat([known, said.select(key)]), on=key, how="anti").height:
        return None
    is_there, is_said = _among(known, pl.concat([there, said.select(key)]), key), _among(known, said, key)
    at, same, rows = 0, 0, 0
    with writing(folder / EXTRACT, columns) as put:
        for part in read_parts(folder / EXTRACT):
            alive, told = is_there.slice(at, part.height), is_said.slice(at, part.height)
            same += part.filter(told).join(said, on=columns, how="semi", nulls_equal=True).height
            rows += put(part.filter(alive & ~told))
            at += part.height
        rows += put(said)
    write_state(folder, after)
    return Extract("delta", rows, said.height - same, known.height - int(is_there.sum()))


def _among(keys: pl.DataFrame, others: pl.DataFrame, key: list[str]) -> pl.Series:
    """For each of the keys whether it is one of the others."""
    marked = others.select(key).unique().with_columns(pl.lit(True).alias("is among"))
    return keys.join(marked, on=key, how="left", maintain_order="left")["is among"].fill_null(False)


def _keys_of(path: Path, key: list[str]) -> pl.DataFrame:
    try:
        return pl.concat([none_of(key), *(part.select(key) for part in read_parts(path))])
    except pl.exceptions.ColumnNotFoundError:  # an extract by other rules
        return none_of(key)


def _digest(rules: SourceRules) -> str:
    """What the rules say of how a source is read; another mapping of the same columns needs no other read."""
    said = {"connector": rules.connector.model_dump(mode="json") if rules.connector else None, "key": rules.key}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
