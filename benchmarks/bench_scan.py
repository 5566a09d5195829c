"""A million records through `mdm scan`, beside plain Splink on the same standardised table: `make bench`.

Prints a table of seconds and peak memory by stage. The generated project is kept in .cache/ for the next run.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
CACHE = ROOT / ".cache" / "bench"
SEED = 1
PATIENCE = 600


def generated(records: int) -> Path:
    """A generated project of about that many records, made once."""
    folder = CACHE / f"records-{records}"
    if not (folder / "truth.csv").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        command = ["-m", "sample_data.generate", "--seed", str(SEED), "--records", str(records), "--out", str(folder)]
        subprocess.run([sys.executable, *command], cwd=ROOT, check=True)
    return folder


def scan(project: Path, *options: str) -> dict[str, object]:
    """One `mdm scan` in a process of its own."""
    command = [sys.executable, "-c", "from mdm.cli import main; main()", "scan", str(project), "--json", *options]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def plain_splink(project: Path) -> list[dict[str, object]]:
    """Plain Splink's block, score and cluster on the standard records of that project, in a process of its own.

    Without caps on blocks it may not end at all: after ten minutes it is stopped and the table says so.
    """
    command = [sys.executable, str(ROOT / "benchmarks" / "plain_splink.py"), str(project)]
    try:
        done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True, timeout=PATIENCE)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        return [{"stage": f"not finished ({type(error).__name__})", "seconds": PATIENCE, "peak_mb": 0}]
    return json.loads(done.stdout)


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--records", type=int, default=1_000_000)
    p.add_argument("--no-splink", action="store_true")
    a = p.parse_args()
    source = generated(a.records)
    with tempfile.TemporaryDirectory(prefix="mdm-bench-") as scratch:
        project = Path(scratch) / "project"
        project.mkdir()
        for entry in source.iterdir():
            (project / entry.name).symlink_to(entry.resolve())
        first = scan(project)
        second = scan(project)
        rows = [("mdm scan, first", s) for s in first["stages"]] + [
            ("mdm scan, unchanged", s) for s in second["stages"]
        ]
        if not a.no_splink:
            rows += [("plain Splink", s) for s in plain_splink(project)]
        store = (project / "mdm.sqlite").stat().st_size
    counts = first["counts"]
    print(f"\n{counts['records']:,} records, {counts['customers']:,} customers,")
    print(f"{counts['pairs_compared']:,} pairs compared,")
    print(
        f"store {store / 1e6:,.0f} MB, same hash: {first['result_hash'] == second['result_hash']}, "
        f"rows written by the second scan: {second['rows_written']}\n"
    )
    print(f"{'run':<22}{'stage':<26}{'seconds':>9}{'peak MB':>9}")
    for name, stage in rows:
        print(f"{name:<22}{stage['stage']:<26}{stage['seconds']:>9.1f}{stage['peak_mb']:>9,}")
    for name in dict.fromkeys(name for name, _ in rows):
        total = sum(float(s["seconds"]) for n, s in rows if n == name)
        print(f"{name:<22}{'total':<26}{total:>9.1f}")


if __name__ == "__main__":
    main()
