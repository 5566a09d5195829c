"""Match weights by Splink: each distinct pattern of levels is scored once, then every pair takes its pattern's weight.

The weight of a pair depends on nothing but its levels, so ten million pairs with a few thousand patterns cost what a
few thousand pairs cost. Splink sees two tables: the patterns, and one record to pair each of them with.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from mdm.match.compare_values import Levels
from mdm.match.model import ComparisonModel, PopulationModel

MICRO: Final = 1_000_000
OTHER: Final = -1
"""The id of the one record that every pattern is paired with."""


def splink_settings(model: PopulationModel) -> SettingsCreator:
    """The model in Splink's own form, over columns that hold levels."""
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="pattern",
        comparisons=[_comparison(c) for c in model.comparisons],
        blocking_rules_to_generate_predictions=[block_on("pattern")],
        probability_two_random_records_match=model.prior,
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )


def _comparison(model: ComparisonModel) -> comparisons.CustomComparison:
    column = f'"{model.name}_l"'
    missing = levels.CustomLevel(f"{column} = -1", "missing").configure(is_null_level=True)
    known = [
        levels.CustomLevel(f"{column} = {x.level}", x.label).configure(m_probability=x.m, u_probability=x.u)
        for x in reversed(model.levels)
    ]
    return comparisons.CustomComparison(output_column_name=model.name, comparison_levels=[missing, *known])


def match_weights(found: dict[str, Levels], model: PopulationModel) -> npt.NDArray[np.int64]:
    """The match weight of each pair in millionths of a bit, rounded half to even, as Splink scores it."""
    names = [c.name for c in model.comparisons]
    if not len(found[names[0]]):
        return np.zeros(0, dtype=np.int64)
    first, place = distinct_patterns(found, model)
    patterns = pl.DataFrame({"pattern": np.arange(len(first)), **{n: found[n][first].astype(np.int64) for n in names}})
    weight = _score_patterns(patterns, model)
    return np.rint(weight * MICRO).astype(np.int64)[place]


def distinct_patterns(
    found: Mapping[str, Levels], model: PopulationModel
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """For each distinct pattern of levels a pair that has it, in the order of the patterns; each pair's pattern."""
    code = np.zeros(len(found[model.comparisons[0].name]), dtype=np.int64)
    for c in model.comparisons:
        code = code * (len(c.levels) + 1) + (found[c.name].astype(np.int64) + 1)
    _, first, place = np.unique(code, return_index=True, return_inverse=True)
    return first, place


def _score_patterns(patterns: pl.DataFrame, model: PopulationModel) -> npt.NDArray[np.float64]:
    names = patterns.columns[1:]
    other = pl.DataFrame({"pattern": [OTHER], **{n: [-1] for n in names}}, schema=patterns.schema)
    pairs = patterns.select(
        match_key=pl.lit("0"), join_key_l=pl.col("pattern"), join_key_r=pl.lit(OTHER, dtype=pl.Int64)
    )
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        api = DuckDBAPI(connection)
        records = api.register(pl.concat([patterns, other]), dataset_display_name="patterns")
        linker = Linker(records, splink_settings(model), log_level=logging.ERROR)
        linker.table_management.register_blocked_pairs_for_predict(
            api.register(pairs, dataset_display_name="pattern_pairs")
        )
        scored = linker.inference.predict(warning_mode="never")
        rows = connection.sql(
            f'select pattern_l, match_weight from "{scored.physical_name}" order by pattern_l'  # noqa: S608 - Splink's own table name
        ).fetchnumpy()
    return np.asarray(rows["match_weight"], dtype=np.float64)
