"""Claims at the desk: a pair is kept for whoever asks for it, others see who has it; a pair can be assigned."""

from __future__ import annotations

from typing import Final

import streamlit as st

from mdm.app.claiming import tell_claim
from mdm.records import RecordKey
from ui import session, view

ASSIGNEE: Final = "assignee"


def show(left: RecordKey, right: RecordKey) -> None:
    """Who has the pair and until when, whom it is assigned to, and the way to change that."""
    pair = (min(left, right), max(left, right))
    said = session.said("")
    claim = session.desk().claims.of(pair)
    told = tell_claim(claim, said)
    held = claim.is_held_by_another(said.author, said.at)
    if held:
        view.show(view.notice(f"{told[:1].upper()}{told[1:]}.", "Take the next pair, or wait until then."), key="held")
    with st.expander("Keep or assign this pair"), st.container(horizontal=True, vertical_alignment="bottom"):
        if claim.holder == said.author and claim.until > said.at:
            st.button("Let others have it", key="leave", on_click=_leave, args=(pair,))
        else:
            st.button("Keep it for me for half an hour", key="keep", on_click=_keep, args=(pair,), disabled=held)
        st.text_input("Who shall answer", key=ASSIGNEE, placeholder="A user's name; nobody when empty", max_chars=80)
        st.button("Assign", key="assign", on_click=_assign, args=(pair,))
        view.show(view.status(told or "kept for nobody, assigned to nobody"), key="assigned", width="content")


def _keep(pair: tuple[RecordKey, RecordKey]) -> None:
    session.desk().claims.open(pair, session.said(""))


def _leave(pair: tuple[RecordKey, RecordKey]) -> None:
    session.desk().claims.leave(pair)


def _assign(pair: tuple[RecordKey, RecordKey]) -> None:
    session.desk().claims.assign(pair, st.session_state.get(ASSIGNEE, ""), session.said(""))
