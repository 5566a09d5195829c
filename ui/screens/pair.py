"""One pair after the other: both records side by side, why they are asked about, and the answers by key."""

from __future__ import annotations

import streamlit as st

from mdm.app.desk import Right
from mdm.records import RecordKey
from ui import agreeing, bulking, paging, places, reviewing, session, view


def page() -> None:
    paging.back("review", "← All waiting pairs")
    pair = _asked()
    if pair is None:
        view.show(view.notice("No pair was named.", "Choose one in the list of waiting pairs."), key="empty")
        return
    session.desk().pair(*pair)  # refused in words where it is none
    session.warn_of_another_model()
    if session.may(Right.DECIDE):
        bulking.show_progress()
        agreeing.show_proposals(*pair)
    reviewing.show(pair)


def _asked() -> tuple[RecordKey, RecordKey] | None:
    left = places.record_key(st.query_params.get("left", ""))
    right = places.record_key(st.query_params.get("right", ""))
    return None if left is None or right is None or left == right else (min(left, right), max(left, right))


page()
