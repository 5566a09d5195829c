"""Turning the pages of a list. The address holds the place, so that a page can be reloaded, kept and sent on."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from ui import places

PAGE: Final = 50
AFTER: Final = "after"


def place() -> tuple[Any, ...] | None:
    """The place behind which the page begins; None for the first page."""
    return places.read(st.query_params.get(AFTER, ""))


def first_page() -> None:
    """Begin again: the search or the order has changed."""
    _go("")


def remember(of: str) -> None:
    """Keep the address of a list, so that its pages lead back to the same search and place."""
    st.session_state[f"{of}_address"] = dict(st.query_params)


def back(of: str, label: str) -> None:
    """The way back to a list, as it was last seen."""
    st.page_link(places.PAGES[of], label=label, query_params=st.session_state.get(f"{of}_address"))


def turn(after: tuple[Any, ...] | None, *, of: str) -> None:
    """The buttons to the pages before and behind this one; `of` names the list."""
    here = st.query_params.get(AFTER, "")
    if not here and after is None:
        return
    came_from: dict[str, str] = st.session_state.setdefault(f"{of}_came_from", {})
    with st.container(horizontal=True):
        st.button(
            "Previous page",
            key=f"{of}_previous",
            shortcut="K",
            disabled=not here,
            on_click=_go,
            args=(came_from.get(here, ""),),
        )
        behind = places.written(after)
        st.button(
            "Next page",
            key=f"{of}_next",
            shortcut="J",
            disabled=after is None,
            on_click=_next,
            args=(behind, here, came_from),
        )


def _next(behind: str, here: str, came_from: dict[str, str]) -> None:
    came_from[behind] = here
    _go(behind)


def _go(to: str) -> None:
    if to:
        st.query_params[AFTER] = to
    else:
        st.query_params.pop(AFTER, None)
