"""`mdm scan`: the main job of a project. What changed is written; an unchanged scan writes nothing."""

from __future__ import annotations

import os
import socket
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from mdm.app.groundwork import (
    Call,
    Draft,
    Ground,
    changes_nothing,
    draw_up,
    known_manifest,
    survey,
    with_decisions,
)
from mdm.app.meanwhile import Judge, Overtaken
from mdm.app.pipeline import Before, Linked, Result, settle
from mdm.app.plan_file import discard_plans
from mdm.app.project import Project, no_sources
from mdm.app.staging import stage_difference
from mdm.app.standing import keep_standing
from mdm.app.watch import Timing, Watch
from mdm.settings import Settings
from mdm.store import Horizon, ScanLease, Store


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


@dataclass(frozen=True, slots=True)
class Job:
    """One scan at work: its project, store and lock, and who called."""

    project: Project
    store: Store
    lease: ScanLease
    call: Call
    watch: Watch


def scan(project: Project, settings: Settings, call: Call, watch: Watch) -> Scanned:
    """Read the sources, find the customers, write what changed.

    Readers of the store see the state before or the state after, never one between. What stewards decide meanwhile is
    taken in before the result is seen. Raises InputRefused, GuardTripped or StoreRefused; then nothing has changed.
    """
    if not project.rulebook.sources:
        raise no_sources(project.folder)
    former = project.keeper.read_anchor() if call.new_store else None
    with (
        project.make_store() if call.new_store else project.open_store() as store,
        store.begin_scan(whoever(), call.now) as lease,
    ):
        job = Job(project, store, lease, call, watch)
        return _scan(job, settings, former.highest_id if former else 0)


def whoever() -> str:
    """Who holds the scan lock, for those who have to wait."""
    return f"{os.environ.get('USER', 'mdm')}@{socket.gethostname()}"


def _scan(job: Job, settings: Settings, burnt: int) -> Scanned:
    project, store, watch = job.project, job.store, job.watch
    with tempfile.TemporaryDirectory(prefix="mdm-") as scratch:
        with watch.stage("Read files"):
            ground = survey(project, store, job.call, Path(scratch), floor=burnt)
            manifest = None if job.call.full else known_manifest(project, store, ground)
        if manifest is not None:
            return _unchanged(job, ground, manifest)
        linked = job.call.senses.link(ground.inputs, project, settings, watch)
    number = 0
    while True:
        before = with_decisions(ground.before, store, ground.floor)
        try:
            return _settle(job, linked, before, number)
        except Overtaken:
            number += 1  # not in the last round: there its judge lets it pass or refuses for good


def _settle(job: Job, linked: Linked, before: Before, number: int) -> Scanned:
    """One round: customers by the decisions known until now, written and made visible unless later ones forbid it."""
    result = settle(linked, job.project.rulebook, before, job.watch)
    with job.watch.stage("Write to the store"):
        draft = draw_up(job.project, job.store, result, before, (job.call, job.watch))
        # Before the store: a scan that is cut off here is repeated with the same model, the other way round not.
        keep_standing(job.project.folder, job.project.rulebook.match, result.matched.weighing)
        judge = Judge(before, result.assignment.crosswalk, number)
        writes, revision = make_visible(job, draft, Horizon(before.decisions, judge))
    if writes:
        discard_plans(job.project.folder)
    run, timings = draft.run, tuple(job.watch.timings)
    quarantine = result.inputs.quarantine
    return Scanned(revision, run.result_hash, writes, dict(run.manifest), dict(run.counts), timings, quarantine, result)


def make_visible(job: Job, draft: Draft, horizon: Horizon) -> tuple[int, int]:
    """Write what changed since the last scan and make it visible; returns rows written and the revision.

    Where nothing at all is new, nothing is written, not even a run, and the revision stays. What the horizon raises
    leaves no trace.
    """
    if changes_nothing(draft, job.store):
        return 0, job.store.current_revision()
    horizon.judge(job.store.later_decisions(horizon.decisions))  # cheaper now than after all was written
    stage = job.store.stage_scan(job.lease)
    try:
        writes = stage_difference(stage, draft.difference)
        return writes, stage.apply(replace(draft.run, finished_at=job.call.finish()), horizon)
    except BaseException:
        stage.abandon()
        raise


def _unchanged(job: Job, ground: Ground, manifest: dict[str, Any]) -> Scanned:
    last = job.store.last_run()
    counts = dict(last.counts) if last else {}
    digest, revision = manifest["result_hash"], job.store.current_revision()
    return Scanned(revision, digest, 0, manifest, counts, tuple(job.watch.timings), ground.inputs.quarantine, None)
