"""Claims at the desk: an opened pair is kept for whoever opened it, others see who has it; a pair can be assigned."""

from __future__ import annotations

from typing import Final

import streamlit as st

from mdm.app.claiming import tell_claim
from mdm.records import RecordKey
from ui import session, view

OPENED: Final = "claimed_pair"
ASSIGNEE: Final = "assignee"
Pair = tuple[RecordKey, RecordKey]


def open_pair(left: RecordKey, right: RecordKey) -> bool:
    """Claim a pair, and let go of the one before; tells who has it, and is False while somebody else does."""
    said, claims, pair = session.said(""), session.desk().claims, (min(left, right), max(left, right))
    before: Pair | None = st.session_state.get(OPENED)
    if before is not None and before != pair:
        claims.leave(before, said)
    claim = claims.open(pair, said)
    st.session_state[OPENED] = pair
    if claim.is_held_by_another(said.author, said.at):
        told = tell_claim(claim, said)
        view.show(
            view.notice(f"{told[:1].upper()}{told[1:]}.", "Take the next pair, or wait until then."), key="claimed"
        )
        return False
    return True


def show_assignment(left: RecordKey, right: RecordKey) -> None:
    """Whom the pair is assigned to, and the way to change that."""
    pair = (min(left, right), max(left, right))
    with st.expander("Assign"), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Who shall answer", key=ASSIGNEE, placeholder="A user's name; nobody when empty", max_chars=80)
        st.button("Assign", key="assign", on_click=_assign, args=(pair,))
        told = tell_claim(session.desk().claims.of(pair), session.said(""))
        view.show(view.status(told or "assigned to nobody"), key="assigned", width="content")


def _assign(pair: Pair) -> None:
    session.desk().claims.assign(pair, st.session_state.get(ASSIGNEE, ""), session.said(""))
