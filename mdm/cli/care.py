"""`mdm verify`, `audit`, `backup`, `restore`: commands that keep a store safe."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer

from mdm.app import (
    audit_table,
    author,
    back_up_project,
    list_audit,
    open_project,
    restore_project,
    verify_project,
)
from mdm.cli import show
from mdm.cli.options import Folder, now, settings
from mdm.store import Verified, Wish

HERE: Final = Path()
FAULTY: Final = 6
"""The exit code of a store that is not as it should be."""

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def verify_command(
    folder: Folder = HERE,
    anchor: Annotated[Path | None, typer.Option("--anchor", help="A copy of the anchor, kept elsewhere.")] = None,
    as_json: AsJson = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """Check that the store holds what it promises and that nobody changed its audit."""
    found = verify_project(open_project(folder, settings()), anchor)
    if as_json:
        typer.echo(json.dumps({"holds": found.holds, **asdict(found)}))
    else:
        _show(found)
    if not found.holds:
        raise typer.Exit(FAULTY)


def _show(found: Verified) -> None:
    for check in found.checks:
        show.lines([f"  {'✗' if check.faults else '✓'} {check.promise} ({check.looked_at:,})"])
        show.notes([f"      {fault}" for fault in check.faults])
    if found.unanchored:
        show.notes([f"  {found.unanchored:,} rows are newer than the anchor; the next change notes them there."])
    if found.holds:
        show.done(f"Revision {found.revision} holds; {found.rows:,} rows of audit, the last one {found.head[:16]}.")
        return
    show.lines(["", "The store is not as it should be. Keep it as it is, and compare it with the last good backup."])


def audit_command(
    folder: Folder = HERE,
    since: Annotated[str, typer.Option("--since", help="From this day or time on, such as 2026-01-31.")] = "",
    subject: Annotated[str, typer.Option("--subject", help="About this only: crm:17, decision 4, revision 9.")] = "",
    as_json: AsJson = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """List who did what, when."""
    with open_project(folder, settings()).open_scanned_store() as store:
        rows = list_audit(store, since=since, subject=subject)
    if as_json:
        typer.echo(json.dumps(rows))
        return
    show.table(("row", "when", "who", "did", "about"), audit_table(rows).rows())
    show.done(f"{len(rows):,} rows.")


def backup_command(
    first: Annotated[Path, typer.Argument(metavar="[PROJECT] FILE", help="The file to write.")],
    second: Annotated[Path | None, typer.Argument(metavar="", hidden=True)] = None,
) -> None:
    """Write the store into one file, while others work on: mdm backup [PROJECT] FILE."""
    folder, into = (HERE, first) if second is None else (first, second)
    made = back_up_project(open_project(folder, settings()), into, now())
    rows = sum(table.rows for table in made.tables.values())
    show.done(f"Revision {made.revision}, {rows:,} rows, is in {into}. The audit key is not: keep it elsewhere.")


def restore_command(
    backup: Annotated[Path, typer.Argument(help="A file of mdm backup.")],
    folder: Folder = HERE,
    replaces: Annotated[bool, typer.Option("--replace", help="The store that is there now may go.")] = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """Bring a backup back as the store of a project, checked before and after."""
    project = open_project(folder, settings())
    wish = Wish(actor=author(os.environ), at=now(), replaces=replaces)
    restored, verified, why_not = restore_project(project, backup, wish)
    made = restored.manifest
    show.lines([f"  revision {made.revision} of {made.made_at}, store {made.store_id}"])
    if restored.lost_rows:
        show.notes([f"  {restored.lost_rows:,} changes from after the backup are lost; the audit says so."])
    if why_not:
        show.notes([f"  Which master ids the systems have is not known yet: {why_not} The next scan looks again."])
    show.lines([f"  the next master id has number {restored.next_id:,}"])
    _show(verified)
    if not verified.holds:
        raise typer.Exit(FAULTY)
