"""`mdm user`: give and take the roles in which people use the desk."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, Final

import typer

from mdm.app import ROLES, give_role, list_users, open_project, operator, take_role
from mdm.cli import show
from mdm.cli.options import now, settings

HERE: Final = Path()
Where = Annotated[Path, typer.Option("--project", help="The project's folder.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="What the provider calls the person: an e-mail address.")]

user_app: Final = typer.Typer(help="Who may use the desk, and as what.", no_args_is_help=True)


@user_app.command("add")
def add_command(
    name: Name,
    role: Annotated[str, typer.Option("--role", help=f"One of {', '.join(ROLES)}.")],
    project: Where = HERE,
) -> None:
    """Give a user a role, in place of the one before."""
    with open_project(project, settings()).open_scanned_store() as store:
        kept, given = give_role(store.access, operator(os.environ), (name, role), now())
    show.done(f"{kept} is {given}.")


@user_app.command("list")
def list_command(
    project: Where = HERE,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,  # noqa: FBT002 - a flag of the command line
) -> None:
    """List the users with their roles."""
    with open_project(project, settings()).open_scanned_store() as store:
        users = list_users(store.access, operator(os.environ))
    if as_json:
        typer.echo(json.dumps([{"name": u.name, "role": u.role, "by": u.given_by, "at": u.given_at} for u in users]))
        return
    show.table(("user", "role", "given by", "on"), [(u.name, u.role, u.given_by, u.given_at[:10]) for u in users])
    show.done("The operator of this machine is admin without being listed.")


@user_app.command("remove")
def remove_command(name: Name, project: Where = HERE) -> None:
    """Take a user's role; what they do next at the desk is refused."""
    with open_project(project, settings()).open_scanned_store() as store:
        was = take_role(store.access, operator(os.environ), name, now())
    show.done(f"{name} is no {was} any more.")
