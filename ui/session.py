"""The desk behind the pages, opened once for all browsers, and who is at it in this one."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import streamlit as st

from mdm.app.desk import Actor, Desk, InForce, PublishingDesk, Right, Said, has, identity, open_desk
from mdm.errors import SessionOver, SettingsInvalid
from ui import view

FOLDER: Final = "MDM_PROJECT"
"""The environment variable in which `mdm ui` hands over the project's folder."""

CALLER: Final = "caller"


def folder() -> Path:
    """The project's folder. Raises SettingsInvalid when the desk was started without one."""
    named = os.environ.get(FOLDER, "")
    if not named:
        raise SettingsInvalid("The desk was started without a project.", "Start it with: mdm ui DIR")
    return Path(named)


def enter() -> Actor:
    """Whoever looks at the desk in this browser, found out anew with each run of a page.

    Raises SessionOver where nobody is signed in, or not any more.
    """
    shared = _open(str(folder()), identity(folder()))
    st.session_state.pop(CALLER, None)
    if shared.sign_in is None:
        caller = shared.actor
    elif st.user.is_logged_in:
        caller = shared.enter(st.user.to_dict())
    else:
        raise SessionOver("Nobody is signed in.", "Sign in.")
    st.session_state[CALLER] = caller
    return caller


def actor() -> Actor:
    """Who called last, as they came in; every call has them checked again."""
    caller: Actor | None = st.session_state.get(CALLER)
    return caller if caller is not None else enter()


def desk() -> Desk:
    """The desk of the project, called by whoever is at it here."""
    return _open(str(folder()), identity(folder())).called_by(actor())


def may(right: Right) -> bool:
    """Whether a page should offer it; what is asked for in any other way is checked all the same."""
    return has(actor(), right)


@st.cache_resource(max_entries=1, show_spinner=False, on_release=Desk.close)
def _open(named: str, which: tuple[int, ...]) -> Desk:  # noqa: ARG001 - part of the key under which it is kept
    return open_desk(Path(named), os.environ)


def publishing() -> PublishingDesk:
    """What systems are told, with the secrets of this environment."""
    return desk().publishing(os.environ)


def in_force() -> InForce:
    """The rules that the next scan obeys, with the settings of this environment."""
    return desk().rules.in_force(os.environ)


def said(reason: str) -> Said:
    """What is recorded with a decision made now."""
    now = datetime.now(UTC).replace(microsecond=0).isoformat()
    return Said(actor().name, now, reason)


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
