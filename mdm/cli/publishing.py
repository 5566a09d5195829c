"""`mdm publish`: from the plan of what each system is told to what it confirmed."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

import typer

from mdm.app import (
    Project,
    Published,
    Publisher,
    Step,
    Told,
    open_project,
    operator,
    publish,
    sendable,
    tell_letters,
    tell_status,
)
from mdm.cli import show
from mdm.cli.options import Folder, now, settings
from mdm.rulebook import TargetRules
from mdm.store import Store

HERE: Final = Path()
MOST: Final = 12
"""Letters of one target that are shown."""

STEPS: Final[tuple[Step, ...]] = ("hold", "retry", "approve", "send")

WORDS: Final[Mapping[str, str]] = {
    "ready": "to be told",
    "confirmed": "confirmed",
    "conflict": "in conflict: a person must look",
    "refused": "refused",
    "later": "wait: the system said later",
    "silent": "wait: no answer",
}


def publish_command(  # noqa: PLR0913, PLR0917 - the steps of publishing, each a flag of the command line
    folder: Folder = HERE,
    approve: Annotated[bool, typer.Option("--approve", help="Approve what the last mdm publish showed.")] = False,  # noqa: FBT002 - a flag of the command line
    send: Annotated[bool, typer.Option("--send", help="Send what is approved.")] = False,  # noqa: FBT002 - a flag of the command line
    hold: Annotated[bool, typer.Option("--hold", help="Take back the approval of what was not sent yet.")] = False,  # noqa: FBT002 - a flag of the command line
    retry: Annotated[bool, typer.Option("--retry", help="Try again what failed; plan conflicts anew.")] = False,  # noqa: FBT002 - a flag of the command line
    status: Annotated[bool, typer.Option("--status", help="Only show how far each system has come.")] = False,  # noqa: FBT002 - a flag of the command line
    target: Annotated[str, typer.Option("--target", help="This system only.")] = "",
    who: Annotated[str, typer.Option("--author", help="Who publishes; else the name of this account.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="With --status: print it as JSON.")] = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """Tell systems their master ids: show the plan; --approve it; --send it. Nothing is written without both."""
    project = open_project(folder, settings())
    with project.open_scanned_store() as store:
        if status:
            heads, rows = tell_status(store)
            as_plain = json.dumps([dict(zip(heads, row, strict=True)) for row in rows])
            typer.echo(as_plain) if as_json else show.table(*_filled(heads, rows))
            if not as_json:
                _show_causes(project, store)
            return
        wanted = frozenset(
            name for name, is_wanted in zip(STEPS, (hold, retry, approve, send), strict=True) if is_wanted
        )
        publisher = Publisher(project, store, os.environ, operator(os.environ, who), now)
        chosen = sendable(project, target)
        done = publish(publisher, chosen, wanted)
        _show(publisher, chosen, done)
    if not done.faults:
        show.done(_closing(folder, wanted))
    for fault in done.faults:
        show.failed(fault)
    if done.faults:
        raise typer.Exit(max(fault.exit_code for fault in done.faults))


def _closing(folder: Path, steps: frozenset[Step]) -> str:
    """What was done to systems, and what comes next."""
    if "send" in steps:
        return f"Sent, and read back. How far each system has come: mdm publish {folder} --status"
    following = "--send" if "approve" in steps else "--approve, then with --send"
    return f"Nothing was written to any system. Next: mdm publish {folder} {following}"


def _filled(heads: list[str], rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """The table without states in which no system has a letter."""
    kept = [at for at in range(len(heads)) if at == 0 or any(row[at] not in ("0", "") for row in rows)]
    return [heads[at] for at in kept], [[row[at] for at in kept] for row in rows]


def _show(publisher: Publisher, chosen: list[TargetRules], done: Published) -> None:
    _numbers("held: planned anew", done.held)
    _numbers("tried again", done.retried)
    _numbers("approved", done.approved)
    for rules, told in zip(chosen, done.planned, strict=True):
        if told.fault is None:
            _show_plan(publisher, rules, told)
    for told in done.sent:
        show.lines([f"{told.system}: sent", *_counts(told.letters)])


def _show_plan(publisher: Publisher, rules: TargetRules, told: Told) -> None:
    show.lines([f"{told.system}: {told.where}", *_counts(told.letters)])
    for states in (("conflict", "failed"), ("planned",)):
        lines = tell_letters(publisher.store, rules, states, MOST + 1)
        more = ["..."] if len(lines) > MOST else []
        show.lines([f"  {' or '.join(states)}:", *(f"    {line}" for line in [*lines[:MOST], *more])] if lines else [])


def _show_causes(project: Project, store: Store) -> None:
    """The letters that wait for a person, and why."""
    for rules in project.rulebook.publish.targets:
        lines = tell_letters(store, rules, ("conflict", "failed"), MOST + 1)
        more = ["..."] if len(lines) > MOST else []
        if lines:
            show.lines([f"{rules.system}: a person must look at", *(f"  {line}" for line in [*lines[:MOST], *more])])


def _counts(letters: Mapping[str, int]) -> list[str]:
    return [f"  {number:>8,} {WORDS[kind]}" for kind, number in letters.items()]


def _numbers(what: str, numbers: Mapping[str, int]) -> None:
    show.lines([f"{system}: {number:,} {what}" for system, number in numbers.items()])
