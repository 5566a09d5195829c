"""A system's view of its customers: the truth as its people typed it."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from sample_data.draws import Draws
from sample_data.writer import Writer
from sample_data.written_addresses import written_addresses
from sample_data.written_contacts import written_contacts, written_identifiers
from sample_data.written_names import written_names

LAST_DAY: Final = 20_726
"""Days since 1970 of 30 September 2026, when the exports were made."""


def write_records(system: str, draws: Draws, placed: pl.DataFrame, world: pl.DataFrame) -> pl.DataFrame:
    """The records of one system, in an order that tells nothing, with neutral columns that its layout renames."""
    w = Writer(system, draws, placed, world)
    names = written_names(w)
    native = np.asarray(names[-1].to_numpy(), dtype=np.bool_)
    columns = [*names, *written_addresses(w, native), *written_contacts(w), *written_identifiers(w), *_dates(w)]
    return w.rows.with_columns(columns)


def _dates(w: Writer) -> list[pl.Series]:
    """When each record was made and last touched, up to the day of the exports."""
    created = 14_600 + w.draws.below("created", w.ids, 5_700)
    changed = created + w.draws.below("changed", w.ids, LAST_DAY - created)
    second = w.draws.below("second of day", w.ids, 86_400)
    return [
        pl.Series(name, (day * 86_400 + second) * 1_000_000).cast(pl.Datetime("us"))
        for name, day in (("created", created), ("changed", changed))
    ]
