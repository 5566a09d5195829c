"""What the source system of each file is called: as a person says, or after the file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from mdm.errors import InputRefused, SettingsInvalid
from mdm.records import SystemName
from mdm.rulebook.source import SYSTEM_NAME

LONGEST: Final = 56
"""Characters of a name made from a file's; a number to tell it apart still fits behind it."""

NEXT_STEP: Final = "Write it as --system crm=export.csv; a name has up to 64 letters, digits, _ . and -."


def parse_system_option(text: str) -> tuple[Path, SystemName]:
    """The file and the name of one `--system NAME=FILE` option. Raises SettingsInvalid."""
    name, equals, file = text.partition("=")
    if not (name and equals and file):
        raise SettingsInvalid(f"--system {text} is not understood.", NEXT_STEP)
    if not re.fullmatch(SYSTEM_NAME, name):
        raise SettingsInvalid(f"--system {text}: {name} cannot be the name of a system.", NEXT_STEP)
    return Path(file), SystemName(name)


def name_systems(files: Sequence[Path], names: Mapping[Path, SystemName]) -> list[tuple[Path, SystemName]]:
    """Each file with the name of its system: the given one, else one made from the file's name that is still free.

    Raises SettingsInvalid for a name or a file given twice, InputRefused for a path that cannot be written down.
    """
    for path in files:
        _refuse_unwritable(path)
    if twice := _twice([str(path.resolve()) for path in files]):
        raise SettingsInvalid(f"The file {twice} is given twice.", "Give each file once.")
    if twice := _twice([name.casefold() for name in names.values()]):
        raise SettingsInvalid(f"Two files are called system {twice}.", "Give each its own name: --system NAME=FILE.")
    given = {path.resolve(): name for path, name in names.items()}
    taken = {name.casefold() for name in given.values()}
    named = []
    for path in files:
        name = given.get(path.resolve()) or _free_name(path, taken)
        taken.add(name.casefold())
        named.append((path, SystemName(name)))
    return named


def _twice(texts: Sequence[str]) -> str | None:
    return next((text for at, text in enumerate(texts) if text in texts[:at]), None)


def _refuse_unwritable(path: Path) -> None:
    """A path goes into rules and reports, so it must be text of one line."""
    if not str(path.resolve()).isprintable():
        shown = "".join(c if c.isprintable() else "?" for c in path.name)
        raise InputRefused(
            f"The name of the file {shown} holds a control character or one that is no text.", "Rename the file."
        )


def _free_name(path: Path, taken: set[str]) -> str:
    """A system name from a file's name: `CRM export (2).csv` is crm_export_2."""
    base = re.sub(r"[^a-z0-9]+", "_", path.stem.lower())[:LONGEST].strip("_") or "file"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}_{number}", number + 1
    return name
