"""How fast the desk is on 200,000 customers: `make bench-ui`.

The customers of the demo about whom something is asked are copied until there are enough, into a store of their own.
Real Chromium then opens the desk, turns pages, walks through pairs and decides by key, alone and beside other stewards,
who speak the desk's protocol without a browser (desk_clients.py). Prints medians and 95th percentiles from key to new
content, the server's CPU for each run of a page, and what was lost or doubled. Ends with code 1 where a decision was
lost or doubled or a figure to hold does not hold.
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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

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

NEXT_MS: Final = 50.0
PAGE_MS: Final = 300.0
SAVED_MS: Final = 1_000.0
COLD_SECONDS: Final = 10.0
"""The figures to hold at the 95th of 100: from key to the next pair, to the next page of a list, and until an answer is
acknowledged; and from starting the desk to its first page."""

APART: Final = 500
"""Pairs between those at which two stewards begin, so that they never meet."""

CLIENTS: Final = Path(__file__).parent / "desk_clients.py"
SIDES: Final = ("l", "r")
KEYS: Final = ("system_l", "key_l", "system_r", "key_r")

TEXT: Final = """() => [...document.querySelectorAll('*')].filter(e => e.shadowRoot)
  .map(e => [...e.shadowRoot.querySelectorAll('thead, tbody a')].map(x => x.textContent).join(' ')).join(' ')"""
"""The heads of all tables and their first links: what is another text on the next page and on the next pair."""
PRESSED: Final = """() => addEventListener('keydown', () => { window.pressed = performance.now(); }, true)"""
CHANGED: Final = f"(before) => ({TEXT})() !== before && ({TEXT})().length > 40 && performance.now() - window.pressed"
WATCH: Final = """() => {
  const inside = [...document.querySelectorAll('*')].map(e => e.shadowRoot).find(r => r && r.querySelector('.review'));
  const drawn = inside.querySelector('.case'), saved = inside.querySelector('.saved');
  Object.assign(window, {shown: [], kept: [], open: false, unsaved: false});
  addEventListener('keydown', () => { pressed = performance.now(); open = unsaved = true; }, true);
  new MutationObserver(() => requestAnimationFrame(() => {
    if (!open || drawn.textContent.includes('on their way') || drawn.textContent.includes('on its way')) return;
    open = false;
    shown.push(performance.now() - pressed);
  })).observe(drawn, {childList: true});
  new MutationObserver(() => {
    if (!unsaved || saved.textContent !== 'All saved') return;
    unsaved = false;
    kept.push(performance.now() - pressed);
  }).observe(saved, {childList: true, characterData: true, subtree: true});
}"""
"""Notes for each key when the next pair was drawn, and when all answers were acknowledged."""


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
    page.bring_to_front()
    for _ in range(times):
        before = page.evaluate(TEXT)
        page.keyboard.press(key)
        found.append(float(page.wait_for_function(CHANGED, arg=before, timeout=60_000).json_value()))
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


def walked(page: Page, key: str, times: int, pause: float = 0.4) -> tuple[list[float], list[float]]:
    """Milliseconds from a key to the frame in which the next pair is there, and until all answers are acknowledged."""
    page.bring_to_front()  # a browser draws no frames of a page behind another
    page.evaluate("() => { shown.length = kept.length = 0 }")
    for _ in range(times):
        page.keyboard.press(key)
        page.wait_for_function("() => !open", timeout=60_000)  # nobody answers what is not shown yet
        page.wait_for_timeout(1000 * pause)
    page.get_by_text("All saved", exact=True).wait_for()
    return page.evaluate("() => shown"), page.evaluate("() => kept")


@dataclass
class Measured:
    """What was measured: milliseconds by act, seconds to the first page, CPU milliseconds a run of a page, and what
    should be in the store: how many statements, and the answer that stands on each pair of the stewards.
    """

    acts: dict[str, list[float]] = field(default_factory=dict)
    cold: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)
    statements: int = 0
    standing: dict[str, str] = field(default_factory=dict)

    def slow(self) -> list[str]:
        held = {"next pair": NEXT_MS, "page": PAGE_MS, "acknowledged": SAVED_MS}
        limits = {name: ms for name in self.acts for word, ms in held.items() if word in name}
        return [name for name, ms in limits.items() if np.percentile(self.acts[name], 95) > ms]


def in_the_browser(project: Path, path: str, starts: list[list[str]], options: argparse.Namespace) -> Measured:
    found = Measured()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as scratch:
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if root else [])
        since = time.perf_counter()
        with served(project) as url:
            opened(browser, url).close()
            found.cold = time.perf_counter() - since
            port, first = url.rpartition(":")[2], f"pair?{urlencode({'left': starts[0][0], 'right': starts[0][1]})}"
            lists, review = opened(browser, f"{url}/review"), opened(browser, f"{url}/{first}")
            review.evaluate(WATCH)
            used = cpu_seconds(port)
            found.acts["next page of the queue"] = timed(lists, "j", options.times)
            found.cpu["a page of the queue"] = 1000 * (cpu_seconds(port) - used) / options.times
            found.acts["a key that does nothing"] = bare(review, options.times)
            _walk(review, found, "", options.times)
            others = Path(scratch) / "starts.json"
            others.write_text(json.dumps(starts[1:]), encoding="utf-8")
            command = [sys.executable, CLIENTS, url, others, "--seconds", str(options.seconds)]
            used, crowd = cpu_seconds(port), f", beside {options.stewards} stewards"
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
                time.sleep(options.seconds / 4)  # all of them have arrived
                found.acts[f"next page of the queue{crowd}"] = timed(lists, "j", options.times)
                found.acts[f"a key that does nothing{crowd}"] = bare(review, options.times)
                _walk(review, found, crowd, options.times)
                out, _ = process.communicate()
            told = json.loads(out)
            runs = told["runs"] + 2 * options.times
            found.cpu[f"a run of the review{crowd}"] = 1000 * (cpu_seconds(port) - used) / runs
            print(f"{len(told['problems'])} parcels were sent again:", *sorted(set(told["problems"])))
            found.acts["acknowledged, all other stewards"] = told["milliseconds"]
            found.statements, found.standing = told["statements"] + 2 * options.times, told["standing"]
        browser.close()
    return found


def bare(page: Page, times: int) -> list[float]:
    """Milliseconds from a key that does nothing to the next frame: the browser's own share on this machine now."""
    page.bring_to_front()
    page.evaluate(
        "() => { window.frames_ = []; addEventListener('keydown', (e) => { const since = performance.now();"
        " if (e.key === 'z') requestAnimationFrame(() => frames_.push(performance.now() - since)) }, true) }"
    )
    for _ in range(times):
        page.keyboard.press("z")
        page.wait_for_timeout(100)
    return page.evaluate("() => frames_")


def _walk(page: Page, found: Measured, crowd: str, times: int) -> None:
    found.acts[f"next pair{crowd}"], _ = walked(page, "j", times)
    found.acts[f"decide, then the next pair{crowd}"], kept = walked(page, "n", times)
    found.acts[f"acknowledged{crowd}"] = kept


def beginnings(store: Store, stewards: int) -> list[list[str]]:
    """Pairs at which stewards begin, one for the browser and one for each other, far apart in the queue."""
    asked = store.read_questions().sort("weight", *KEYS, descending=[True, *[False] * len(KEYS)])
    apart = min(APART, asked.height // (stewards + 1))
    rows = [asked.row(n * apart, named=True) for n in range(stewards + 1)]
    return [[f"{row['system_l']}:{row['key_l']}", f"{row['system_r']}:{row['key_r']}"] for row in rows]


def wrong(store: Store, found: Measured) -> list[str]:
    """Decisions that were lost, doubled, or are others than were pressed."""
    decisions = store.decisions()
    stands = decisions.filter(pl.col("stands") & (pl.col("kind") != "withdrawn")).iter_rows(named=True)
    names = {f"{d['system_l']}:{d['key_l']}\n{d['system_r']}:{d['key_r']}": d["kind"] for d in stands}
    others = {name: answer for name, answer in found.standing.items() if names.get(name) != answer}
    told = [f"{name!r}: {answer}, in the store {names.get(name)}" for name, answer in others.items()]
    if decisions.height != found.statements:
        told.append(f"{found.statements} statements were made, {decisions.height} are in the store")
    return told


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=200_000)
    parser.add_argument("--times", type=int, default=40, help="how often each act is measured")
    parser.add_argument("--stewards", type=int, default=20, help="others who decide meanwhile, without a browser")
    parser.add_argument("--seconds", type=float, default=90, help="how long these work")
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
            starts = beginnings(store, options.stewards)
        found = in_the_browser(project, path, starts, options)
        with open_store(f"sqlite:///{project / 'mdm.sqlite'}") as store:
            lost = wrong(store, found)
    for name, times in {**asked, **found.acts}.items():
        print(f"{name:50} median {np.median(times):7.1f} ms, p95 {np.percentile(times, 95):7.1f} ms")
    for name, each in found.cpu.items():
        print(f"{name:50} {each:.0f} ms CPU of the server")
    print(f"first page {found.cold:.1f} s after starting the desk; load {os.getloadavg()[0]:.1f}")
    print(f"statements {found.statements}, lost, doubled or others: {len(lost)}", *lost[:10], sep="\n  ")
    cold = found.cold < COLD_SECONDS
    print(json.dumps({"slower than held": found.slow(), "cold start holds": cold}))
    return 0 if not lost and not found.slow() and cold else 1


if __name__ == "__main__":
    sys.exit(main())
