"""The desk for data stewards: its pages and what surrounds them. `mdm ui` serves it through `ui/serve.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from mdm.app.desk import Actor, Right, has, shown
from mdm.errors import MdmError, NotAllowed
from ui import claiming, memory, places, session, signing, trying, view

ICON: Final = Path(__file__).parent / "icon.png"
FOR_WHOM: Final = "For data stewards."
HERE_ONLY: Final = "The desk listens on this computer only (127.0.0.1); nobody else can open it, so nobody signs in."


def main() -> None:
    st.set_page_config(page_title="Customers · mdm", page_icon=str(ICON), layout="wide")
    told = [FOR_WHOM]
    try:
        told = _serve()
    except MdmError as error:
        view.show(view.problem(error), key="problem")
    view.show(view.footer(*told), key="footer")
    memory.collect_when_due()


def _serve() -> list[str]:
    """Run the page for whoever may see it; returns what the footer says."""
    try:
        actor = session.enter()
    except NotAllowed as refused:
        _pages(None)
        signing.show_refused(refused)
        return [FOR_WHOM]
    page = _pages(actor)
    if page.url_path != "rules":
        trying.forget()
    if page.url_path != "pair":
        claiming.let_go()
    if actor.role is None:
        signing.show_without_role(actor)
        return [FOR_WHOM]
    name = shown(actor.name)
    project = f"Project {shown(session.desk().project.folder.name)}."
    where = f"Signed in as {name}, {actor.role}." if actor.session else HERE_ONLY
    recorded = f" Decisions are recorded as {name}." if has(actor, Right.DECIDE) else ""
    masked = "" if has(actor, Right.SEE_PERSONAL) else " Personal data is masked (•••)."
    try:
        page.run()
    except MdmError as error:
        view.show(view.problem(error), key="problem")
    return [f"{FOR_WHOM} {where}", project + recorded + masked]


def _pages(actor: Actor | None) -> StreamlitPage:
    """The page that was asked for; the others are offered to whoever may use them.

    Every address is one of ours for everybody: a link that is opened before signing in is there after it.
    """
    inside = actor is not None and actor.role is not None
    listed = {
        "overview": inside,
        "customers": inside,
        "review": inside,
        "bulk": actor is not None and has(actor, Right.DECIDE),
        "proposals": actor is not None and has(actor, Right.DECIDE),
        "publish": actor is not None and has(actor, Right.DECIDE),
        "runs": inside,
        "rules": inside,
        "admin": actor is not None and has(actor, Right.ADMINISTER),
        "account": actor is not None and inside and bool(actor.session),
    }
    titles = {"overview": "Today"}
    return st.navigation(
        [
            st.Page(
                path,
                title=titles.get(name, name.capitalize()),
                default=name == "overview",
                visibility="visible" if listed.get(name) else "hidden",
            )
            for name, path in places.PAGES.items()
        ],
        position="top",
    )


main()
