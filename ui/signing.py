"""Signing in and out, and what is shown to whoever is not (any more) allowed in."""

from __future__ import annotations

import contextlib
from typing import Final

import streamlit as st

from mdm.app.desk import Actor, shown
from mdm.errors import NotAllowed, SessionOver
from ui import session, view

MEANS: Final = {
    "viewer": "You look at everything; personal data of persons is masked, and you decide nothing.",
    "steward": "You see personal data, decide pairs, correct customers and take that back.",
    "approver": "You do what a steward does, and approve what systems are told.",
    "admin": "You may do everything, give roles and read the audit.",
}
"""What each role is told about itself."""

NO_ROLE: Final = (
    "Ask an admin of this desk to give you a role, on the page Admin or with mdm user add, and name them "
    "the address above. Then reload this page."
)


def show_refused(refused: NotAllowed) -> None:
    """In place of a page: nobody is signed in, or not any more, or the provider does not say who it is."""
    st.title("Sign in")
    if st.user.is_logged_in:
        view.show(view.notice(shown(refused.what), shown(refused.next_step)), key="refused_entry")
    else:
        told = "This desk shows customers of your company, so it asks who you are."
        view.show(view.notice(told, "You sign in where you always do; this desk never sees your password."), key="why")
    with st.container(horizontal=True):
        st.button("Sign in", key="sign_in", type="primary", on_click=st.login)
        if st.user.is_logged_in and not isinstance(refused, SessionOver):
            st.button("Sign out", key="sign_out", on_click=sign_out)


def show_without_role(actor: Actor) -> None:
    """In place of a page: somebody whom nobody gave a role."""
    st.title("You have no role here yet")
    view.show(view.notice(f"You are signed in as {shown(actor.name)}.", NO_ROLE), key="no_role")
    st.button("Sign out", key="sign_out", on_click=sign_out)


def sign_out() -> None:
    """End the session on the server, so that no copy of the cookie is worth anything, then the browser's."""
    with contextlib.suppress(NotAllowed):  # it may have ended already; the cookie goes in any case
        session.desk().leave()
    st.session_state.pop(session.CALLER, None)
    st.logout()
