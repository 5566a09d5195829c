"""Options that several commands share, and the clock and environment they run in."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from mdm.settings import Settings, load_settings

Folder = Annotated[Path, typer.Argument(help="The project's folder.", show_default="this folder")]


def settings() -> Settings:
    """The settings of this environment."""
    return load_settings(os.environ)


def now() -> str:
    """The moment in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0).isoformat()
