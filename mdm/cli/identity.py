"""`mdm resolve`, `mdm crosswalk`: where master ids lead, and which record has which, now or on any past day."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from mdm.app import CrosswalkQuestion, crosswalk, open_project, resolve_master_id, tell_resolved
from mdm.cli import show
from mdm.cli.options import Folder, settings
from mdm.errors import SettingsInvalid
from mdm.publish import PartsFormat
from mdm.store import Wanted

HERE = Path()
FORMATS: tuple[PartsFormat, ...] = ("csv", "json")

AsOf = Annotated[
    str, typer.Option("--as-of", help="A past day (its end, UTC) or time, as 2026-05-31 or 2026-05-31T14:30.")
]


def resolve_command(
    master_id: Annotated[str, typer.Argument(help="The id as it was written down.", metavar="ID")],
    folder: Annotated[Path, typer.Option("--project", help="The project's folder; else this one.")] = HERE,
    as_of: AsOf = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """Say where a master id leads: the active id, all successors of a split, when and by which run."""
    with open_project(folder, settings()).open_scanned_store() as store:
        found = resolve_master_id(store, master_id, as_of)
    if as_json:
        typer.echo(json.dumps(found.as_plain()))
        return
    show.notes([tell_resolved(found.resolved)])
    show.lines([f"  {event.at:<25}  revision {event.revision:<5} {event.text}" for event in found.events])
    show.done(f"{found.resolved.master_id}: {found.resolved.active or 'no active id'}")


def crosswalk_command(  # noqa: PLR0913 - the options of a command
    folder: Folder = HERE,
    *,
    as_of: AsOf = "",
    system: Annotated[str | None, typer.Option("--system", help="Only records of this system.")] = None,
    key: Annotated[str | None, typer.Option("--key", help="Only records with this key.")] = None,
    form: Annotated[str, typer.Option("--format", help="csv or json.")] = "csv",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="The file to write; else standard output.")] = None,
) -> None:
    """Write which record has which master id and since when, as it stands or as it stood at any past moment."""
    known = next((f for f in FORMATS if f == form), None)
    if known is None:
        raise SettingsInvalid(f"No such format: {form}.", f"The formats are {', '.join(FORMATS)}.")
    question = CrosswalkQuestion(Wanted(system, key), as_of, known)
    try:
        with open_project(folder, settings()).open_scanned_store() as store:
            answer = crosswalk(store, question, out or sys.stdout.buffer)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read has seen enough, as `head` does; what is still in the buffer goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return
    said = f"{answer.records:,} records as of revision {answer.revision}"
    if not answer.revision:
        said = f"Nothing was scanned before {as_of}"
    if out is None:
        show.notice(f"{said}.")
    else:
        show.done(f"{said}: {out}")
