"""`mdm check`, `scan`, `export`, `evaluate`, `demo`: commands on a lasting project."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, fields
from pathlib import Path
from typing import Annotated, Any

import typer

from mdm.app import (
    Call,
    Scanned,
    Watch,
    accept_new_types,
    author,
    check_project,
    demonstrate,
    evaluate,
    export,
    open_project,
    refuse_decided,
    scan,
)
from mdm.cli import show
from mdm.cli.options import Folder, now, settings
from mdm.cli.planning import plan_scan
from mdm.cli.reading import tell_loss, tell_rows, tell_set_aside
from mdm.errors import SettingsInvalid
from mdm.publish import TableFormat
from mdm.report import Missed, plain_summary, tell_missed

STAGES = 10
HERE = Path()
DEMO = Path("demo")


def check_command(
    folder: Folder = HERE,
    accept_types: Annotated[
        list[str] | None, typer.Option("--accept-types", help="Columns of this connected system have new types.")
    ] = None,
) -> None:
    """Compare the rules with the files and systems as they are, without scanning."""
    project = open_project(folder, settings())
    for system in accept_types or ():
        accept_new_types(project, system)
    found = check_project(project)
    show.lines([f"  {line}" for line in found.lines])
    show.done(f"The rules fit (hash {found.rules_hash[:12]}). Next: mdm scan {folder}")


def scan_command(  # noqa: PLR0913 - the options of a command
    folder: Folder = HERE,
    *,
    accept_shrink: Annotated[
        list[str] | None, typer.Option("--accept-shrink", help="This system may have lost records.")
    ] = None,
    accept_older: Annotated[
        list[str] | None, typer.Option("--accept-older", help="Records of this system may be older than known.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Compute again although nothing changed.")] = False,
    plans: Annotated[bool, typer.Option("--plan", help="Change nothing: show what would change.")] = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="With --plan: write all of it there.")] = None,
    new_store: Annotated[bool, typer.Option("--new-store", help="The store is gone: begin anew.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Read the sources, find the customers, write what changed."""
    call = Call(
        now(), frozenset(accept_shrink or ()), frozenset(accept_older or ()), full=full, new_store=new_store, clock=now
    )
    if plans:
        plan_scan(open_project(folder, settings()), call, out, "json" if as_json else "text")
        return
    if out:
        raise SettingsInvalid("--out says where a plan is written.", "Add --plan; results are written by mdm export.")
    with show.Bars(STAGES) as bars:
        scanned = scan(open_project(folder, settings()), settings(), call, Watch(bars))
    if as_json:
        typer.echo(json.dumps(_as_json(scanned)))
        return
    counts = scanned.counts
    if scanned.result is None:
        show.lines(["Nothing has changed since the last scan."])
    show.lines(
        [
            *tell_rows(counts),
            f"  records            {counts['records']:>12,}",
            f"  customers          {counts['customers']:>12,}{_before(scanned)}",
            f"  pairs to review    {counts['pairs_to_review']:>12,}",
            f"  changes to publish {counts['changes_to_publish']:>12,}",
            *_told_held(counts),
            *_told_decisions(scanned),
            *(_told_ids(counts["ids"]) if scanned.result is not None else ()),
            f"  rows written       {scanned.writes:>12,}",
            f"  result hash  {scanned.result_hash}",
        ]
    )
    lost = counts.get("blocking_loss") or {}
    if lost.keys() == {field.name for field in fields(Missed)}:  # an older run had others
        show.notes([f"  {tell_missed(Missed(**lost))}"])
    tell_set_aside(scanned.quarantine, f"mdm export {folder} writes all of them into quarantine.csv.")
    tell_loss(counts)
    show.done(f"Revision {scanned.revision}. Next: mdm export {folder}")


def _before(scanned: Scanned) -> str:
    """How many customers there were, where a scan changed their number."""
    before = scanned.counts.get("customers_before", 0)
    changed = scanned.result is not None and before and before != scanned.counts["customers"]
    return f"  (before: {before:,})" if changed else ""


def _told_held(counts: dict[str, Any]) -> list[str]:
    """The records that came in an older version than is known."""
    held = counts.get("older_than_known", 0)
    return [f"  older than known   {held:>12,}  (their stored version stays)"] if held else []


def _told_decisions(scanned: Scanned) -> list[str]:
    counts = scanned.counts
    if scanned.result is None or not counts.get("decisions"):
        return []
    since = f"  ({counts['decisions_since']:,} since the last scan)"
    return [f"  decisions applied  {counts['decisions']:>12,}{since}"]


def _told_ids(ids: dict[str, Any]) -> list[str]:
    """What the scan did to master ids, and what that costs the source systems."""
    words = {
        "created": "new",
        "split": "split off",
        "merged": "merged",
        "split_up": "split up",
        "retired": "retired",
    }
    said = [f"{ids[name]:,} {word}" for name, word in words.items() if ids[name]] or ["none changed"]
    by_system = ", ".join(f"{system} {count:,}" for system, count in ids["writes_by_system"].items())
    return [
        f"  master ids         {', '.join(said)}",
        f"  records moved      {ids['moved']:>12,}",
        f"  writes for ids     {ids['writes']:>12,}{f'  ({by_system})' if by_system else ''}",
    ]


def _as_json(scanned: Scanned) -> dict[str, object]:
    return {
        "revision": scanned.revision,
        "result_hash": scanned.result_hash,
        "unchanged": scanned.result is None,
        "rows_written": scanned.writes,
        "counts": scanned.counts,
        "stages": [asdict(t) for t in scanned.timings],
        "manifest": scanned.manifest,
    }


def unlock_command(folder: Folder = HERE) -> None:
    """Remove the lock of a scan whose computer is gone for good; that scan can then write nothing any more."""
    store = open_project(folder, settings()).find_store()
    broken = False
    if store is not None:
        with store:
            broken = store.break_scan_lock(author=author(os.environ), at=now())
    told = "The scan lock is gone." if broken else "There was no lock."
    show.done(f"{told} Next: mdm scan {folder}")


def export_command(
    folder: Folder = HERE,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Where to; else the project's output folder.")] = None,
    formats: Annotated[
        list[str] | None, typer.Option("--format", help="csv, parquet or excel; may be repeated.")
    ] = None,
) -> None:
    """Bring out crosswalk, golden records, pairs to review, what was set aside, and the write-back files."""
    project = open_project(folder, settings())
    with project.open_scanned_store() as store:
        written = export(store, project, out or project.output, _formats(formats))
    show.lines([f"  {path}" for path in written])
    show.done(f"{len(written)} files written.")


def _formats(wanted: list[str] | None) -> tuple[TableFormat, ...]:
    known: tuple[TableFormat, ...] = ("csv", "parquet", "excel")
    unknown = sorted(set(wanted or ()) - set(known))
    if unknown:
        raise SettingsInvalid(f"No such format: {', '.join(unknown)}.", f"The formats are {', '.join(known)}.")
    return tuple(f for f in known if f in (wanted or known))


def evaluate_command(
    folder: Folder = HERE,
    truth: Annotated[Path | None, typer.Option("--truth", help="CSV with source, id, entity_id.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """Score the customers of the last scan against known truth."""
    if truth is None:
        raise SettingsInvalid("No truth was given.", "Name it: mdm evaluate --truth truth.csv")
    project = open_project(folder, settings())
    with project.open_scanned_store() as store:
        scores = evaluate(store.read_crosswalk(), truth)
    if as_json:
        typer.echo(json.dumps(scores.as_dict()))
        return
    show.lines([f"  {name.replace('_', ' '):<18}{value:>10}" for name, value in scores.as_dict().items()])
    show.done(f"F1 {scores.f1:.4f}")


def demo_command(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the demo.")] = DEMO,
    fresh: Annotated[bool, typer.Option("--fresh", help="Decisions made in the demo may go.")] = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """Run the main job on the sample data and say in plain words what happened."""
    if not fresh:
        refuse_decided(out, settings())
    with show.Bars(STAGES + 1) as bars:
        shown = demonstrate(out, settings(), Call(now()), Watch(bars))
    show.lines(["", *plain_summary(shown.facts), ""])
    if shown.scanned.result is not None:
        show.lines(["What would be written back (nothing is, until you take the files and load them):"])
        fields = shown.scanned.result.changes.group_by("target", "field").len().sort("target", "field")
        show.lines([f"  {target:<16}{count:>8,} records, field {field}" for target, field, count in fields.rows()])
    score = shown.scores
    show.lines(
        [
            "",
            f"Against the planted truth: precision {score.precision:.3f}, recall {score.recall:.3f}, F1 {score.f1:.3f}",
        ]
    )
    show.lines(["", f"Report    {out / 'out' / 'report.html'}", f"Golden    {out / 'out' / 'golden.csv'}"])
    show.lines([f"Crosswalk {out / 'out' / 'crosswalk.csv'}", f"Review    {out / 'out' / 'review.csv'}", ""])
    show.lines([f"To tell a system: mdm publish {out}, then with --approve, then with --send", ""])
    show.done("The demo is done. Next: make ui")
