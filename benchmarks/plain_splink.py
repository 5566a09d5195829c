"""Plain Splink as an expert would write it, on the same standard records: one JSON list of stages on stdout.

Comparisons on name, place, telephone, web and identifier; eight blocking rules, each without the values that more than
a hundred records share (Splink has no cap of its own, and at a million records such values make most of the pairs);
u by random sampling and m by expectation maximisation, both counted as training; one threshold and Splink's own
connected components.
"""

from __future__ import annotations

import json
import logging
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import polars as pl
import splink.comparison_library as cl
from labelled_sets import read_project, read_set
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from mdm.app.watch import peak_memory_mb

THRESHOLD = 0.95
MOST = 100
KEYS = {
    "by_name": ["name"],
    "by_identifier": ["identifier"],
    "by_phone": ["phone"],
    "by_domain": ["domain"],
    "by_email": ["email"],
    "by_word_and_postcode": ["first_word", "postcode"],
    "by_word_and_city": ["first_word", "city"],
    "by_house": ["postcode", "house_number", "street"],
}
"""The blocking rules: columns that hold these values joined, and nothing where too many records hold the same."""
SEED = 1


def table(standard: pl.DataFrame) -> pl.DataFrame:
    """The columns plain Splink compares."""
    first = {"phone": "phones", "domain": "domains", "identifier": "identifiers", "email": "emails"}
    plain = standard.select(
        pl.col("rid").alias("unique_id"),
        pl.col("name_core").alias("name"),
        pl.col("name_core").str.split(" ").list.first().alias("first_word"),
        "street",
        "house_number",
        "postcode",
        "city",
        "country",
        *(pl.col(column).list.first().alias(name) for name, column in first.items()),
    )
    keyed = plain.with_columns(pl.concat_str(columns, separator="|").alias(key) for key, columns in KEYS.items())
    return keyed.with_columns(pl.when(pl.len().over(key) <= MOST).then(key).alias(key) for key in KEYS)


def settings() -> SettingsCreator:
    """The expert's model."""
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.95, 0.88, 0.8]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("street", [0.9]),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("city", [0.9]),
            cl.ExactMatch("country"),
            cl.ExactMatch("phone"),
            cl.ExactMatch("domain"),
            cl.ExactMatch("identifier"),
        ],
        blocking_rules_to_generate_predictions=[block_on(key) for key in KEYS],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )


def run(standard: pl.DataFrame) -> tuple[list[dict[str, object]], pl.DataFrame]:
    """Stages with seconds and peak memory, and the clusters (rid, cluster)."""
    stages: list[dict[str, object]] = []

    def done(name: str, start: float) -> None:
        stages.append({"stage": name, "seconds": round(time.perf_counter() - start, 2), "peak_mb": peak_memory_mb()})

    with tempfile.TemporaryDirectory() as spill, duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute(f"set temp_directory = '{spill}'")
        connection.execute("set memory_limit = '8GB'")
        api = DuckDBAPI(connection)
        linker = Linker(
            api.register(table(standard), dataset_display_name="records"), settings(), log_level=logging.ERROR
        )
        start = time.perf_counter()
        train = linker.training
        train.estimate_probability_two_random_records_match(
            [block_on("by_identifier"), block_on("by_name", "city")], recall=0.6
        )
        train.estimate_u_using_random_sampling(max_pairs=1e6, seed=SEED)
        for rule in (block_on("by_name"), block_on("by_house"), block_on("by_domain")):
            _expectation_maximisation(linker, rule)
        done("train", start)
        start = time.perf_counter()
        linker.inference.compute_blocked_pairs_for_predict()
        done("block", start)
        start = time.perf_counter()
        scored = linker.inference.predict(threshold_match_probability=0.5, warning_mode="never")
        done("score", start)
        start = time.perf_counter()
        found = linker.clustering.cluster_pairwise_predictions_at_threshold(
            scored, threshold_match_probability=THRESHOLD
        )
        clusters = connection.table(found.physical_name).pl().select(rid="unique_id", cluster="cluster_id")
        done("cluster", start)
    return stages, clusters


def _expectation_maximisation(linker: Linker, rule: object) -> None:
    """One training session; a rule that finds no pairs in this set trains nothing."""
    try:
        linker.training.estimate_parameters_using_expectation_maximisation(rule, max_pairs=1e6)
    except Exception as error:  # noqa: BLE001 - Splink's own errors have no public name
        print(f"no training by {rule}: {type(error).__name__}", file=sys.stderr)


def main() -> None:
    where = sys.argv[1]
    data = read_project(Path(where)) if Path(where).is_dir() else read_set(where)
    stages, _ = run(data.standard)
    json.dump(stages, sys.stdout)


if __name__ == "__main__":
    main()
