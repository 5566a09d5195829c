"""A small project that was scanned once, and the desk opened on a copy of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mdm.app.desk import Desk, open_desk
from tests.ui import project


@pytest.fixture(scope="session")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project.scan_project(project.write_project(tmp_path_factory.mktemp("scanned") / "shop"))


@pytest.fixture
def folder(scanned: Path, tmp_path: Path) -> Path:
    return project.copy_project(scanned, tmp_path / "shop")


@pytest.fixture
def desk(folder: Path) -> Iterator[Desk]:
    opened = open_desk(folder, {"USER": "tester"})
    yield opened
    opened.close()
