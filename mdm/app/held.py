"""Records that are in quarantine this time and known from before: their stored version stays."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from mdm.app.inputs import Inputs
from mdm.store import Store, mapped_rows

RECORD = ["system", "key"]


def hold_quarantined(inputs: Inputs, store: Store) -> Inputs:
    """The inputs with the stored version of every known record whose row was set aside in this scan.

    A row that cannot be read says nothing about its customer, least of all that the customer is gone. Systems that
    share a file share its quarantine.
    """
    aside = inputs.quarantine.select("file", "key").drop_nulls().unique()
    if aside.is_empty():
        return inputs
    files = pl.DataFrame(
        [(system, facts.path) for system, facts in inputs.files], schema=["system", "file"], orient="row"
    )
    wanted = aside.join(files.unique(), on="file").select(RECORD).unique()
    held = store.read_records(wanted.join(inputs.mapped, on=RECORD, how="anti"))
    if held.is_empty():
        return inputs
    return replace(inputs, mapped=pl.concat([inputs.mapped, mapped_rows(held)]).sort(RECORD))
