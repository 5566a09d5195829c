"""Records in quarantine as rows of `clusters.csv`: each stands alone, under an id of its own, until it can be read."""

from __future__ import annotations

import polars as pl

from mdm.app.inputs import Inputs
from mdm.records import MASTERS, conform
from mdm.resolve import format_master_ids

RECORD = ["system", "key"]


def with_quarantined(crosswalk: pl.DataFrame, masters: pl.DataFrame, inputs: Inputs) -> pl.DataFrame:
    """The crosswalk (CROSSWALK) and one row for each record key that is only in quarantine.

    Nobody knows whose such a record is, so it is joined with nothing: it takes the next unused id, in the order of the
    record keys. A key that stands twice is one row. A record whose key cannot be read, or whose key a readable record
    has, is called by its place in the file, `(record 7)`. Rows of child tables are no records.
    """
    mains = pl.DataFrame(
        [(x.system, x.files[0].path) for x in inputs.landed], schema=["system", "file"], orient="row"
    ).cast(pl.String)
    aside = inputs.quarantine.join(mains, on=["system", "file"], how="semi")
    if aside.is_empty():
        return crosswalk
    readable = crosswalk.select(*RECORD, taken=pl.lit(value=True))
    by_place = pl.format("(record {})", "record_number")
    named = aside.join(readable, on=RECORD, how="left").with_columns(key=pl.when(pl.col("taken").is_null()).then("key"))
    alone = named.select("system", pl.coalesce("key", by_place)).unique().join(crosswalk, on=RECORD, how="anti")
    alone = alone.sort(RECORD)
    last = conform(masters, MASTERS, "masters")["sequence"].max() or 0
    sequences = pl.int_range(1, alone.height + 1, eager=True).to_numpy() + int(str(last))
    return pl.concat([crosswalk, alone.with_columns(master_id=format_master_ids(sequences))])
