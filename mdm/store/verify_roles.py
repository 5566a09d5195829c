"""Whether every user has the role that the audit says somebody gave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from mdm.store.audit_chain import Entry
from mdm.store.verify_audit import read_details
from mdm.store.verify_state import MOST_TOLD, Check

ROLES: Final = "Every user has the role that was last given in the audit, and nobody else has one."


def check_roles(entries: Iterable[Entry], roles: Mapping[str, str]) -> Check:
    """The roles as they are against those that the audit gave and took."""
    given: dict[str, str] = {}
    for entry in entries:
        if entry.action not in ("grant", "revoke"):
            continue
        said = read_details(entry)
        name, role = str(said.get("user")), said.get("role")
        if role is None:
            given.pop(name, None)
        else:
            given[name] = str(role)
    faults = [_fault(name, roles.get(name), given.get(name)) for name in sorted({*roles, *given})]
    return Check("roles", ROLES, len(roles), tuple(fault for fault in faults if fault)[:MOST_TOLD])


def _fault(name: str, has: str | None, given: str | None) -> str:
    if has == given:
        return ""
    return f"{name} is {has or 'without a role'}; by the audit it is {given or 'none that was given'}."
