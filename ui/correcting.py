"""Correcting a customer by hand: merge it, split records off, set a golden value, take any of it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from mdm.app.desk import CustomerView, Deeded, DeedLine, Said, moment, shown
from mdm.errors import MdmError
from mdm.records import GOLDEN_ATTRIBUTES, RecordKey
from ui import session, view

DONE: Final = "deed_done"
PROBLEM: Final = "deed_problem"
OTHER, CHOSEN, WHY = "merge_other", "split_chosen", "deed_reason"
FIELD, VALUE = "override_field", "override_value"


def show_outcome() -> None:
    """Tell of what was done or refused; belongs above the customer, so that it is seen."""
    refused: MdmError | None = st.session_state.pop(PROBLEM, None)
    if refused is not None:
        view.show(view.problem(refused), key="deed_refused")
    told: str | None = st.session_state.pop(DONE, None)
    if told is not None:
        view.show(view.notice(told, "Every later scan keeps it."), key="deed_done")


def show_controls(customer: CustomerView) -> None:
    """The ways to correct this customer."""
    view.show(view.heading("Correct this customer"), key="correct")
    st.text_input("Reason (optional)", key=WHY, placeholder="Why, in a few words", max_chars=200)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Id of another customer", key=OTHER, placeholder="M-000016J-D")
        st.button("Merge it into this one", key="merge", on_click=_merge, args=(customer.master_id,))
    if len(customer.members) > 1:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.multiselect("Records", customer.members, key=CHOSEN, format_func=lambda key: shown(str(key)))
            st.button("Split them off", key="split", on_click=_split, args=(customer.master_id,))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox("Field", GOLDEN_ATTRIBUTES, key=FIELD, format_func=lambda name: name.replace("_", " "))
        st.text_input("Value", key=VALUE)
        st.button("Set it", key="override", on_click=_override, args=(customer.master_id,))
    for deed in customer.deeds:
        with st.container(horizontal=True, vertical_alignment="center"):
            view.show(view.status(_told(deed)), key=f"deed_{deed.number}", width="content")
            st.button("Undo", key=f"undo_deed_{deed.number}", on_click=_undo, args=(deed.number,))


def _told(deed: DeedLine) -> str:
    return f"{deed.text} {deed.author}, {moment(deed.at)}"


def _merge(master_id: str) -> None:
    other = st.session_state.get(OTHER, "")

    def act() -> str:
        done: Deeded = session.desk().merge(master_id, other, _said())
        return f"{done.planned.other_id} was merged into {master_id}."

    _try(act)


def _split(master_id: str) -> None:
    chosen: list[RecordKey] = st.session_state.get(CHOSEN, [])

    def act() -> str:
        done: Deeded = session.desk().split(master_id, chosen, _said())
        return f"{done.planned.other_id} was split off {master_id}."

    _try(act)


def _override(master_id: str) -> None:
    field, value = st.session_state[FIELD], st.session_state.get(VALUE, "")

    def act() -> str:
        done = session.desk().override(master_id, field, value, _said())
        return f"The {field.replace('_', ' ')} is set{'' if done.at_once else ' from the next scan on'}."

    _try(act)


def _undo(number: int) -> None:
    def act() -> str:
        session.desk().undo(number, _said())
        return "It was taken back."

    _try(act)


def _said() -> Said:
    return session.said(st.session_state.get(WHY, ""))


def _try(act: Callable[[], str]) -> None:
    try:
        st.session_state[DONE] = act()
    except MdmError as error:
        st.session_state[PROBLEM] = error
        return
    st.session_state.update({OTHER: "", CHOSEN: [], VALUE: "", WHY: ""})
