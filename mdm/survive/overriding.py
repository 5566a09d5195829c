"""Golden values that a steward set stand above whatever the records say."""

from __future__ import annotations

from typing import Final

import polars as pl

from mdm.records import GOLDEN, GOLDEN_ATTRIBUTES, PROVENANCE, TableSchema, conform
from mdm.survive.golden import Golden

SET: Final[TableSchema] = {
    "master_id": pl.String(),
    "attribute": pl.String(),
    "value": pl.String(),
    "rule": pl.String(),
}
"""Values that stewards set, at most one for an attribute of a customer; `rule` names the decision and its author."""


def override_values(golden: Golden, values: pl.DataFrame) -> Golden:
    """Put the values that stewards set (SET) in the place of the chosen ones, with `rule` and no record as origin.

    A value of a customer that is not there rests: its id may come back. The order of rows makes no difference.
    """
    told = conform(values, SET, "overridden values")
    chosen, origins = golden.golden, golden.provenance
    for attribute in GOLDEN_ATTRIBUTES:
        mine = told.filter(pl.col("attribute") == attribute).select("master_id", "value", "rule")
        if mine.is_empty():
            continue
        rid, rule = f"{attribute}_rid", f"{attribute}_rule"
        chosen = chosen.join(mine, on="master_id", how="left", maintain_order="left").with_columns(
            pl.coalesce("value", attribute).alias(attribute)
        )
        origins = origins.join(mine, on="master_id", how="left", maintain_order="left").with_columns(
            pl.when(pl.col("rule").is_null()).then(rid).alias(rid), pl.coalesce("rule", rule).alias(rule)
        )
        chosen, origins = chosen.drop("value", "rule"), origins.drop("value", "rule")
    return Golden(conform(chosen, GOLDEN, "golden"), conform(origins, PROVENANCE, "provenance"))
