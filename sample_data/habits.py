"""How each system's people write: error rates per mille, by system."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import yaml

from sample_data.presence import SYSTEMS

FILE: Final = Path(__file__).parent / "habits.yaml"


@cache
def habits_of(system: str) -> dict[str, int]:
    """Of a thousand records of the system, how many show each habit."""
    table: dict[str, list[int]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {habit: rates[SYSTEMS.index(system)] for habit, rates in table.items()}
