"""Child tables: the rows of a further table become columns of the record they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from mdm.errors import InputRefused
from mdm.rulebook.source import ChildTable
from mdm.sources.columns import check_present
from mdm.sources.facts import Batch, Fault, FileFacts, Found, nothing
from mdm.sources.readers import open_table

JOINER: Final = " | "
ROWS: Final = "rows"


@dataclass(frozen=True, slots=True)
class Child:
    """A child table with one row for each join value.

    `on` are places of the main table's columns; `frame` has the join values as on0, on1, and so on, the number of
    rows as `rows`, and then, by place, the columns to add, whose names are `columns`.
    """

    rules: ChildTable
    on: tuple[str, ...]
    columns: tuple[str, ...]
    frame: pl.DataFrame
    facts: FileFacts
    faults: tuple[Fault, ...]

    def joined(self, main: pl.DataFrame) -> pl.DataFrame:
        """The records with the child's columns, by place, in the same order. An empty join value finds nothing."""
        added = [place for place in self.frame.columns if place.startswith("c")]
        right = self.frame.select(*self._keys(), *(pl.col(place).name.prefix("child ") for place in added))
        if self.rules.many:
            right = right.with_columns(self.frame[ROWS].cast(pl.String).alias("child rows"))
        whole = main.join(right, left_on=list(self.on), right_on=self._keys(), how="left", maintain_order="left")
        first = len(main.columns)
        if not self.rules.many:
            return whole.rename({f"child {place}": f"c{first + at}" for at, place in enumerate(added)})
        counted = pl.col("child rows").fill_null("0").alias(f"c{first}")
        others = [pl.col(f"child {place}").alias(f"c{first + 1 + at}") for at, place in enumerate(added)]
        return whole.select(*main.columns, counted, *others)

    def met(self, main: pl.DataFrame) -> pl.DataFrame:
        """The join values of these records, each once."""
        return main.select(pl.col(place).alias(at) for place, at in zip(self.on, self._keys(), strict=True)).unique()

    def orphans(self, met: Sequence[pl.DataFrame]) -> int:
        """How many rows of the child belong to none of the records whose join values were met."""
        rest = self.frame.join(pl.concat(met), on=self._keys(), how="anti") if met else self.frame
        return int(rest[ROWS].sum())

    def _keys(self) -> list[str]:
        return [f"on{at}" for at in range(len(self.on))]


def load_child(rules: ChildTable, project: Path, main_columns: Sequence[str], main: str) -> Child:
    """Read a child table and bring it to one row for each join value. Raises InputRefused as the readers do."""
    reader = open_table(project / rules.path, rules.format)
    check_present(list(rules.on), main_columns, main)
    check_present([*rules.on.values(), *rules.order_by], reader.columns, rules.path)
    batches = list(reader.batches())
    whole = pl.concat([nothing(len(reader.columns)), *(batch.frame for batch in batches)])
    place_of = dict(zip(reader.columns, whole.columns, strict=True))
    on = [place_of[name] for name in rules.on.values()]
    matched = whole.filter(pl.all_horizontal(pl.col(on).is_not_null()))
    frame = _gathered(matched, on) if rules.many else _first(matched, on, _order(rules, place_of))
    names = [f"{rules.name}.{name}" for name in reader.columns]
    return Child(
        rules,
        tuple(f"c{list(main_columns).index(name)}" for name in rules.on),
        (f"{rules.name}.{ROWS}", *names) if rules.many else tuple(names),
        frame,
        _facts(rules, reader.found, reader.records, batches),
        tuple(fault for batch in batches for fault in batch.faults),
    )


def _order(rules: ChildTable, place_of: dict[str, str]) -> list[str]:
    """The columns to sort by: `order_by`, then all by name: the order of rows and columns makes no difference."""
    return [place_of[name] for name in dict.fromkeys([*rules.order_by, *sorted(place_of)])]


def _first(whole: pl.DataFrame, on: Sequence[str], order: Sequence[str]) -> pl.DataFrame:
    """The first row of each join value; an empty value comes last."""
    keys = [pl.col(place).alias(f"on{at}") for at, place in enumerate(on)]
    ordered = whole.sort(order, nulls_last=True)
    return ordered.group_by(keys, maintain_order=True).agg(pl.len().alias(ROWS), pl.all().first())


def _gathered(whole: pl.DataFrame, on: Sequence[str]) -> pl.DataFrame:
    """The number of rows of each join value, and for each column its distinct values, sorted and joined."""
    keys = [pl.col(place).alias(f"on{at}") for at, place in enumerate(on)]
    texts = pl.all().drop_nulls().unique().sort().str.join(JOINER)
    grouped = whole.group_by(keys, maintain_order=True).agg(pl.len().alias(ROWS), texts)
    return grouped.with_columns(pl.col(whole.columns).replace("", None))


def _facts(rules: ChildTable, found: Found, records: int, batches: Sequence[Batch]) -> FileFacts:
    loaded = sum(batch.frame.height for batch in batches)
    quarantined = sum(len(batch.faults) for batch in batches)
    if records != loaded + quarantined:
        raise InputRefused(
            f"{rules.path}: {records} records were counted, {loaded + quarantined} read.", "Export it again."
        )
    return FileFacts(
        path=rules.path,
        table=rules.name,
        type=found.type,
        sha256=found.sha256,
        size=found.size,
        encoding=found.encoding,
        separator=found.separator,
        rows_in=records,
        loaded=loaded,
        unchanged=0,
        quarantined=quarantined,
    )
