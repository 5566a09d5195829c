"""The guard of time: an older extract must not move data back."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final

import polars as pl

from mdm.app.inputs import Inputs
from mdm.errors import GuardTripped, SettingsInvalid
from mdm.standardise import iso_times
from mdm.store import Store, mapped_rows

RECORD: Final = ["system", "key"]


def hold_newer(inputs: Inputs, store: Store, accepted: AbstractSet[str]) -> Inputs:
    """The inputs with the stored version of every record that is known from a later time of change.

    Only a source whose records say when they were changed can be guarded. Where records of a system went back in time,
    none of it is newer and others came or are gone, the extract as a whole is an older one: raises GuardTripped, for
    what is not in it is not gone. Neither is done for systems that are `accepted`; raises SettingsInvalid where one is
    accepted that nobody knows.
    """
    known = store.read_record_hashes()
    _refuse_unknown(accepted, {str(source.system) for source in inputs.sources})
    timed = inputs.mapped.filter(pl.col("changed_at").is_not_null(), ~pl.col("system").is_in(sorted(accepted)))
    changed = timed.join(known, on=RECORD, suffix="_known").filter(pl.col("row_hash") != pl.col("row_hash_known"))
    if changed.is_empty():
        return inputs
    stored = mapped_rows(store.read_records(changed.select(RECORD)))
    times = changed.select(*RECORD, now="changed_at").join(stored.select(*RECORD, then="changed_at"), on=RECORD)
    times = times.with_columns(iso_times(times["now"]).alias("now"), iso_times(times["then"]).alias("then"))
    back = times.filter(pl.col("now") < pl.col("then"))
    if back.is_empty():
        return inputs
    _refuse_older(back, set(times.filter(pl.col("now") > pl.col("then"))["system"]), inputs.mapped, known)
    kept = stored.join(back.select(RECORD), on=RECORD, how="semi")
    others = inputs.mapped.join(back.select(RECORD), on=RECORD, how="anti")
    return replace(inputs, mapped=pl.concat([others, kept.select(others.columns)]).sort(RECORD), held=back.height)


def _refuse_unknown(accepted: AbstractSet[str], systems: set[str]) -> None:
    if unknown := sorted(accepted - systems):
        raise SettingsInvalid(
            f"--accept-older {unknown[0]}: no system is called that.", f"The systems are {', '.join(sorted(systems))}."
        )


def _refuse_older(back: pl.DataFrame, newer: set[str], mapped: pl.DataFrame, known: pl.DataFrame) -> None:
    """Raise GuardTripped for systems of which nothing is newer, and records came or are gone."""
    came = mapped.join(known, on=RECORD, how="anti")
    gone = known.join(mapped, on=RECORD, how="anti")
    others = set(came["system"]) | set(gone["system"])
    older = back.filter(pl.col("system").is_in(sorted(others - newer))).sort(RECORD)
    if older.is_empty():
        return
    told = [
        f"{system} has {count:,} records from before their last change (such as {key}: {now}, known from {then})"
        for system, count, key, now, then in older.group_by("system", maintain_order=True)
        .agg(pl.len(), pl.col("key").first(), pl.col("now").first(), pl.col("then").first())
        .iter_rows()
    ]
    options = " ".join(f"--accept-older {system}" for system in older["system"].unique().sort())
    raise GuardTripped(
        f"{'; '.join(told)} and none that is newer: an older extract. Nothing was changed.",
        f"Deliver the latest extract. If this is the right one, scan with {options}.",
    )
