"""What is known of a connected system's extract: by which rules and columns it was read, and up to when."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from mdm.connect.parquet import settle
from mdm.connect.protocols import Column

FILE: Final = "state.json"


@dataclass(frozen=True, slots=True)
class State:
    """`rules` is a digest of how it was read, `watermark` in the system's own clock, `full_at` ISO text of ours."""

    rules: str
    columns: tuple[Column, ...]
    watermark: str
    full_at: str


def read_state(folder: Path) -> State | None:
    """The state in this folder; None where there is none, or one that cannot be read: then all is read anew."""
    try:
        said: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
        columns = tuple(Column(**column) for column in said.pop("columns"))
        return State(columns=columns, **said)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def write_state(folder: Path, state: State) -> None:
    part = folder / f"{FILE}.part"
    part.write_text(json.dumps(asdict(state), ensure_ascii=False), encoding="utf-8")
    settle(part, folder / FILE)
