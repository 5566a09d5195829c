"""How fast the desk is on 200,000 customers: `make bench-ui`.

The customers of the demo about whom something is asked are copied until there are enough, into a store of their own.
Real Chromium then opens the desk, turns pages, walks through pairs and decides by key, while other windows walk too.
Prints medians and 95th percentiles from key to new content, the server's CPU per answer, and what was lost or doubled.
Ends with code 1 where a decision was lost or doubled or a figure to hold does not hold.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from playwright.sync_api import Browser, Page, expect, sync_playwright

from mdm.app import open_project
from mdm.records import LINEAGE, format_master_id
from mdm.settings import load_settings
from mdm.store import Sought, Store, open_store

ROOT: Final = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "scripts"))
from chromium import chromium  # noqa: E402 - the scripts are no package
from screenshots import MDM, served  # noqa: E402 - the scripts are no package

P95_MS: Final = 300.0
COLD_SECONDS: Final = 10.0
"""The figures to hold: from key to new content, and from starting the desk to its first page."""

WALK_SECONDS: Final = 3
SIDES: Final = ("l", "r")

TEXT: Final = """() => [...document.querySelectorAll('*')].filter(e => e.shadowRoot)
  .map(e => [...e.shadowRoot.querySelectorAll('thead, tbody a')].map(x => x.textContent).join(' ')).join(' ')"""
"""The heads of all tables and their first links: what is another text on the next page and on the next pair."""
PRESSED: Final = """() => addEventListener('keydown', () => { window.pressed = performance.now(); }, true)"""
CHANGED: Final = f"(before) => ({TEXT})() !== before && ({TEXT})().length > 40 && performance.now() - window.pressed"
WALK: Final = """(ms) => setInterval(
  () => [...document.querySelectorAll('button')].find(b => b.textContent.startsWith('Next pair'))?.click(), ms)"""


def copied(demo: Path, project: Path, customers: int) -> Store:
    """A project with the rules of the demo and a store with so many customers, all of them with a question."""
    project.mkdir()
    for name in ("mdm.yaml", "rules", "models"):
        copy = shutil.copytree if (demo / name).is_dir() else shutil.copy
        if (demo / name).exists():
            copy(demo / name, project / name)
    with open_store(f"sqlite:///{demo / 'mdm.sqlite'}") as source:
        asked = source.read_questions()
        ids = pl.concat([asked[f"master_id_{side}"] for side in SIDES]).unique().sort()
        copies = -(-customers // ids.len())
        crosswalk = source.read_crosswalk().filter(pl.col("master_id").is_in(ids.implode()))
        mine = crosswalk.select("system", "key")
        links = source.read_links()
        for side in SIDES:
            links = links.join(mine, left_on=[f"system_{side}", f"key_{side}"], right_on=["system", "key"], how="semi")
        parts = {
            "records": source.read_records(mine),
            "crosswalk": crosswalk,
            "golden": source.read_golden(ids.to_frame("master_id")),
            "links": links,
            "questions": asked,
        }
        run = source.runs()[0]
    many = {name: _times(frame, copies, ids) for name, frame in parts.items()}
    masters = many["golden"].select("master_id").with_columns(sequence=pl.int_range(1, pl.len() + 1))
    store = open_project(project, load_settings({})).open_store()
    with store.begin_scan("bench", run.started_at) as lease:
        stage = store.stage_scan(lease)
        stage.put_masters(masters.with_columns(state=pl.lit("active"), into=pl.lit(None, pl.String)))
        stage.put_records(many["records"])
        stage.put_crosswalk(many["crosswalk"])
        stage.put_lineage(pl.DataFrame(schema=dict(LINEAGE)))
        stage.put_golden(many["golden"])
        stage.put_links(many["links"])
        stage.put_questions(many["questions"])
        stage.apply(run)
    return store


def _times(frame: pl.DataFrame, copies: int, ids: pl.Series) -> pl.DataFrame:
    """So many copies of the rows, each with record keys and master ids of its own."""
    place = pl.DataFrame({"id": ids, "place": range(ids.len())})
    found = frame.join(pl.DataFrame({"copy": range(copies)}), how="cross", maintain_order="right_left")
    numbers = range(1, copies * ids.len() + 1)
    named = pl.DataFrame({"number": numbers, "named": [format_master_id(n) for n in numbers]})
    for name in [n for n in frame.columns if n.startswith("master_id")]:
        found = found.join(place, left_on=name, right_on="id", how="left", maintain_order="left")
        found = found.with_columns(number=pl.col("copy") * ids.len() + pl.col("place") + 1)
        found = found.join(named, on="number", how="left", maintain_order="left")
        found = found.with_columns(pl.col("named").alias(name)).drop("place", "number", "named")
    # A hyphen sorts before digits and letters: so the smaller key of a pair stays the smaller one.
    keys = [pl.format("{}-{}", n, "copy").alias(n) for n in frame.columns if n.startswith("key")]
    return found.with_columns(keys).select(frame.columns)


def at_the_desk(store: Store, number: int) -> dict[str, list[float]]:
    """Milliseconds of what a page asks the store for, without a browser."""
    rows = store.page_questions(Sought(), limit=1).rows
    middle = store.page_questions(Sought(), (0, "m", "", "", ""), 1).rows
    place = (middle if middle.height else rows).select("weight", "system_l", "key_l", "system_r", "key_r").row(0)
    country = store.question_choices().countries[0]
    asks: dict[str, Callable[[], object]] = {
        "first page": lambda: store.page_questions(Sought()),
        "a page deep inside": lambda: store.page_questions(Sought(), place),
        "most records first": lambda: store.page_questions(Sought(order="records")),
        "of one country": lambda: store.page_questions(Sought(country=country)),
        "contradicted, by age": lambda: store.page_questions(Sought(doubt="contradicted", order="age")),
        "a word of a name": lambda: store.page_questions(Sought(search="werke")),
        "how many wait": store.count_questions,
        "before and behind a pair": lambda: store.look_around(Sought(), place),
    }
    return {name: [_milliseconds(ask) for _ in range(number)] for name, ask in asks.items()}


def _milliseconds(act: Callable[[], object]) -> float:
    since = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - since)


def timed(page: Page, key: str, times: int, pause: float = 0.2) -> list[float]:
    """Milliseconds from a key to the frame in which new content is there."""
    found = []
    for _ in range(times):
        before = page.evaluate(TEXT)
        page.keyboard.press(key)
        found.append(float(page.wait_for_function(CHANGED, arg=before, timeout=20_000).json_value()))
        settle(page)
        page.wait_for_timeout(1000 * pause)
    return found


def settle(page: Page) -> None:
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=60_000)
    expect(page.get_by_text("For data stewards.")).to_be_visible(timeout=60_000)


def opened(browser: Browser, url: str) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(60_000)
    page.goto(url)
    settle(page)
    page.evaluate(PRESSED)
    return page


def cpu_seconds(port: str) -> float:
    """CPU that the process which serves a port has used; 0 where the system does not tell."""
    ticks = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "cmdline").read_bytes().split(b"\0")
            fields = (process / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            continue
        if port.encode() in told:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def in_the_browser(
    project: Path, path: str, options: argparse.Namespace
) -> tuple[dict[str, list[float]], float, float]:
    """Milliseconds of each act by its name, seconds to the first page, CPU milliseconds of the server for one act."""
    acts: dict[str, list[float]] = {}
    with sync_playwright() as playwright:
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        args = ["--no-sandbox"] if root else []
        browser = playwright.chromium.launch(executable_path=path, args=args)
        since = time.perf_counter()
        with served(project) as url:
            page = opened(browser, url)
            cold = time.perf_counter() - since
            port = url.rpartition(":")[2]
            page.close()
            page = opened(browser, f"{url}/review")
            used = cpu_seconds(port)
            acts["next page of the queue"] = timed(page, "j", options.times)
            first = page.locator("tbody a").first.get_attribute("href")
            page.close()
            page = opened(browser, f"{url}/{first}")
            acts["next pair"] = timed(page, "j", options.times)
            acts["decide, then the next pair"] = timed(page, "n", options.times)
            each = 1000 * (cpu_seconds(port) - used) / (3 * options.times)
            # In browsers of their own: a browser slows down the windows that are not in front.
            crowded = [playwright.chromium.launch(executable_path=path, args=args) for _ in range(options.windows)]
            others = [opened(own, f"{url}/{first}") for own in crowded]
            for other in others:
                other.evaluate(WALK, 1000 * WALK_SECONDS)
            crowd = f"with {options.windows} windows more"
            acts[f"next pair, {crowd}"] = timed(page, "j", options.times)
            acts[f"decide, {crowd}"] = timed(page, "n", options.times)
            for other in crowded:
                other.close()
        browser.close()
    return acts, cold, each


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=200_000)
    parser.add_argument("--times", type=int, default=40, help="how often each act is measured")
    parser.add_argument("--windows", type=int, default=5, help="other windows that walk through pairs meanwhile")
    options = parser.parse_args()
    path = chromium(print)
    if path is None:
        sys.exit("There is no Chromium and none could be installed.")
    with tempfile.TemporaryDirectory() as scratch:
        demo, project = Path(scratch) / "demo", Path(scratch) / "many"
        subprocess.run([*MDM, "demo", "--out", str(demo)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        since = time.perf_counter()
        with copied(demo, project, options.customers) as store:
            wrote = time.perf_counter() - since
            print(f"{store.count_golden():,} customers, {store.count_questions():,} pairs waiting, in {wrote:.0f} s")
            asked = at_the_desk(store, options.times)
        acts, cold, each = in_the_browser(project, path, options)
        with open_store(f"sqlite:///{project / 'mdm.sqlite'}") as store:
            decisions = store.decisions().height
    for name, times in {**asked, **acts}.items():
        print(f"{name:45} median {np.median(times):7.1f} ms, p95 {np.percentile(times, 95):7.1f} ms")
    pressed = 2 * options.times
    print(f"first page {cold:.1f} s after starting the desk; {each:.0f} ms CPU of the server for an act")
    print(f"decisions pressed {pressed}, in the store {decisions}")
    slow = [name for name, times in acts.items() if np.percentile(times, 95) > P95_MS]
    print(json.dumps({"slower than held": slow, "cold start holds": cold < COLD_SECONDS}))
    return 0 if pressed == decisions and not slow and cold < COLD_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
