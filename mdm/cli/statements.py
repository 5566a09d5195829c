"""`mdm override`, `mdm pin`: golden values and master ids that a steward holds fast."""

from __future__ import annotations

from typing import Annotated

import typer

from mdm.app import Overridden, override, parse_record, pin, take_back, unpin
from mdm.cli import show
from mdm.cli.deeds import HERE, Customer, Where, Who, Why, act
from mdm.errors import SettingsInvalid

Withdraw = Annotated[bool, typer.Option("--withdraw", help="Take it back.")]


def override_command(  # noqa: PLR0913 - the options of a command
    master_id: Customer,
    field: Annotated[str, typer.Argument(metavar="FIELD", help="Such as name, city, vat, phone.")],
    value: Annotated[str | None, typer.Argument(metavar="VALUE", help="The value; none with --withdraw.")] = None,
    *,
    withdraw: Withdraw = False,
    project: Where = HERE,
    who: Who = "",
    reason: Why = "",
) -> None:
    """Set a golden value by hand, at once; every later scan keeps it, whatever the records say."""
    given = (project, who, reason)
    if withdraw:
        if value is not None:
            raise SettingsInvalid("A value that is taken back needs no other.", "Leave the value out, or --withdraw.")
        done = act(given, lambda hand: take_back(hand, master_id, field))
        show.done(f"The {_words(done)} of {done.master_id} is chosen from its records again{_when(done)}.")
        return
    if value is None:
        raise SettingsInvalid(f"No value was given for {field}.", "Give one, or take an override back: --withdraw.")
    done = act(given, lambda hand: override(hand, master_id, field, value))
    was = f"It was: {done.was}." if done.was else "It was empty."
    show.done(
        f"The {_words(done)} of {done.master_id} is set{_when(done)}. {was} To take it back: mdm undo {done.number}"
    )


def pin_command(  # noqa: PLR0913 - the options of a command
    record: Annotated[str, typer.Argument(metavar="SYSTEM:KEY", help="The record that keeps an id.")],
    master_id: Customer,
    *,
    withdraw: Withdraw = False,
    project: Where = HERE,
    who: Who = "",
    reason: Why = "",
) -> None:
    """Let a record keep a master id, whatever the next scans find."""
    named, given = parse_record(record), (project, who, reason)
    number = act(given, lambda hand: (unpin if withdraw else pin)(hand, named, master_id))
    told = "is not pinned any more" if withdraw else f"keeps {master_id}"
    undo = "" if withdraw else f" To take it back: mdm undo {number}"
    show.done(f"{named} {told} from the next scan on.{undo}")


def _words(done: Overridden) -> str:
    return done.attribute.replace("_", " ")


def _when(done: Overridden) -> str:
    return "" if done.at_once else ", with the next scan, for one is at work"
