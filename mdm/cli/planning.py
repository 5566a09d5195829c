"""`mdm scan --plan` and `mdm apply`: look at what a scan would change before it is true."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Final

import typer

from mdm.app import (
    Call,
    Planned,
    Project,
    Watch,
    apply_plan,
    make_plan,
    open_project,
    summary,
    tell_numbers,
    tell_weightiest,
    write_view,
)
from mdm.cli import show
from mdm.cli.options import Folder, now, settings
from mdm.cli.reading import tell_set_aside

HERE: Final = Path()
STAGES: Final = 9
MOST: Final = 12
"""Customers that are shown; the others are in the files of --out."""


def plan_scan(project: Project, call: Call, out: Path | None, form: str) -> None:
    """Make the plan that `mdm scan` would carry out, and show it as text or JSON."""
    with show.Bars(STAGES) as bars:
        planned = make_plan(project, settings(), call, Watch(bars))
    if form == "json":
        numbers = summary(planned.plan, planned.view) if planned.plan and planned.view else {"plan": None}
        typer.echo(json.dumps(numbers))
    if planned.plan is None or planned.view is None:
        if form == "text":
            show.done("Nothing would change: there is nothing to apply.")
        return
    written = write_view(planned.plan, planned.view, out) if out else []
    if form == "text":
        _show(project, planned, written)


def _show(project: Project, planned: Planned, written: list[Path]) -> None:
    if planned.plan is None or planned.view is None:
        return
    show.lines([f"Plan {planned.plan.plan_id}. Nothing is changed yet; it would make:", ""])
    show.lines([*tell_numbers(planned.plan, planned.view), "", "The weightiest changes:"])
    show.notes([f"  {line}" for line in tell_weightiest(planned.view, MOST)])
    further = planned.view.customers.height - MOST
    if further > 0:
        show.notes([f"  ... and {further:,} more customers; --out FOLDER writes all of them."])
    show.lines(["", *(f"  {path}" for path in written)])
    tell_set_aside(planned.quarantine, "They take part as they were before.")
    show.done(f"Nothing was changed. Next: mdm apply {planned.plan.plan_id} {project.folder}")


def apply_command(
    plan: Annotated[str, typer.Argument(help="The plan's id, as mdm scan --plan named it.")],
    folder: Folder = HERE,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """Make exactly that plan true; refused where what it rests on has changed since."""
    with show.Bars(2) as bars:
        applied = apply_plan(open_project(folder, settings()), plan, Call(now(), clock=now), Watch(bars))
    run = applied.plan.run
    if as_json:
        told = {"plan": plan, "revision": applied.revision, "rows_written": applied.writes}
        typer.echo(json.dumps(told | {"result_hash": run.result_hash}))
        return
    show.lines([f"  rows written       {applied.writes:>12,}", f"  result hash  {run.result_hash}"])
    show.done(f"Plan {plan} is applied: revision {applied.revision}. Next: mdm export {folder}")
