"""The manifest of a run: everything its result depends on, so that anyone can repeat it and compare."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from typing import Any, Final

from mdm import __version__
from mdm.app.decided import PAIR
from mdm.app.hashes import hash_parts, hash_table
from mdm.app.inputs import Inputs
from mdm.app.overridden import OVERRIDDEN
from mdm.app.pipeline import Before, Result
from mdm.match import MatchModel, Refined
from mdm.records import CROSSWALK
from mdm.rulebook import FileFormatRules, Rulebook, rules_hash

ENGINES: Final = ("splink", "duckdb", "polars", "scipy", "rapidfuzz")
SEED: Final = 0
"""Nothing in a run is drawn by chance; the number stands in the manifest so that this stays a promise."""


def make_manifest(inputs: Inputs, rulebook: Rulebook, weighing: Refined) -> dict[str, Any]:
    """Hashes of files and rules, the model and what its guards found, the versions of what computed, the seed."""
    model = weighing.model
    return {
        "inputs": [
            {"system": system, "file": f.path, "table": f.table, "sha256": f.sha256, "rows": f.rows_in}
            for system, f in inputs.files
        ],
        "rules_hash": rules_hash(rulebook),
        "model": {
            "version": model.version,
            "sha256": model.digest,
            "guards": [asdict(guard) for guard in weighing.guards],
        },
        "engines": dict(engine_versions()),
        "seed": SEED,
    }


@cache
def engine_versions() -> Mapping[str, str]:
    """Versions of everything that takes part in a result."""
    return {"mdm": __version__, "python": platform.python_version(), **{name: version(name) for name in ENGINES}}


def input_hash(inputs: Inputs, rulebook: Rulebook, model: MatchModel, before: Before) -> str:
    """One hash over everything a result follows from: records, rules, model, standing decisions, engines.

    Files may be renamed, reordered or written in another encoding without changing it.
    """
    versions = engine_versions()
    return hash_parts(
        {
            "records": hash_table(inputs.mapped.select("system", "key", "row_hash"), key=["system", "key"]),
            "rules": content_hash(rulebook),
            "model": model.digest,
            "must": hash_table(before.must, key=before.must.columns),
            "cannot": hash_table(before.cannot, key=before.cannot.columns),
            "evidence": hash_table(before.evidence.select(*PAIR, "evidence"), key=list(PAIR)),
            "overrides": hash_table(before.overrides.select("id", *OVERRIDDEN), key=["id"]),
            "pins": hash_table(before.pins.select(list(CROSSWALK)), key=["system", "key"]),
            "engines": {name: versions[name] for name in ("mdm", *ENGINES)},
        }
    )


def content_hash(rulebook: Rulebook) -> str:
    """A hash of the rules without where files lie and how they are written: that changes no record."""
    bare = tuple(s.model_copy(update={"path": "", "format": FileFormatRules(), "label": ""}) for s in rulebook.sources)
    return rules_hash(rulebook.model_copy(update={"sources": bare}))


def result_hash(result: Result) -> str:
    """One hash over clusters, master ids, golden values with provenance, steward pairs and publish changes."""
    review = result.review.drop("weight", "probability")
    return hash_parts(
        {
            "crosswalk": hash_table(result.assignment.crosswalk.select(list(CROSSWALK)), key=["system", "key"]),
            "golden": hash_table(result.golden.golden, key=["master_id"]),
            "provenance": hash_table(result.golden.provenance, key=["master_id"]),
            "review": hash_table(review, key=["system_l", "key_l", "system_r", "key_r"]),
            "changes": hash_table(result.changes, key=["target", "key", "field"]),
        }
    )
