"""`mdm scan --plan` and `mdm apply`: see what a scan would change, then let just that become visible."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from mdm.app.groundwork import Call, changes_nothing, draw_up, known_manifest, survey, with_decisions
from mdm.app.meanwhile import Untouched
from mdm.app.pipeline import settle
from mdm.app.plan_basis import basis_of, outdated, standpoint
from mdm.app.plan_file import Plan, discard_plans, keep_plan, read_plan
from mdm.app.plan_view import PlanView, view_plan
from mdm.app.project import Project, no_sources
from mdm.app.scan import whoever
from mdm.app.staging import stage_difference
from mdm.app.standing import standing_text, write_standing
from mdm.app.watch import Watch
from mdm.errors import PlanOutdated
from mdm.settings import Settings
from mdm.store import Horizon, Store

AGAIN = "Make it again and look at it: mdm scan --plan."


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and what it would change; `plan` is None where nothing would change."""

    plan: Plan | None
    view: PlanView | None
    quarantine: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Applied:
    """A plan that was applied: the revision that readers now see, and how many rows were written."""

    plan: Plan
    revision: int
    writes: int


def make_plan(project: Project, settings: Settings, call: Call, watch: Watch) -> Planned:
    """Compute what a scan would change and keep it as the plan that waits; readers of the store see nothing of it.

    Takes no lock: stewards and scans go on. Raises what a scan raises, and PlanOutdated when customers were changed
    meanwhile.
    """
    with project.open_store() as store:
        planned = work_out_plan(project, store, settings, (call, watch))
        if planned.plan is None:
            discard_plans(project.folder)
        else:
            keep_plan(project.folder, planned.plan)
        return planned


def work_out_plan(project: Project, store: Store, settings: Settings, told: tuple[Call, Watch]) -> Planned:
    """Compute what a scan would change, and keep nothing of it. Raises what `make_plan` raises."""
    call, watch = told
    if not project.rulebook.sources:
        raise no_sources(project.folder)
    with tempfile.TemporaryDirectory(prefix="mdm-") as scratch:
        with watch.stage("Read files"):
            stood = standpoint(store, 0)
            ground = survey(project, store, call, Path(scratch))
            manifest = None if call.full else known_manifest(project, store, ground)
        if manifest is not None:
            return Planned(None, None, ground.inputs.quarantine)
        linked = call.senses.link(ground.inputs, project, settings, watch)
        before = with_decisions(ground.before, store, ground.floor)
        result = settle(linked, project.rulebook, before, watch)
        with watch.stage("Compare with the store"):
            draft = draw_up(project, store, result, before, (call, watch))
            basis = basis_of(project, ground, stood.model_copy(update={"decisions": before.decisions}))
            if standpoint(store, before.decisions) != basis.store:
                raise PlanOutdated("Customers were changed while the plan was made. Nothing was planned.", AGAIN)
            if changes_nothing(draft, store):
                return Planned(None, None, ground.inputs.quarantine)
            model = standing_text(project.folder, project.rulebook.match, result.matched.weighing)
            plan = Plan(whoever(), basis, draft.run, draft.difference, model)
            return Planned(plan, view_plan(plan.difference, store), ground.inputs.quarantine)


def apply_plan(project: Project, plan_id: str, call: Call, watch: Watch) -> Applied:
    """Make exactly the plan of that id visible, all of it in one moment; then no plan waits any more.

    Raises PlanOutdated, saying what changed, where the files, the rules, the model or the customers are no longer those
    of the plan, or where a steward decided on a customer that it changes; decisions on others do not disturb it, and
    the next scan obeys them. The plan then goes on waiting, and nothing was changed.
    """
    plan = read_plan(project.folder, plan_id)
    with project.open_store() as store, store.begin_scan(whoever(), call.now) as lease:
        with watch.stage("Check the plan"):
            untouched = Untouched(plan.difference, store.read_crosswalk())
            decided = untouched.told(store.later_decisions(plan.basis.store.decisions))
            changed = [*outdated(plan.basis, project, store, call.senses), *decided]
            if changed:
                raise PlanOutdated(f"Plan {plan_id} is out of date: {'; '.join(changed)}. Nothing was changed.", AGAIN)
        with watch.stage("Write to the store"):
            if plan.model:
                write_standing(project.folder, plan.model)
            stage = store.stage_scan(lease)
            try:
                writes = stage_difference(stage, plan.difference)
                horizon = Horizon(plan.basis.store.decisions, untouched.judge)
                run = replace(plan.run, finished_at=call.finish())
                revision = stage.apply(run, horizon, plan=plan_id)
            except BaseException:
                stage.abandon()
                raise
    discard_plans(project.folder)
    return Applied(plan, revision, writes)
