"""`mdm scan`: the main job of a project. What changed is written; an unchanged scan writes nothing."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from mdm.app.decided import PAIR
from mdm.app.engine import open_scratch
from mdm.app.held import hold_quarantined
from mdm.app.inputs import Inputs, read_inputs
from mdm.app.manifest import input_hash, make_manifest, result_hash
from mdm.app.pipeline import Before, Engine, Linked, Result, link, settle
from mdm.app.project import Project, no_sources
from mdm.app.published import highest_published
from mdm.app.shrink import refuse_shrink
from mdm.app.staging import is_known_quarantine, stage_differences
from mdm.app.standing import keep_standing, standing_of, weighing_of
from mdm.app.summary import summarise
from mdm.app.watch import Timing, Watch
from mdm.match import Refined
from mdm.rulebook import Rulebook
from mdm.settings import Settings
from mdm.store import Run, ScanLease, Store


@dataclass(frozen=True, slots=True)
class Scanned:
    """A scan's outcome. `result` is None when nothing had changed; `writes` counts the rows written to the store.

    `quarantine` (QUARANTINE) has the records that were set aside.
    """

    revision: int
    result_hash: str
    writes: int
    manifest: dict[str, Any]
    counts: dict[str, Any]
    timings: tuple[Timing, ...]
    quarantine: pl.DataFrame
    result: Result | None


def link_inputs(inputs: Inputs, project: Project, settings: Settings, watch: Watch) -> Linked:
    """Weigh the pairs of records by the project's model, in a scratch that is gone afterwards."""
    weigh_by = weighing_of(standing_of(project.folder, project.rulebook.match), project.rulebook.match)
    with tempfile.TemporaryDirectory(prefix="mdm-") as folder, open_scratch(Path(folder), settings) as connection:
        return link(inputs, project.rulebook, Engine(connection, project.model, weigh_by), watch)


@dataclass(frozen=True, slots=True)
class Senses:
    """How a scan learns of the world: what reads the sources, and what weighs their pairs of records."""

    read: Callable[[Rulebook, Path, Path], Inputs] = read_inputs
    link: Callable[[Inputs, Project, Settings, Watch], Linked] = link_inputs


@dataclass(frozen=True, slots=True)
class Call:
    """Who scans, when, and how: the clock is an argument, so that a run can be repeated. `now` is ISO text in UTC.

    `accept_shrink` names systems that may lose any number of records this once; with `full` a scan of unchanged input
    is computed again in full, to prove that it gives the same result; with `new_store` a project whose store is gone
    begins anew, with ids that were never given out. `clock` tells the moment at which the result
    becomes visible; without one that is `now`.
    `senses` are other ones than files and Splink where a scan is played through without them.
    """

    now: str
    accept_shrink: frozenset[str] = frozenset()
    full: bool = False
    new_store: bool = False
    clock: Callable[[], str] | None = None
    senses: Senses = Senses()

    def finish(self) -> str:
        """The moment at which the scan has ended."""
        return self.clock() if self.clock else self.now


def scan(project: Project, settings: Settings, call: Call, watch: Watch) -> Scanned:
    """Read the sources, find the customers, write what changed.

    Readers of the store see the state before or the state after, never one between. Raises InputRefused, GuardTripped
    or StoreRefused; then nothing has changed.
    """
    if not project.rulebook.sources:
        raise no_sources(project.folder)
    former = project.keeper.read_anchor() if call.new_store else None
    with project.make_store() if call.new_store else project.open_store() as store:
        owner = f"{os.environ.get('USER', 'mdm')}@{socket.gethostname()}"
        lease = store.begin_scan(owner, call.now)
        try:
            return _scan(project, settings, call, watch, (store, lease, former.highest_id if former else 0))
        finally:
            lease.release()


def _scan(
    project: Project, settings: Settings, call: Call, watch: Watch, held: tuple[Store, ScanLease, int]
) -> Scanned:
    store, lease, burnt = held
    with tempfile.TemporaryDirectory(prefix="mdm-") as scratch:
        with watch.stage("Read files"):
            inputs = call.senses.read(project.rulebook, project.folder, Path(scratch) / "landing")
            inputs = hold_quarantined(inputs, store)
            refuse_shrink(inputs, store.read_record_hashes(), call.accept_shrink)
            before = read_before(store)
            # After a restore, or with an old copy of the store, systems may know ids that the store does not.
            published = highest_published(inputs.current, project.rulebook.publish, before.issued)
            before = replace(before, issued=max(before.issued, published, burnt))
            given = input_hash(inputs, project.rulebook, project.model, before)
        last = store.last_run()
        standing = standing_of(project.folder, project.rulebook.match)
        known = last is not None and last.input_hash == given and is_known_quarantine(inputs.quarantine, store)
        if last and known and not call.full:
            manifest = make_manifest(inputs, project.rulebook, standing or Refined(project.model, ())) | {
                "result_hash": last.result_hash
            }
            timings, now = tuple(watch.timings), store.current_revision()
            return Scanned(now, last.result_hash, 0, manifest, dict(last.counts), timings, inputs.quarantine, None)
        linked = call.senses.link(inputs, project, settings, watch)
        result = settle(linked, project.rulebook, before, watch)
        with watch.stage("Write to the store"):
            digest = result_hash(result)
            manifest = make_manifest(inputs, project.rulebook, result.matched.weighing) | {"result_hash": digest}
            given = input_hash(inputs, project.rulebook, result.matched.weighing.model, before)
            # Before the store: a scan that is cut off here is repeated with the same model, the other way round not.
            keep_standing(project.folder, project.rulebook.match, result.matched.weighing)
            counts = summarise(result, watch.timings) | _changes(store, before)
            run = Run(
                started_at=call.now,
                finished_at=call.now,
                manifest=manifest,
                counts=counts,
                timings={t.stage: t.seconds for t in watch.timings},
                result_hash=digest,
                rules_hash=manifest["rules_hash"],
                input_hash=given,
            )
            writes, revision = stage_differences(store, lease, result, run, call.finish)
        timings = tuple(watch.timings)
        return Scanned(revision, digest, writes, manifest, counts, timings, inputs.quarantine, result)


def _changes(store: Store, before: Before) -> dict[str, int]:
    """What there was before the scan: customers, and the decisions it obeys, with those made since the last one."""
    last = store.last_run()
    standing = store.decisions().filter(pl.col("stands") & (pl.col("kind") != "withdrawn"))
    fresh = standing if last is None else standing.filter(pl.col("at") >= last.started_at)
    return {
        "customers_before": before.crosswalk["master_id"].n_unique(),
        "decisions": before.must.height + before.cannot.height,
        "decisions_since": fresh.height,
    }


def read_before(store: Store) -> Before:
    """What the store says stood before this scan."""
    standing = store.decisions().filter(pl.col("stands"))
    decided = standing.select(*PAIR, "kind", decision_id=pl.col("id").cast(pl.String))
    return Before(
        crosswalk=store.read_crosswalk(),
        masters=store.read_masters(),
        must=decided.filter(pl.col("kind") == "match").drop("kind"),
        cannot=decided.filter(pl.col("kind") == "do_not_match").drop("kind"),
        issued=store.last_issued(),
    )
