"""`mdm merge`, `split`, `move`, `unmerge`, `undo`: what stewards do to customers, from a terminal."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from mdm.app import Deeded, Hand, Said, merge, move, open_project, operator, parse_record, split, undo, unmerge
from mdm.cli import show
from mdm.cli.options import now, settings

HERE = Path()
T = TypeVar("T")

Customer = Annotated[str, typer.Argument(metavar="ID", help="The master id of a customer.")]
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The number that was shown when it was done.")]
Where = Annotated[Path, typer.Option("--project", help="The project's folder; else this one.")]
Who = Annotated[str, typer.Option("--author", help="Who decides; else the name of this account.")]
Why = Annotated[str, typer.Option("--reason", help="Why, for whoever asks later.")]


def merge_command(
    win: Annotated[str, typer.Argument(metavar="A", help="The master id that stays.")],
    lose: Annotated[str, typer.Argument(metavar="B", help="The one that leads to it from now on.")],
    project: Where = HERE,
    who: Who = "",
    reason: Why = "",
) -> None:
    """Make two customers one, at once; every later scan keeps it."""
    done = act((project, who, reason), lambda hand: merge(hand, win, lose))
    show.done(f"{done.planned.other_id} was merged into {done.planned.master_id}. {_told(done)}")


def split_command(
    master_id: Customer,
    records: Annotated[list[str], typer.Argument(metavar="SYSTEM:KEY...", help="The records that go.")],
    project: Where = HERE,
    who: Who = "",
    reason: Why = "",
) -> None:
    """Make some records of a customer a customer of its own, with a new master id; every later scan keeps it."""
    named = [parse_record(text) for text in records]
    done = act((project, who, reason), lambda hand: split(hand, master_id, named))
    show.done(f"{done.planned.other_id} was split off {done.planned.master_id}. {_told(done)}")


def move_command(
    record: Annotated[str, typer.Argument(metavar="SYSTEM:KEY", help="The record that goes.")],
    master_id: Customer,
    project: Where = HERE,
    who: Who = "",
    reason: Why = "",
) -> None:
    """Give a record of one customer to another; every later scan keeps it."""
    named = parse_record(record)
    done = act((project, who, reason), lambda hand: move(hand, named, master_id))
    show.done(f"{named} went from {done.planned.master_id} to {done.planned.other_id}. {_told(done)}")


def unmerge_command(number: Number, project: Where = HERE, who: Who = "", reason: Why = "") -> None:
    """Take a merge back: both customers are what they were, what came later stays; every later scan keeps it."""
    done = act((project, who, reason), lambda hand: unmerge(hand, number))
    show.done(f"{done.planned.other_id} is a customer of its own again. {_told(done)}")


def undo_command(number: Number, project: Where = HERE, who: Who = "", reason: Why = "") -> None:
    """Take back a merge, split, move or unmerge at once; a decision on two records or a pin with the next scan."""
    done = act((project, who, reason), lambda hand: undo(hand, number))
    show.done(f"Number {number} was taken back. {_told(done) if done else 'The next scan obeys that.'}")


def act(given: tuple[Path, str, str], deed: Callable[[Hand], T]) -> T:
    """Do something as whoever is at work, in the project of that folder; `given` is folder, author and reason."""
    folder, who, reason = given
    project = open_project(folder, settings())
    with project.open_scanned_store() as store:
        actor = operator(os.environ, who)
        return deed(Hand(project, store, actor, Said(actor.name, now(), reason)))


def _told(done: Deeded) -> str:
    """How many records each has now, and how to take it back."""
    has = ", ".join(f"{master_id} has {count:,}" for master_id, count in done.records.items() if count)
    return f"Records: {has}. To take it back: mdm undo {done.number}"
