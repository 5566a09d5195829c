"""The list of all master ids ever given out, as numbers: what each is now and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from mdm.errors import SchemaMismatch
from mdm.records import MASTERS, conform
from mdm.resolve.limits import BoolArray, IntArray
from mdm.resolve.pairs import FAULT

STATES: Final = ("active", "merged", "split", "retired", "erased")
ACTIVE, MERGED, SPLIT, RETIRED, ERASED = range(5)


def is_redirect(state: IntArray) -> BoolArray:
    """Where an id leads to another one: it was merged into it, or split up and most of it is there."""
    redirect: BoolArray = (state == MERGED) | (state == SPLIT)
    return redirect


@dataclass(frozen=True, slots=True)
class Ledger:
    """All master ids by age; a master is named by its position, so smaller means older.

    `state` is the position in STATES; `leads` is the position that a redirect leads to, and its own for the rest.
    """

    ids: pl.Series
    sequence: IntArray
    state: IntArray
    leads: IntArray

    def frame(self) -> pl.DataFrame:
        """The ledger as MASTERS, sorted by sequence."""
        into = pl.Series(np.where(is_redirect(self.state), self.leads, -1)).cast(pl.Int64)
        frame = pl.DataFrame(
            {
                "master_id": self.ids,
                "sequence": self.sequence,
                "state": pl.Series(list(STATES), dtype=pl.String).gather(self.state),
                "into": self.ids.gather(into.set(into < 0, None)),
            }
        )
        return conform(frame, MASTERS, "masters")


def read_ledger(masters: pl.DataFrame) -> Ledger:
    """The MASTERS table as a ledger, each redirect followed to its end.

    Raises SchemaMismatch for an id or number given twice, an unknown state, or a redirect that leads nowhere.
    """
    table = conform(masters, MASTERS, "masters").sort("sequence")
    if table["master_id"].is_duplicated().any() or table["sequence"].is_duplicated().any():
        raise SchemaMismatch("Table masters names a master id twice.", FAULT)
    places = table.select("master_id", place=pl.int_range(pl.len(), dtype=pl.Int64))
    into = table.join(places, left_on="into", right_on="master_id", how="left", maintain_order="left")["place"]
    codes = table["state"].replace_strict(STATES, range(len(STATES)), default=None, return_dtype=pl.Int64)
    if codes.has_nulls():
        raise SchemaMismatch("Table masters has an unknown state.", FAULT)
    state = codes.to_numpy().copy()
    redirect = is_redirect(state)
    if (redirect & into.is_null().to_numpy()).any():
        raise SchemaMismatch("Table masters has a redirect to an unknown id.", FAULT)
    own = np.arange(table.height, dtype=np.int64)
    leads = np.where(redirect, into.fill_null(-1).to_numpy(), own)
    return Ledger(table["master_id"], table["sequence"].to_numpy(), state, follow(leads, state))


def follow(leads: IntArray, state: IntArray) -> IntArray:
    """Each redirect followed to the id at its end, which is none; raises SchemaMismatch for a cycle."""
    # Each round doubles the length of the way gone, so 64 rounds are more than any chain needs.
    for _ in range(64):
        further = leads[leads]
        if (further == leads).all():
            break
        leads = further
    if is_redirect(state[leads]).any():
        raise SchemaMismatch("Table masters has redirects that lead in a circle.", FAULT)
    return leads
