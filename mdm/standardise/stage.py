"""Match keys for every record: MAPPED in, STANDARD out."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from mdm.records import MAPPED, STANDARD, conform
from mdm.rulebook.stages import StandardiseRules
from mdm.standardise.dates import iso_times
from mdm.standardise.domains import shared_domains
from mdm.standardise.placeholders import placeholders
from mdm.standardise.record_addresses import address_columns
from mdm.standardise.record_contacts import contact_columns
from mdm.standardise.record_identifiers import identifier_columns
from mdm.standardise.record_names import name_columns


def standardise(
    mapped: pl.DataFrame, rules: StandardiseRules, default_countries: Mapping[str, str], *, processes: int = 1
) -> pl.DataFrame:
    """The STANDARD table of MAPPED records: cleaned match keys beside system, key and row hash.

    Sorted by system, then key, in code point order; `rid` is the position. The order of the rows of `mapped` makes no
    difference. `default_countries` (system to ISO alpha-2) tells how to read telephone and tax numbers of a record
    without a country; it is not written into the record's own country.
    The work is shared among so many processes where there are many values; the result is the same.
    """
    frame = conform(mapped, MAPPED, "mapped records").sort("system", "key")
    frame = frame.with_row_index("rid").with_columns(pl.col("rid").cast(pl.Int32))
    hidden = placeholders(rules.placeholders)
    addresses = address_columns(frame, hidden, processes)
    by_system = frame["system"].replace_strict(dict(default_countries), default=None, return_dtype=pl.String)
    home = addresses["country"].fill_null(by_system)
    standard = pl.concat(
        [
            frame.select(
                "rid", "system", "key", "row_hash", "parent_key", iso_times(frame["changed_at"]).alias("changed_at")
            ),
            name_columns(frame, hidden, processes),
            addresses,
            contact_columns(frame, home, shared_domains(rules.free_mail_domains)),
            identifier_columns(frame, home, hidden, processes),
        ],
        how="horizontal",
    )
    return conform(standard, STANDARD, "standard records")
