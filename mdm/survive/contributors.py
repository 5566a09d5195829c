"""The records that contribute to golden records, beside what they were delivered with and their match keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from mdm.errors import SchemaMismatch
from mdm.records import CROSSWALK, MULTI_ROLES, conform

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

_RECORD: Final = ["system", "key"]
_FAULT: Final = "This is a fault of the tool."


@dataclass(frozen=True, slots=True)
class Contributors:
    """All live records, sorted by (customer, rid). A customer is the position of its master id in `master_ids`.

    `delivered` and `standard` are row positions in the two tables, which are never copied as a whole.
    """

    master_ids: pl.Series
    customer: IntArray
    rid: IntArray
    _mapped: pl.DataFrame
    _standard: pl.DataFrame
    _in_mapped: IntArray
    _in_standard: IntArray

    def delivered(self, column: str, rows: IntArray) -> pl.Series:
        """The values of some contributors as delivered."""
        return self._mapped[column].gather(self._in_mapped[rows])

    def match_key(self, column: str, rows: IntArray) -> pl.Series:
        """A column of STANDARD for some contributors."""
        return self._standard[column].gather(self._in_standard[rows])

    def single(self, attribute: str, rows: IntArray) -> pl.Series:
        """The one delivered value of an attribute for some contributors.

        A record with a legal name only offers that as its name, and one whose whole address was delivered in one
        column offers that as its street: else such a customer would have neither.
        """
        values = self.delivered(attribute, rows)
        if attribute == "name":
            return values.zip_with(values.is_not_null(), self.delivered("legal_name", rows))
        if attribute == "street":
            parts = [self.delivered(part, rows).is_null() for part in ("street", "postcode", "city")]
            return values.zip_with(~(parts[0] & parts[1] & parts[2]), self.delivered("full_address", rows))
        return values

    def all_rows(self) -> IntArray:
        return np.arange(len(self.rid), dtype=np.int64)


def is_many(attribute: str) -> bool:
    """Whether a record may have several values of the attribute."""
    return attribute in MULTI_ROLES


def gather_contributors(crosswalk: pl.DataFrame, mapped: pl.DataFrame, standard: pl.DataFrame) -> Contributors:
    """The records of the crosswalk with their rows in MAPPED and STANDARD; raises SchemaMismatch if one is missing."""
    links = conform(crosswalk, CROSSWALK, "crosswalk")
    in_standard = standard.select(*_RECORD, "rid", in_standard=pl.int_range(pl.len(), dtype=pl.Int64))
    in_mapped = mapped.select(*_RECORD, in_mapped=pl.int_range(pl.len(), dtype=pl.Int64))
    members = _joined(_joined(links, in_standard, "standard"), in_mapped, "mapped")
    master_ids = members["master_id"].unique().sort()
    numbers = pl.DataFrame({"master_id": master_ids, "customer": np.arange(len(master_ids), dtype=np.int64)})
    placed = members.join(numbers, on="master_id").select("customer", "rid", "in_standard", "in_mapped")
    placed = placed.sort("customer", "rid").cast(pl.Int64)
    columns = {name: placed[name].to_numpy() for name in placed.columns}
    return Contributors(
        master_ids, columns["customer"], columns["rid"], mapped, standard, columns["in_mapped"], columns["in_standard"]
    )


def _joined(links: pl.DataFrame, table: pl.DataFrame, what: str) -> pl.DataFrame:
    joined = links.join(table, on=_RECORD)
    if joined.height != links.height:
        raise SchemaMismatch(f"Table {what} does not hold each record of the crosswalk once.", _FAULT)
    return joined
