"""Stewards who decide while a scan is at work: `make bench-concurrency`.

A generated project is scanned; then a part of its records changes, and beside the second scan twenty stewards answer
questions of the queue, as threads of one process, like the desk serves them. Prints how long a decision took, how long
the scan held the write lock at a time, and what was lost. Ends with code 1 where a figure to hold does not hold.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from bench_scan import ROOT, generated

from mdm.app import open_project, operator
from mdm.app.desk import Desk
from mdm.app.threads import share_promptly
from mdm.errors import MdmError
from mdm.records import RecordKey, SystemName
from mdm.settings import load_settings
from mdm.steward import Said, ordered

P95_MS, LOCK_MS = 150.0, 100.0
"""The figures to hold: a decision at the 95th of 100, and one lock of the scan at the 99th."""

THINK_SECONDS = (1.0, 5.0)
"""How long a steward looks at a pair; nobody takes less than a second all morning."""

AHEAD = 12
"""So many pairs are read at once, as the review does."""

CHANGED_FILE = Path("data/odoo/res_partner.csv")
CHANGED_SHARE = 2
"""One record in so many of that system changes its name between the two scans."""

TIMED = """
import json, os, sys, time
from contextlib import contextmanager
from mdm.store import database

writing, held = database.Database.writing, []

@contextmanager
def timed(self):
    with writing(self) as connection:
        since = time.perf_counter()
        yield connection
    held.append(time.perf_counter() - since)

database.Database.writing = timed
from mdm.cli import main
try:
    main()
finally:
    with open(os.environ["LOCK_TIMES"], "w") as out:
        json.dump(held, out)
"""
"""`mdm` with a clock at the lock: from the moment a transaction has it until it is committed."""


Pairs = list[tuple[RecordKey, RecordKey]]


@dataclass
class Tally:
    """What the stewards saw. `numbers` are the decisions the store says it has taken."""

    seconds: list[float] = field(default_factory=list)
    reading: list[float] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def scan(project: Path, locks: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", TIMED, "scan", str(project), "--json"]
    environment = os.environ | {"LOCK_TIMES": str(locks)}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def finished(process: subprocess.Popen[str]) -> dict[str, object]:
    said, _ = process.communicate()
    if process.returncode:
        sys.exit(f"The scan ended with code {process.returncode}.")
    return json.loads(said)


def change(project: Path) -> int:
    """Give every second record of one system another name; returns how many."""
    path, count = project / CHANGED_FILE, 0
    with path.open(encoding="cp1252", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    for row in rows[1::CHANGED_SHARE]:
        row[1] += " Neu"
        count += 1
    path.unlink()
    with path.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    return count


def copied(source: Path, project: Path) -> None:
    """The project with links to its files, but for the one that will change."""
    for path in source.rglob("*"):
        place = project / path.relative_to(source)
        if path.is_dir():
            place.mkdir(parents=True, exist_ok=True)
        elif path.relative_to(source) == CHANGED_FILE:
            place.write_bytes(path.read_bytes())
        elif path.name != "mdm.sqlite":
            place.symlink_to(path.resolve())


def read_truth(project: Path) -> dict[tuple[str, str], str]:
    """Which customer each record is of: stewards know, so their answers fit together."""
    with (project / "truth.csv").open(encoding="utf-8", newline="") as file:
        return {(row["source"], row["id"]): row["entity_id"] for row in csv.DictReader(file)}


def steward(number: int, desk: Desk, pairs: Pairs, over: threading.Event, seen: Tally) -> None:
    """Look at one pair after the other and decide about it, until the scan has ended."""
    dice, truth = random.Random(number), read_truth(desk.project.folder)  # noqa: S311 - seeded times to think
    shown: dict[tuple[RecordKey, RecordKey], str] = {}
    over.wait(dice.uniform(0, AHEAD * sum(THINK_SECONDS) / 2))  # nobody begins in the same second as all others
    for at, pair in enumerate(pairs):
        if at % AHEAD == 0:
            began = time.perf_counter()
            shown = {(p.left, p.right): p.evidence for p in desk.pairs([ordered(*p) for p in pairs[at : at + AHEAD]])}
            seen.reading.append(time.perf_counter() - began)
        if over.wait(dice.uniform(*THINK_SECONDS)):
            return
        one, other = ordered(*pair)
        answer = "match" if truth.get((one.system, one.key)) == truth.get((other.system, other.key)) else "do_not_match"
        said = Said(f"steward {number}", datetime.now(UTC).isoformat(timespec="seconds"), "bench")
        began = time.perf_counter()
        try:
            seen.numbers.append(desk.decide(answer, one, other, said, seen=shown.get((one, other), "")))
            seen.seconds.append(time.perf_counter() - began)
        except MdmError as error:
            contradiction = type(error).__name__ == "DecisionRefused"
            (seen.refused if contradiction else seen.errors).append(str(error))


def open_pairs(links: pl.DataFrame, crosswalk: pl.DataFrame) -> Pairs:
    """The pairs that wait for a person, between two customers, strongest first."""
    for side in "lr":
        named = crosswalk.rename({"system": f"system_{side}", "key": f"key_{side}", "master_id": f"master_{side}"})
        links = links.join(named, on=[f"system_{side}", f"key_{side}"])
    keys = ["system_l", "key_l", "system_r", "key_r"]
    asked = links.filter(pl.col("master_l") != pl.col("master_r")).sort(
        "weight", *keys, descending=[True] + 4 * [False]
    )
    return [(RecordKey(SystemName(a), b), RecordKey(SystemName(c), d)) for a, b, c, d in asked.select(keys).iter_rows()]


def decide_beside(project: Path, process: subprocess.Popen[str], stewards: int) -> tuple[Tally, dict[str, object]]:
    share_promptly()  # as the desk does
    loaded = open_project(project, load_settings({}))
    with loaded.open_scanned_store() as store:
        desk = Desk(loaded, store, operator({}, "bench"))
        pairs = open_pairs(store.read_links("review"), store.read_crosswalk())
        over, seen = threading.Event(), Tally()
        threads = [
            threading.Thread(target=steward, args=(n, desk, pairs[n::stewards], over, seen)) for n in range(stewards)
        ]
        for thread in threads:
            thread.start()
        try:
            said = finished(process)
        finally:
            over.set()
            for thread in threads:
                thread.join()
        kept = set(store.decisions()["id"].to_list())
        seen.errors += [f"decision {number} was lost" for number in seen.numbers if number not in kept]
    return seen, said


def told(name: str, seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    at = {p: 1_000 * ordered[min(len(ordered) - 1, int(len(ordered) * p / 100))] for p in (50, 95, 99)}
    figures = {**{f"p{p}": value for p, value in at.items()}, "max": 1_000 * ordered[-1]}
    print(f"{name:<34}{len(ordered):>8,}" + "".join(f"{value:>9.1f}" for value in figures.values()))
    return figures


def main() -> int:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--records", type=int, default=200_000)
    p.add_argument("--stewards", type=int, default=20)
    p.add_argument("--project", type=Path, help="a generated project; else one is made and kept in .cache/")
    a = p.parse_args()
    with tempfile.TemporaryDirectory(prefix="mdm-bench-") as scratch:
        project, locks = Path(scratch) / "project", Path(scratch) / "locks.json"
        copied(a.project or generated(a.records), project)
        first = finished(scan(project, locks))
        first_locks = json.loads(locks.read_text())
        changed = change(project)
        seen, second = decide_beside(project, scan(project, locks), a.stewards)
        second_locks = json.loads(locks.read_text())
        done = subprocess.run([sys.executable, "-m", "mdm", "verify", str(project)], cwd=ROOT, check=False, stdout=-1)
    print(f"\n{first['counts']['records']:,} records, {changed:,} changed, {second['rows_written']:,} rows written")
    for name, run in (("first", first), ("second", second)):
        print(f"{name} scan: " + ", ".join(f"{s['stage']} {s['seconds']:.1f} s" for s in run["stages"]))
    print(f"\n{'':<34}{'count':>8}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'max ms':>9}")
    told("lock held, first scan", first_locks)
    held = told("lock held, scan beside stewards", second_locks)
    told(f"{AHEAD} pairs read ahead", seen.reading)
    taken = told(f"decision, {a.stewards} stewards", seen.seconds)
    print(f"\n{len(seen.refused)} contradictions refused, {len(seen.errors)} errors or lost decisions; ", end="")
    print(f"verify: {'holds' if done.returncode == 0 else 'DOES NOT HOLD'}")
    for error in seen.errors[:5]:
        print(f"  {error}")
    holds = taken["p95"] <= P95_MS and held["p99"] <= LOCK_MS and not seen.errors and done.returncode == 0
    print("The figures hold." if holds else f"The figures do not hold: p95 {P95_MS:.0f} ms, lock p99 {LOCK_MS:.0f} ms.")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
