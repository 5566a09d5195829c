"""`mdm explain`: one line and the weights behind it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from mdm.app import Explained, Question, Watch, as_plain, explain, open_project
from mdm.cli import show
from mdm.cli.options import settings
from mdm.report import probability

STAGES = 3
HERE = Path()


def explain_command(
    one: Annotated[str, typer.Argument(metavar="A", help="A record, SYSTEM:KEY, or a customer's master id.")],
    other: Annotated[str, typer.Argument(metavar="B", help="The other one.")],
    project: Annotated[Path, typer.Option("--project", help="The project's folder.")] = HERE,
    full: Annotated[bool, typer.Option("--full", help="Also count who shares what: reads all records.")] = False,  # noqa: FBT002 - a flag of the command line
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """Say why two records are one customer, why not, or why they were never compared."""
    with show.Bars(STAGES) as bars:
        found = explain(open_project(project, settings()), Question(one, other, full), Watch(bars))
    if as_json:
        typer.echo(json.dumps(as_plain(found), ensure_ascii=False))
        return
    show.notes([found.line, ""])
    _print_weights(found)
    _print_blocking(found)
    show.notes([*_further(found), *found.notes])


def _print_weights(found: Explained) -> None:
    link = found.link
    rows = [
        (b.comparison, b.finding, f"{b.weight:+.1f}", f"{b.total:+.1f}", *found.values.get(b.comparison, ("", "")))
        for b in link.bars
    ]
    total = ("total", f"probability {probability(link.probability)}", "", f"{link.weight:+.1f}", "", "")
    show.table(("compared", "found", "bits", "sum", str(found.left), str(found.right)), [*rows, total])
    show.notes([f"Joined from {found.auto_from:+.1f} bits, asked from {found.review_from:+.1f}."])


def _print_blocking(found: Explained) -> None:
    if found.keys is None:
        show.notes(["Which blocking rules found the pair: ask with --full, which reads all records."])
        return
    if not found.keys:
        show.notes(["No blocking rule has a key that both records share."])
    for told, keys in (
        ("Found by", [k for k in found.keys if k.found]),
        ("Left out", [k for k in found.keys if not k.found]),
    ):
        if keys:
            named = "; ".join(f"{k.rule} ({k.records:,} records share it, at most {k.limit:,} may)" for k in keys)
            show.notes([f"{told}: {named}."])


def _further(found: Explained) -> list[str]:
    return [
        f"{tie.left} and {tie.right}: "
        + (f"decision {tie.decision.number}." if tie.decision else f"link of {tie.weight:+.1f} bits.")
        for tie in found.chain
    ]
