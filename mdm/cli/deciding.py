"""`mdm review`, `mdm decide`: the pairs that wait for a person, and the answer to one of them."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from mdm.app import decide_pair, open_project, waiting_pairs
from mdm.cli import show
from mdm.cli.deeds import HERE, Where, Who, Why, act
from mdm.cli.options import Folder, settings
from mdm.report import probability


def review_command(
    folder: Folder = HERE,
    unsure: Annotated[bool, typer.Option("--unsure", help="Those somebody was unsure of, instead.")] = False,  # noqa: FBT002 - a flag of the command line
    limit: Annotated[int, typer.Option("--limit", min=1, help="So many, strongest first.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print all of them as JSON.")] = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """List the pairs that wait for a person, and what has changed where one is asked again."""
    project = open_project(folder, settings())
    with project.open_scanned_store() as store:
        pairs = waiting_pairs(store, project, "unsure" if unsure else "waiting")
    if as_json:
        typer.echo(json.dumps(pairs.to_dicts(), ensure_ascii=False))
        return
    lines = pairs.head(limit).iter_rows(named=True)
    rows = [
        (
            *(f"{line[f'system_{side}']}:{line[f'key_{side}']} {line[f'name_{side}'] or ''}".strip() for side in "lr"),
            probability(line["probability"]),
            line["reason"],
        )
        for line in lines
    ]
    show.table(("one record", "other record", "probability", "why"), rows)
    told = "pairs that somebody was unsure of" if unsure else "pairs wait for a person"
    show.done(f"{pairs.height:,} {told}. Answer with mdm decide, or at the desk: mdm ui.")


def decide_command(  # noqa: PLR0913 - the options of a command
    one: Annotated[str, typer.Argument(metavar="A", help="A record, SYSTEM:KEY.")],
    other: Annotated[str, typer.Argument(metavar="B", help="The other one.")],
    answer: Annotated[str, typer.Argument(metavar="ANSWER", help="match, do-not-match or unsure.")],
    *,
    project: Where = HERE,
    who: Who = "",
    reason: Why = "",
) -> None:
    """Say whether two records are one customer; in effect with the next scan."""
    number = act((project, who, reason), lambda hand: decide_pair(hand, (one, other, answer)))
    show.done(f"Decision {number} is recorded. It takes effect with the next scan.")
