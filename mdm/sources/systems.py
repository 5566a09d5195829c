"""Names of systems that are read from a column of a shared file."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 64
NOT_IN_NAMES: Final = re.compile(r"[^\w.-]+")


def system_name(value: str) -> str:
    """The system that a value names: letters, digits and `_ . -`, up to 64, the first no `.` or `-`."""
    name = NOT_IN_NAMES.sub("_", value.strip())
    return (name if name[:1].isalnum() or name.startswith("_") else f"_{name}")[:LONGEST]
