"""Values that stewards set, as survivorship is told of them."""

from __future__ import annotations

from typing import Final

import polars as pl

OVERRIDDEN: Final = ("master_id", "attribute", "value", "author")


def overriding(overrides: pl.DataFrame) -> pl.DataFrame:
    """OVERRIDES with the rule that provenance names: the decision and its author."""
    rule = pl.format("decision {} of {}", "id", "author")
    return overrides.select("master_id", "attribute", "value", rule=rule)
