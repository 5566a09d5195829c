"""Plans what each target system should be told: every change as one row, before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from mdm.errors import SchemaMismatch
from mdm.publish.targets import check_targets, fields_of
from mdm.records import CROSSWALK, GOLDEN, PUBLISH_CHANGES, TableSchema, conform, empty

if TYPE_CHECKING:
    from mdm.rulebook.stages import PublishRules, TargetRules

CURRENT: Final[TableSchema] = {"target": pl.String(), "key": pl.String(), "field": pl.String(), "value": pl.String()}
"""What the targets say now, one row for each field of each record; a missing row is an empty field."""


def plan_publish(
    crosswalk: pl.DataFrame, golden: pl.DataFrame, current: pl.DataFrame, rules: PublishRules
) -> pl.DataFrame:
    """List every change as PUBLISH_CHANGES, sorted by target, key and field in code point order.

    Of each record of a listed target: its crosswalk field, and the golden attributes its target allows, where the new
    value differs from the current one. A missing or blank golden value changes nothing, so no field is ever emptied;
    an absent or blank current value is `old` = null. Planning again after all was written gives no row.

    Raises RulesInvalid for targets that contradict each other, SchemaMismatch for a field with two current values.
    """
    check_targets(rules)
    ids = conform(crosswalk, CROSSWALK, "crosswalk")
    values = conform(golden, GOLDEN, "golden")
    said = _checked(current)
    planned = [
        _changes(target, ids, values, said.filter(pl.col("target") == target.system))
        for target in sorted(rules.targets, key=lambda target: target.system)
    ]
    return conform(pl.concat(planned), PUBLISH_CHANGES, "publish changes") if planned else empty(PUBLISH_CHANGES)


def _changes(target: TargetRules, ids: pl.DataFrame, golden: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """The changes of one target, sorted by key and field."""
    records = ids.filter(pl.col("system") == target.system)
    if target.allow:
        records = records.join(golden.select("master_id", *target.allow), on="master_id", how="left")
    fields = [
        records.select("key", "master_id", pl.lit(field).alias("field"), pl.col(column).alias("new"))
        .filter(_filled("new"))
        .join(said.filter(pl.col("field") == field).select("key", old="value"), on="key", how="left")
        .with_columns(pl.when(_filled("old")).then(pl.col("old")))
        .filter(pl.col("new").ne_missing(pl.col("old")))
        for field, column in fields_of(target).items()
    ]
    return pl.concat(fields).sort("key", "field").with_columns(target=pl.lit(target.system))


def _checked(current: pl.DataFrame) -> pl.DataFrame:
    said = conform(current, CURRENT, "current values of the targets")
    if said.select("target", "key", "field").n_unique() < said.height:
        raise SchemaMismatch(
            "Table current values of the targets holds a field of a record twice.", "This is a fault of the tool."
        )
    return said


def _filled(column: str) -> pl.Expr:
    return (pl.col(column).str.strip_chars() != "").fill_null(False)
