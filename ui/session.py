"""The desk behind the pages: opened once for all browsers, opened anew when another project takes its folder."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import streamlit as st

from mdm.app.desk import Desk, Said, identity, open_desk
from mdm.app.desk_publish import PublishingDesk
from mdm.errors import SettingsInvalid
from ui import view

FOLDER: Final = "MDM_PROJECT"
"""The environment variable in which `mdm ui` hands over the project's folder."""


def folder() -> Path:
    """The project's folder. Raises SettingsInvalid when the desk was started without one."""
    named = os.environ.get(FOLDER, "")
    if not named:
        raise SettingsInvalid("The desk was started without a project.", "Start it with: mdm ui DIR")
    return Path(named)


def desk() -> Desk:
    """The desk of the project."""
    return _open(str(folder()), identity(folder()))


@st.cache_resource(max_entries=1, show_spinner=False, on_release=Desk.close)
def _open(named: str, which: tuple[int, ...]) -> Desk:  # noqa: ARG001 - part of the key under which it is kept
    return open_desk(Path(named), os.environ)


def publishing() -> PublishingDesk:
    """What systems are told, with the secrets of this environment."""
    return desk().publishing(os.environ)


def said(reason: str) -> Said:
    """What is recorded with a decision made now."""
    now = datetime.now(UTC).replace(microsecond=0).isoformat()
    return Said(desk().author, now, reason)


def warn_of_another_model() -> None:
    """Say why there are no reasons, where a page would show them."""
    if not desk().can_explain():
        view.show(
            view.notice(
                "The last scan used another match model than this desk, so no reasons are shown.",
                "Run mdm scan, then start the desk again.",
            ),
            key="another_model",
        )
