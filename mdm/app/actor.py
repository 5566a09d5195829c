"""Who calls a use case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mdm.app.author import author


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever calls: the name that decisions and the audit carry, a role, and the session it was given in.

    The role is what it was when they came in; what counts is looked up again with each call. The operator of the
    machine has no session.
    """

    name: str
    role: str | None
    session: str = ""


def operator(env: Mapping[str, str], name: str = "") -> Actor:
    """Whoever may start programs on this machine: they could open the store itself, so they are admin.

    Called by `name`, else by the name of the account.
    """
    return Actor(name or author(env), "admin")
