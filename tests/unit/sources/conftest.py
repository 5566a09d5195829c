"""Files made for a test, and a source that reads them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from mdm.rulebook.source import SourceRules
from mdm.sources import Landed, land, read_columns


@dataclass(frozen=True)
class Workplace:
    """A project folder with a landing folder in it."""

    project: Path

    @property
    def into(self) -> Path:
        return self.project / "landing"

    def write(self, name: str, content: bytes | str) -> Path:
        path = self.project / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def land(self, content: bytes | str, name: str = "customers.csv", **rules: Any) -> Landed:
        self.write(name, content)
        return land(self.source(name, **rules), self.project, self.into)

    def source(self, name: str = "customers.csv", **rules: Any) -> SourceRules:
        return SourceRules.model_validate({"system": "erp", "path": name, "key": "id"} | rules)

    def values(self, landed: Landed) -> list[dict[str, Any]]:
        frame: pl.DataFrame = read_columns(landed, landed.columns)
        return frame.select(landed.columns).to_dicts()

    def leftovers(self) -> list[str]:
        return sorted(path.name for path in self.into.iterdir()) if self.into.exists() else []


@pytest.fixture
def work(tmp_path: Path) -> Workplace:
    return Workplace(tmp_path)
