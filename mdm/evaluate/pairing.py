"""Clusters and truth brought together: for each record of the truth the cluster it was put into."""

from __future__ import annotations

from typing import Final

import polars as pl

from mdm.errors import InputRefused

_RECORD: Final = ["system", "key"]


def pair_up(clusters: pl.DataFrame, truth: pl.DataFrame) -> pl.DataFrame:
    """A row (system, key, entity_id, master_id, cluster) for each record of the truth, sorted by (system, key).

    `clusters` has the columns system, key and master_id, `truth` source, id and entity_id; all are compared as text.
    A record without a cluster has no master_id and a `cluster` of its own; the others share one number by master_id.
    Raises InputRefused for a missing column, a record given twice, one that the truth does not know, and an empty
    truth.
    """
    got = _texts(clusters, {"system": "system", "key": "key", "master_id": "master_id"}, "The clustering")
    true = _texts(truth, {"system": "source", "key": "id", "entity_id": "entity_id"}, "The truth").unique()
    if true.is_empty():
        raise InputRefused("The truth has no records.", "Give a file with the columns source, id and entity_id.")
    _refuse_doubles(got, "The clustering")
    _refuse_doubles(true, "The truth")
    unknown = got.join(true, on=_RECORD, how="anti").sort(_RECORD)
    if unknown.height:
        system, key = unknown.select(_RECORD).row(0)
        raise InputRefused(
            f"{unknown.height} records are not in the truth, such as {system}:{key}.",
            "Score only records whose entity is known.",
        )
    # Together with the master id the key is unique where there is none, so each such record is a cluster of its own.
    alone = pl.col("master_id").is_null()
    together = true.join(got, on=_RECORD, how="left").sort(_RECORD)
    return together.with_columns(
        cluster=pl.struct("master_id", system=pl.when(alone).then("system"), key=pl.when(alone).then("key")).rank(
            "dense"
        )
    )


def _texts(frame: pl.DataFrame, columns: dict[str, str], what: str) -> pl.DataFrame:
    missing = [name for name in columns.values() if name not in frame.columns]
    if missing:
        raise InputRefused(
            f"{what} has no column {', '.join(missing)}; it has {', '.join(frame.columns)}.", "Rename its columns."
        )
    # An empty cell is a text like any other here: score.py reads files, where nothing and an empty text are the same.
    return frame.select(pl.col(name).cast(pl.String).fill_null("").alias(new) for new, name in columns.items())


def _refuse_doubles(frame: pl.DataFrame, what: str) -> None:
    twice = frame.filter(pl.struct(_RECORD).is_duplicated()).sort(_RECORD)
    if twice.height:
        system, key = twice.select(_RECORD).row(0)
        raise InputRefused(f"{what} has the record {system}:{key} twice.", "Give each record once.")
