"""Account: who is signed in, what their role means, and the way out."""

from __future__ import annotations

import streamlit as st

from mdm.app.desk import shown
from ui import session, signing, view


def page() -> None:
    st.title("Account")
    actor = session.actor()
    if not actor.session:
        told = "Nobody signs in here: the desk listens on this computer only, and whoever uses it is its operator."
        view.show(view.notice(told, "docs/sign-in.md says how several people use one desk."), key="local")
        return
    role = actor.role or ""
    facts = view.facts(("Signed in as", view.text(shown(actor.name))), ("Role", view.text(role)))
    view.show(facts, view.paragraph(signing.MEANS.get(role, "")), key="account")
    st.button("Sign out", key="sign_out", on_click=signing.sign_out)
    view.show(view.note("Every window and every copy of this session ends with it."), key="ends")


page()
