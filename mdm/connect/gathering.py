"""Rows of a child table become columns of the records they belong to: a list, or the first of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from mdm.connect.protocols import Column

JOINER: Final = " | "


def columns_of(name: str, own: Sequence[Column], *, is_list: bool) -> list[Column]:
    """The columns that a child adds to a record: those of `ChildRows.listed`, or of `first` where it is no list."""
    listed = [Column(name, "list")] if is_list else []
    return [Column(f"{name}.rows", "count"), *listed, *(Column(f"{name}.{one.name}", one.type) for one in own)]


@dataclass(frozen=True, slots=True)
class ChildRows:
    """Rows of the child called `name` with columns called `labels`, in the order of the system.

    `frame` has the key of their record as k0, k1 and so on, what they were sorted by as o0, o1 and so on, and the
    columns as v0, v1 and so on. Rows that are alike to that order are put in the order of their texts.
    """

    name: str
    labels: Sequence[str]
    frame: pl.DataFrame

    @classmethod
    def of(cls, name: str, labels: Sequence[str], found: pl.DataFrame, by: tuple[str, Sequence[str]]) -> ChildRows:
        """Rows as they were read, all text; `by` is the column with the key of their record, and what orders them.

        A minus before a column turns its order round.
        """
        on, order = by
        names = [column.removeprefix("-") for column in order]
        turned = [column.startswith("-") for column in order]
        ordered = found.sort([on, *names], descending=[False, *turned], nulls_last=True, maintain_order=True)
        places = [ordered[column].alias(f"o{at}") for at, column in enumerate(names)]
        values = [ordered[label].alias(f"v{at}") for at, label in enumerate(labels)]
        return cls(name, labels, pl.DataFrame([ordered[on].alias("k0"), *places, *values]))

    def listed(self, records: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
        """The records with `NAME.rows`, `NAME` as a JSON list, and `NAME.COLUMN` with the different values of each."""
        values = {f"v{at}": label for at, label in enumerate(self.labels)}
        row = pl.struct(pl.col(value).alias(label) for value, label in values.items()).struct.json_encode()
        listed = pl.concat_str(pl.lit("["), row.str.join(","), pl.lit("]")).alias(self.name)
        texts = [_different(value).alias(f"{self.name}.{label}") for value, label in values.items()]
        return self._joined(records, key, [listed, *texts]).with_columns(pl.col(self.name).fill_null("[]"))

    def first(self, records: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
        """The records with `NAME.rows` and, of the first row, each column as `NAME.COLUMN`."""
        values = [pl.col(f"v{at}").first().alias(f"{self.name}.{label}") for at, label in enumerate(self.labels)]
        return self._joined(records, key, values)

    def _joined(self, records: pl.DataFrame, key: Sequence[str], said: Sequence[pl.Expr]) -> pl.DataFrame:
        ours, rows = [f"k{at}" for at in range(len(key))], f"{self.name}.rows"
        found = self._in_order().group_by(ours, maintain_order=True).agg(pl.len().cast(pl.String).alias(rows), *said)
        whole = records.join(found, left_on=list(key), right_on=ours, how="left", maintain_order="left")
        return whole.with_columns(pl.col(rows).fill_null("0"))

    def _in_order(self) -> pl.DataFrame:
        values = [c for c in self.frame.columns if c.startswith("v")]
        place = pl.struct(c for c in self.frame.columns if c not in values).rle_id()
        return self.frame.with_columns(place=place).sort("place", *values, nulls_last=True)


def _different(value: str) -> pl.Expr:
    texts = pl.col(value).filter(pl.col(value).is_not_null() & (pl.col(value) != ""))
    joined = texts.unique(maintain_order=True).str.join(JOINER)
    return pl.when(joined != "").then(joined)
