"""Quality on the labelled sets, run with default settings beside plain Splink: `make bench-quality`.

For each set: `mdm dedupe` with nothing but the names of the key and source columns, scored by the project's own
metric. Exits with 1 when a set falls more than .01 below the figure recorded in docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import polars as pl
from labelled_sets import OTHERS, SETS, SHARED, read_set
from plain_splink import run

from mdm.app.truth import evaluate

ROOT = Path(__file__).parents[1]
RECORD = ROOT / "docs" / "benchmarks.md"
ALLOWED = 0.01


def dedupe(name: str, into: Path) -> pl.DataFrame:
    """Clusters of a set by the command, with default settings."""
    options = ["--source-column", "source", "--key-column", "id", "--out", str(into)]
    command = [
        sys.executable,
        "-c",
        "from mdm.cli import main; main()",
        "dedupe",
        str(SHARED / name / "records.csv"),
        *options,
    ]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    clusters = pl.read_csv(into / "clusters.csv", infer_schema=False)
    return clusters.rename({"source_system": "system", "source_key": "key"})


def plain_splink_f1(name: str) -> float:
    """Pairwise F1 of plain Splink at its threshold, trained without labels."""
    data = read_set(name)
    try:
        _, found = run(data.standard)
    except Exception as error:  # noqa: BLE001 - Splink's own errors have no public name
        print(f"plain Splink failed on {name}: {type(error).__name__}", file=sys.stderr)
        return float("nan")
    lists = data.standard.select("rid", "system", "key").join(found, on="rid")
    spelled = {x.system: x.source_value for x in data.inputs.landed if x.source_value is not None}
    clusters = lists.select(pl.col("system").replace(spelled), "key", master_id=pl.col("cluster").cast(pl.String))
    return evaluate(clusters, SHARED / name / "truth.csv").f1


def recorded() -> dict[str, float]:
    """The F1 of each set in the table of docs/benchmarks.md."""
    rows = re.findall(r"^\| (\w+) \|(?:[^|]*\|){2} \**([01]?\.\d+)\** \|", RECORD.read_text(), re.MULTILINE)
    return {name: float(f1) for name, f1 in rows}


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("sets", nargs="*", default=[*SETS, *OTHERS])
    p.add_argument("--no-splink", action="store_true")
    a = p.parse_args()
    if not SHARED.is_dir():
        print("The labelled sets are not here: ../shared/data does not exist. Nothing was measured.")
        return
    known, failed = recorded(), []
    print("| set | precision | recall | F1 | B-cubed F1 | records | plain Splink F1 |\n|---|---|---|---|---|---|---|")
    for name in a.sets:
        with tempfile.TemporaryDirectory() as scratch:
            s = evaluate(dedupe(name, Path(scratch)), SHARED / name / "truth.csv")
        splink = "" if a.no_splink else f"{plain_splink_f1(name):.3f}"
        print(
            f"| {name} | {s.precision:.3f} | {s.recall:.3f} | {s.f1:.3f} | {s.b3_f1:.3f} | {s.records:,} | {splink} |",
            flush=True,
        )
        if s.missing or s.f1 < known.get(name, 0) - ALLOWED:
            failed.append(f"{name}: F1 {s.f1:.3f}, recorded {known.get(name, 0):.3f}, {s.missing} records missing")
    if failed:
        sys.exit("Worse than recorded: " + "; ".join(failed))


if __name__ == "__main__":
    main()
