"""What a plan changes, for people: customers, records, golden values and messages, each as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from mdm.app.meanwhile import touched
from mdm.app.staging import RECORD, Difference
from mdm.records import GOLDEN_ATTRIBUTES
from mdm.store import Store

EVENTS: Final = {
    "merge": ("merged", "from_id", "to_id"),
    "split_up": ("split up", "from_id", "to_id"),
    "split": ("split off", "to_id", "from_id"),
    "retire": ("retired", "from_id", "to_id"),
    "revive": ("in use again", "to_id", "from_id"),
    "create": ("new", "to_id", "from_id"),
}
"""Events of LINEAGE as changes of a customer, the first that fits: its name, whose it is, who else is in it."""

WEIGHT: Final = ("merged", "split up", "split off", "retired", "in use again", "changed", "new")
"""What a steward looks at first: ids that end or part, then customers that change, then new ones."""

VALUES: Final = pl.Struct(dict.fromkeys(GOLDEN_ATTRIBUTES, pl.String()))
VALUE: Final = {"master_id": pl.String(), "field": pl.String(), "old": pl.String(), "new": pl.String()}


@dataclass(frozen=True, slots=True)
class PlanView:
    """`customers`, weightiest first: change (see WEIGHT), master_id, name, other_id, records before and after, values.

    `records`: system, key, change (new, gone, moved, changed), from_id, to_id. `values`: master_id, field, old, new.
    `messages`: what is new or different in what each system is to be told: target, key, field, old, new, master_id; of
    a message that is no longer needed `withdrawn` is true. Each is sorted by its keys and says all there is.
    """

    customers: pl.DataFrame
    records: pl.DataFrame
    values: pl.DataFrame
    messages: pl.DataFrame

    def tables(self) -> dict[str, pl.DataFrame]:
        """Each table by the name of its file."""
        return {"customers": self.customers, "records": self.records, "values": self.values, "messages": self.messages}


def view_plan(planned: Difference, store: Store) -> PlanView:
    """What the difference changes in the store as it is now."""
    owners = store.read_crosswalk()
    ids = touched(planned, owners)
    members = owners.filter(pl.col("master_id").is_in(ids.implode()))
    stood = store.read_golden(ids.to_frame())
    values = _values(stood, planned)
    messages = planned.changes.with_columns(withdrawn=pl.lit(value=False))
    told = store.read_publish_changes().join(planned.changes_gone, on=["target", "key", "field"], how="semi")
    messages = pl.concat([messages, told.with_columns(withdrawn=pl.lit(value=True))]).sort("target", "key", "field")
    return PlanView(
        customers=_customers(planned, members, stood, values),
        records=_records(planned, owners),
        values=values,
        messages=messages,
    )


def _customers(planned: Difference, members: pl.DataFrame, stood: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    before = members.group_by("master_id").agg(records_before=pl.len())
    leaving = pl.concat([planned.crosswalk.select(RECORD), planned.crosswalk_gone.select(RECORD)])
    after = pl.concat([members.join(leaving, on=RECORD, how="anti"), planned.crosswalk])
    names = pl.concat([planned.golden.select("master_id", "name"), stood.select("master_id", "name")])
    events = pl.concat(
        planned.lineage.filter(pl.col("kind") == kind).select(
            change=pl.lit(told), master_id=pl.col(mine), other_id=pl.col(other)
        )
        for kind, (told, mine, other) in EVENTS.items()
    ).unique("master_id", keep="first", maintain_order=True)
    everyone = pl.concat(
        [events.select("master_id"), before.select("master_id"), after.select("master_id"), values.select("master_id")]
    ).unique()
    counted = values.group_by("master_id").agg(values=pl.len())
    found = (
        everyone.join(events, on="master_id", how="left")
        .join(names.unique("master_id", keep="first", maintain_order=True), on="master_id", how="left")
        .join(before, on="master_id", how="left")
        .join(after.group_by("master_id").agg(records=pl.len()), on="master_id", how="left")
        .join(counted, on="master_id", how="left")
        .with_columns(pl.col("change").fill_null("changed"), pl.col("records_before", "records", "values").fill_null(0))
    )
    rank = pl.col("change").replace_strict({name: at for at, name in enumerate(WEIGHT)})
    size = pl.max_horizontal("records_before", "records")
    ordered = found.sort(rank, size, "values", "master_id", descending=[False, True, True, False])
    return ordered.select("change", "master_id", "name", "other_id", "records_before", "records", "values")


def _records(planned: Difference, owners: pl.DataFrame) -> pl.DataFrame:
    parts = (planned.records, planned.records_gone, planned.crosswalk, planned.crosswalk_gone)
    named = pl.concat([frame.select(RECORD) for frame in parts]).unique()
    gone = planned.crosswalk_gone.select(*RECORD, gone=pl.lit(value=True))
    found = (
        named.join(owners.rename({"master_id": "from_id"}), on=RECORD, how="left")
        .join(planned.crosswalk.rename({"master_id": "moved_to"}), on=RECORD, how="left")
        .join(gone, on=RECORD, how="left")
    )
    change = (
        pl.when(pl.col("gone").is_not_null())
        .then(pl.lit("gone"))
        .when(pl.col("from_id").is_null())
        .then(pl.lit("new"))
        .when(pl.col("moved_to").is_not_null())
        .then(pl.lit("moved"))
        .otherwise(pl.lit("changed"))
    )
    kept = pl.when(pl.col("gone").is_null()).then(pl.coalesce("moved_to", "from_id"))
    return found.select(*RECORD, change=change, from_id="from_id", to_id=kept).sort(RECORD)


def _values(stood: pl.DataFrame, planned: Difference) -> pl.DataFrame:
    """The golden values that become other ones; a customer that ends keeps its values, so they are no change."""
    ends = planned.golden_gone.select("master_id")
    before = _unpivoted(stood.join(ends, on="master_id", how="anti").join(planned.golden, on="master_id", how="semi"))
    both = before.rename({"value": "old"}).join(
        _unpivoted(planned.golden).rename({"value": "new"}), on=["master_id", "field"], how="full", coalesce=True
    )
    changed = both.filter(pl.col("old").ne_missing(pl.col("new"))).select(list(VALUE))
    order = pl.col("field").replace_strict({name: at for at, name in enumerate(GOLDEN_ATTRIBUTES)}, default=None)
    return changed.sort("master_id", order)


def _unpivoted(golden: pl.DataFrame) -> pl.DataFrame:
    values = golden.select("master_id", pl.col("body").str.json_decode(VALUES)).unnest("body")
    return values.unpivot(index="master_id", variable_name="field", value_name="value").drop_nulls("value")
