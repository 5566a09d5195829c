"""Saved views above the queue: open one, keep the present choices under a name, rename or delete an own one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from mdm.app.desk import Choices, Right, SavedView, shown
from mdm.errors import MdmError
from ui import narrowing, paging, places, session, view

NAME: Final = "view_name"
SHARED: Final = "view_shared"
OWN: Final = "view_own"
TOLD: Final = "view_told"


def show(choices: Choices) -> None:
    """The views of whoever is at the desk, folded until they are wanted."""
    views = session.desk().saved_views.all()
    with st.expander(" ".join(["Saved views", *([str(len(views))] if views else [])]), key="saved_views"):
        if views:
            view.show(_table(views, choices), key="views")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(
                "Name of the view", key=NAME, max_chars=60, placeholder="Such as: German firms, much at stake"
            )
            if session.may(Right.DECIDE):
                st.toggle("For everybody", key=SHARED)
            st.button("Keep these choices", key="view_save", on_click=_save, args=(narrowing.chosen(),))
        own = [each.name for each in views if each.owner == session.actor().name]
        if own:
            with st.container(horizontal=True, vertical_alignment="bottom"):
                st.selectbox("Your views", own, key=OWN, format_func=shown)
                st.button("Rename to the name above", key="view_rename", on_click=_rename)
                st.button("Delete", key="view_delete", on_click=_delete)
        told = st.session_state.pop(TOLD, "")
        if told:
            st.text(told)


def _table(views: tuple[SavedView, ...], choices: Choices) -> view.Block:
    rows, me = [], session.actor().name
    for each in views:
        to, name = places.to_queue(narrowing.address(each.address, choices)), shown(each.name)
        whose = ("for everybody" if each.shared else "yours") if each.owner == me else f"of {shown(each.owner)}"
        rows.append(view.row(view.link(name, to, says=f"Open the view {name}"), view.text(whose), to=to))
    return view.table("Saved views of the queue", [view.column("View", "label"), view.column("Whose", "word")], rows)


def _save(address: Mapping[str, str]) -> None:
    views = session.desk().saved_views
    name = str(st.session_state.get(NAME, ""))
    _try(lambda: (views.share if st.session_state.get(SHARED) else views.save)(name, address), f"Kept: {name.strip()}.")


def _rename() -> None:
    old, new = str(st.session_state.get(OWN, "")), str(st.session_state.get(NAME, ""))
    _try(lambda: session.desk().saved_views.rename(old, new), f"{old} is now called {new.strip()}.")


def _delete() -> None:
    old = str(st.session_state.get(OWN, ""))
    _try(lambda: session.desk().saved_views.delete(old), f"Deleted: {old}.")


def _try(act: Callable[[], None], told: str) -> None:
    try:
        act()
    except MdmError as error:
        told = f"{error.what} {error.next_step}"
    st.session_state[TOLD] = shown(told)
    paging.first_page()
