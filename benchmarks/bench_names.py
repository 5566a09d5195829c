"""The comparison of company names alone, on pairs of names with a verdict: `python benchmarks/bench_names.py`.

Nothing but the two names is known. Words are rare or common among the names of this file, for want of other data. A
pair counts as alike from two and a half bits on; the weights are the shipped model's for all that is read from a name:
the name, other names, numbers and the legal form.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from labelled_sets import SHARED

from mdm.match import encode_records, load_model
from mdm.match.compare import compare
from mdm.records import MAPPED, conform
from mdm.rulebook import load_shipped
from mdm.standardise import standardise

ALIKE_FROM = 2.5
OF_A_NAME = ("name", "other_name", "number", "legal_form")
COMPANIES = ("Company", "Organization", "LegalEntity")


def weights(one: pl.Series, other: pl.Series) -> np.ndarray:
    """The weight of each pair of names, in bits."""
    pairs = len(one)
    keys = [f"{at:06d}" for at in range(pairs)]
    given = pl.DataFrame({"system": ["a"] * pairs + ["b"] * pairs, "key": keys * 2, "name": pl.concat([one, other])})
    absent = [pl.lit(None, dtype=kind).alias(role) for role, kind in MAPPED.items() if role not in given.columns]
    mapped = conform(given.with_columns(absent).with_columns(row_hash=pl.lit("")), MAPPED, "names").sort(
        "system", "key"
    )
    encoded = encode_records(standardise(mapped, load_shipped().standardise, {}))
    left = np.arange(pairs, dtype=np.int32)
    levels = compare(encoded, left, left + np.int32(pairs))
    total = np.zeros(pairs)
    for comparison in load_model().organisation.comparisons:
        if comparison.name in OF_A_NAME:
            total += np.array([0.0, *(level.weight for level in comparison.levels)])[levels[comparison.name] + 1]
    return total


def main() -> None:
    found = pl.read_csv(SHARED / "name_bench_pairs" / "pairs.csv", infer_schema=False)
    found = found.filter(pl.col("schema").is_in(COMPANIES))
    alike = weights(found["name1"].alias("name"), found["name2"].alias("name")) >= ALIKE_FROM
    match = (found["is_match"] == "true").to_numpy()
    hits = int((alike & match).sum())
    precision, recall = hits / alike.sum(), hits / match.sum()
    f1 = 2 * precision * recall / (precision + recall)
    print(f"{len(match)} company pairs: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")


if __name__ == "__main__":
    main()
