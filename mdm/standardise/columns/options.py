"""The mapping as a person types it and reads it: `--map` on the command line, and rows to print."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from mdm.errors import SettingsInvalid
from mdm.records import ROLES, Role
from mdm.rulebook.source import RoleRule
from mdm.standardise.columns.detect import DetectedRoles

NEXT_STEP: Final = (
    "Write ROLE=COLUMN, such as name=NAME1+NAME2, phone=TELF1,TELF2 or sap:name=NAME1. "
    f"The roles are {', '.join(ROLES)}."
)


def parse_map_option(text: str) -> tuple[str | None, Role, RoleRule]:
    """The source system (None: of every source), the role and its rule of one `--map` option.

    `+` joins columns to one value, `,` separates columns. Raises SettingsInvalid, with the list of roles.
    """
    target, equals, columns = text.partition("=")
    system, colon, role = target.rpartition(":")
    entries = tuple(c.strip() for c in columns.split(","))
    wrong = f"--map {text!r} is not understood:"
    if not equals:
        raise SettingsInvalid(f"{wrong} it has no '='.", NEXT_STEP)
    if role.strip() not in ROLES:
        raise SettingsInvalid(f"{wrong} there is no role {role.strip()!r}.", NEXT_STEP)
    if colon and not system.strip():
        raise SettingsInvalid(f"{wrong} no source is named before ':'.", NEXT_STEP)
    if not all(part.strip() for entry in entries for part in entry.split("+")):
        raise SettingsInvalid(f"{wrong} a column name is empty.", NEXT_STEP)
    rule = RoleRule(columns=entries, why="set by --map")
    return system.strip() or None, cast("Role", role.strip()), rule


def describe(
    detected: DetectedRoles, columns: Mapping[str, RoleRule] | None = None
) -> list[tuple[str, str, float, str]]:
    """Rows to print, in the order of ROLES: role, columns, confidence, why.

    `columns` is the mapping in use where it differs from what was detected, as after `--map`.
    """
    used = dict(detected.columns.items()) if columns is None else columns
    return [
        (role, ", ".join(used[role].columns), used[role].confidence, used[role].why) for role in ROLES if role in used
    ]
