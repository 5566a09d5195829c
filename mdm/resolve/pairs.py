"""Links and decisions as arrays: each pair of nodes once, smaller node first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from mdm.errors import SchemaMismatch
from mdm.resolve.limits import BoolArray, IntArray

FAULT = "This is a fault of the tool."


@dataclass(frozen=True, slots=True)
class Pairs:
    """Weighed pairs, left < right, each once, sorted; `kept` ones can join clusters, the others are only evidence."""

    left: IntArray
    right: IntArray
    weight: IntArray
    kept: BoolArray

    def where(self, mask: BoolArray) -> Pairs:
        return Pairs(self.left[mask], self.right[mask], self.weight[mask], self.kept[mask])

    def renamed(self, name: IntArray) -> Pairs:
        """The same pairs between the nodes that `name` gives; those inside one node vanish, of equal ones one counts:
        the heaviest, but a kept pair before one that is only evidence.
        """
        return each_once(name[self.left], name[self.right], self.weight, self.kept)


def each_once(left: IntArray, right: IntArray, weight: IntArray, kept: BoolArray) -> Pairs:
    """Normalised pairs: smaller node first, none with itself, of equal ones the kept and then the heaviest."""
    low, high = np.minimum(left, right), np.maximum(left, right)
    pairs = Pairs(low, high, weight, kept)
    if not (low < high).all():
        pairs = pairs.where(low < high)
    size = int(pairs.right.max(initial=0)) + 1
    place = pairs.left * size + pairs.right
    if not (np.diff(place) > 0).all():
        # Stable by weight, then kept, then place: the last of each place is the one that counts.
        order = np.lexsort((pairs.weight, pairs.kept, place))
        ordered = place[order]
        last = np.append(ordered[1:] != ordered[:-1], np.ones(min(1, len(ordered)), dtype=np.bool_))
        chosen = order[last]
        pairs = Pairs(pairs.left[chosen], pairs.right[chosen], pairs.weight[chosen], pairs.kept[chosen])
    return pairs


def read_links(links: pl.DataFrame, records: int) -> Pairs:
    """The links as pairs. Rows of another band than auto are evidence only; without a column `band` all are auto.

    Raises SchemaMismatch for a missing column, a weight that is no integer, a null, or a rid outside 0 to records - 1.
    """
    _check(links, ("left", "right", "weight"), "links", below=records)
    band = links["band"].eq_missing("auto") if "band" in links.columns else None
    kept = np.ones(links.height, dtype=np.bool_) if band is None else band.to_numpy().astype(np.bool_)
    return each_once(_column(links, "left"), _column(links, "right"), _column(links, "weight"), kept)


def read_decisions(decisions: pl.DataFrame, what: str) -> pl.DataFrame:
    """The decisions as (left, right, decision_id as text), left < right, sorted; a record with itself is dropped.

    A rid from the number of records upward stands for a record that no longer lives: it still ties live ones together.
    """
    _check(decisions, ("left", "right"), what, below=None)
    if "decision_id" not in decisions.columns:
        raise SchemaMismatch(f"Table {what} lacks the column decision_id.", FAULT)
    left, right = pl.col("left").cast(pl.Int64), pl.col("right").cast(pl.Int64)
    return (
        decisions.select(
            left=pl.min_horizontal(left, right),
            right=pl.max_horizontal(left, right),
            decision_id=pl.col("decision_id").cast(pl.String),
        )
        .filter(pl.col("left") < pl.col("right"))
        .unique()
        .sort("left", "right", "decision_id", nulls_last=True)
    )


def _column(frame: pl.DataFrame, name: str) -> IntArray:
    return frame[name].to_numpy().astype(np.int64)


def _check(frame: pl.DataFrame, columns: tuple[str, ...], what: str, *, below: int | None) -> None:
    for name in columns:
        if name not in frame.columns:
            raise SchemaMismatch(f"Table {what} lacks the column {name}.", FAULT)
        column = frame[name]
        if column.is_empty():
            continue
        if not column.dtype.is_integer():
            raise SchemaMismatch(f"Column {name} of table {what} must hold integers, is {column.dtype}.", FAULT)
        if column.has_nulls():
            raise SchemaMismatch(f"Column {name} of table {what} has empty cells.", FAULT)
        if name == "weight":
            continue
        if int(column.min()) < 0 or (below is not None and int(column.max()) >= below):  # type: ignore[arg-type] # of an integer column that is not empty
            raise SchemaMismatch(f"Column {name} of table {what} names records that do not exist.", FAULT)
