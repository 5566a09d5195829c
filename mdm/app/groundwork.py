"""What a scan and a plan have in common: from the files to a result and to what it changes, with nothing written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from mdm.app.connected import refresh_sources
from mdm.app.decided import PAIR
from mdm.app.engine import open_scratch
from mdm.app.held import hold_quarantined
from mdm.app.inputs import Inputs, read_inputs
from mdm.app.manifest import input_hash, make_manifest, result_hash
from mdm.app.older import hold_newer
from mdm.app.pipeline import Before, Engine, Linked, Result, link
from mdm.app.project import Project
from mdm.app.published import highest_published
from mdm.app.shrink import refuse_shrink
from mdm.app.staging import Difference, find_difference, is_known_quarantine
from mdm.app.standing import standing_of, weighing_of
from mdm.app.summary import summarise
from mdm.app.watch import Watch
from mdm.match import Refined
from mdm.rulebook import Rulebook
from mdm.settings import Settings
from mdm.sources import sha256_of
from mdm.store import Run, Store


def link_inputs(inputs: Inputs, project: Project, settings: Settings, watch: Watch) -> Linked:
    """Weigh the pairs of records by the project's model, in a scratch that is gone afterwards."""
    weigh_by = weighing_of(standing_of(project.folder, project.rulebook.match), project.rulebook.match)
    with tempfile.TemporaryDirectory(prefix="mdm-") as folder, open_scratch(Path(folder), settings) as connection:
        return link(inputs, project.rulebook, Engine(connection, project.model, weigh_by), watch)


@dataclass(frozen=True, slots=True)
class Senses:
    """How a scan learns of the world: what reads the files, what tells that one is the same, what weighs pairs,
    what reads connected systems anew.
    """

    read: Callable[[Rulebook, Path, Path], Inputs] = read_inputs
    fingerprint: Callable[[Path], str] = sha256_of
    link: Callable[[Inputs, Project, Settings, Watch], Linked] = link_inputs
    refresh: Callable[[Rulebook, Path, str, Mapping[str, str]], object] = refresh_sources


@dataclass(frozen=True, slots=True)
class Call:
    """Who scans, when, and how: the clock is an argument, so that a run can be repeated. `now` is ISO text in UTC.

    `accept_shrink` names systems that may lose any number of records this once, `accept_older` those whose records may
    go back in time; with `full` a scan of unchanged input
    is computed again in full, to prove that it gives the same result; with `new_store` a project whose store is gone
    begins anew, with ids that were never given out. `clock` tells the moment at which the result
    becomes visible; without one that is `now`.
    `senses` are other ones than files and Splink where a scan is played through without them.
    """

    now: str
    accept_shrink: frozenset[str] = frozenset()
    accept_older: frozenset[str] = frozenset()
    full: bool = False
    new_store: bool = False
    clock: Callable[[], str] | None = None
    senses: Senses = Senses()

    def finish(self) -> str:
        """The moment at which the scan has ended."""
        return self.clock() if self.clock else self.now


@dataclass(frozen=True, slots=True)
class Ground:
    """What a result follows from: the records, what the store said before, and the adapted model where there is one.

    New ids begin above `floor`, whatever the store says of those it issued. `input_hash` covers all of it.
    """

    inputs: Inputs
    before: Before
    standing: Refined | None
    floor: int
    input_hash: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A result, the run that found it, and what it changes in the store. Nobody has seen any of it."""

    result: Result
    run: Run
    difference: Difference


def survey(project: Project, store: Store, call: Call, scratch: Path, *, floor: int = 0) -> Ground:
    """Read the files and what the store says; raises InputRefused or GuardTripped where that must not go on."""
    call.senses.refresh(project.rulebook, project.folder, call.now, os.environ)
    inputs = call.senses.read(project.rulebook, project.folder, scratch / "landing")
    inputs = hold_newer(hold_quarantined(inputs, store), store, call.accept_older)
    refuse_shrink(inputs, store.read_record_hashes(), call.accept_shrink)
    # After a restore, or with an old copy of the store, systems may know ids that the store does not.
    floor = max(floor, highest_published(inputs.current, project.rulebook.publish, store.last_issued()))
    before = read_before(store, floor)
    given = input_hash(inputs, project.rulebook, project.model, before)
    return Ground(inputs, before, standing_of(project.folder, project.rulebook.match), floor, given)


def known_manifest(project: Project, store: Store, ground: Ground) -> dict[str, Any] | None:
    """The manifest of a run on this ground, where the last scan had the same input; else None."""
    last = store.last_run()
    if last is None or last.input_hash != ground.input_hash or not is_known_quarantine(ground.inputs.quarantine, store):
        return None
    weighing = ground.standing or Refined(project.model, ())
    return make_manifest(ground.inputs, project.rulebook, weighing) | {"result_hash": last.result_hash}


def draw_up(project: Project, store: Store, result: Result, before: Before, told: tuple[Call, Watch]) -> Draft:
    """What this result changes in the store as it is now, and the row that its run will have in the log."""
    call, watch = told
    weighing = result.matched.weighing
    digest = result_hash(result)
    manifest = make_manifest(result.inputs, project.rulebook, weighing) | {"result_hash": digest}
    run = Run(
        started_at=call.now,
        finished_at=call.now,
        manifest=manifest,
        counts=summarise(result, watch.timings) | _before_and_decided(store, before),
        timings={t.stage: t.seconds for t in watch.timings},
        result_hash=digest,
        rules_hash=manifest["rules_hash"],
        input_hash=input_hash(result.inputs, project.rulebook, weighing.model, before),
    )
    return Draft(result, run, find_difference(store, result, run.rules_hash, call.now))


def changes_nothing(draft: Draft, store: Store) -> bool:
    """True when the last scan had the same input and result and the store holds all of it: not even a run is new."""
    last, run = store.last_run(), draft.run
    if last is None or (last.result_hash, last.input_hash) != (run.result_hash, run.input_hash):
        return False
    return draft.difference.changes_nothing and is_known_quarantine(draft.difference.quarantine, store)


def read_before(store: Store, floor: int = 0) -> Before:
    """What the store says stood before this scan; new ids begin above `floor`."""
    state = Before(store.read_crosswalk(), store.read_masters(), pl.DataFrame(), pl.DataFrame())
    return with_decisions(state, store, floor)


def with_decisions(before: Before, store: Store, floor: int = 0) -> Before:
    """The same customers, with every decision made until now and the number of the last id given out."""
    decisions = store.decisions()
    decided = decisions.filter(pl.col("stands")).select(*PAIR, "kind", decision_id=pl.col("id").cast(pl.String))
    # Kept apart like a guard of the rules: without a number, so that it contradicts no match.
    unsure = decided.filter(pl.col("kind") == "unsure").with_columns(decision_id=pl.lit(None, dtype=pl.String))
    return replace(
        before,
        must=decided.filter(pl.col("kind") == "match").drop("kind"),
        cannot=pl.concat([decided.filter(pl.col("kind") == "do_not_match"), unsure]).drop("kind"),
        evidence=store.read_evidence(),
        overrides=store.read_overrides(),
        pins=store.read_pins(),
        issued=max(store.last_issued(), floor),
        decisions=decisions["id"].item(-1) if decisions.height else 0,
    )


def _before_and_decided(store: Store, before: Before) -> dict[str, int]:
    """What there was before the scan: customers, and the decisions it obeys, with those made since the last one."""
    last = store.last_run()
    standing = store.decisions().filter(pl.col("stands") & (pl.col("kind") != "withdrawn"))
    fresh = standing if last is None else standing.filter(pl.col("at") >= last.started_at)
    return {
        "customers_before": before.crosswalk["master_id"].n_unique(),
        "decisions": before.must.height + before.cannot.height,
        "decisions_since": fresh.height,
    }
