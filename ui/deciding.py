"""Deciding on a pair and taking it back: the buttons, and what is told of the last decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import streamlit as st

from mdm.app.desk import Answer, Decision, Neighbours, Pair, Right, moment, shown
from mdm.errors import MdmError
from mdm.records import RecordKey
from ui import places, session, view, words

TOLD: Final[dict[Answer, str]] = {
    "match": "Match: one customer",
    "do_not_match": "Not a match: two customers",
    "unsure": "Unsure: not linked, not asked about",
}
ANSWERS: Final[tuple[tuple[Answer, str, str], ...]] = (
    ("match", "Match", "M"),
    ("do_not_match", "Not a match", "N"),
    ("unsure", "Unsure", "S"),
)
EFFECT: Final = "It takes effect with the next scan."
SITTING: Final = "decided_here"
LISTED: Final = 20
"""Decisions of this sitting that are listed; the key takes back those before them too."""
PROBLEM: Final = "decision_problem"
REASON: Final = "reason"


@dataclass(frozen=True, slots=True)
class Made:
    """A decision made in this browser since the page was opened."""

    number: int
    answer: Answer
    left: RecordKey
    right: RecordKey
    names: tuple[str, str]


def sitting() -> list[Made]:
    """What was decided here and not taken back, oldest first."""
    made: list[Made] = st.session_state.setdefault(SITTING, [])
    return made


def show_refusal() -> None:
    """Tell of a decision that was refused, and what to do."""
    refused: MdmError | None = st.session_state.pop(PROBLEM, None)
    if refused is not None:
        view.show(view.problem(refused), key="refused")


def show_last() -> None:
    """Tell of the last decision made here and how to take it back; belongs into a row, so that nothing moves."""
    made = sitting()
    if made:
        last = made[-1]
        view.show(view.status(f"Recorded: {TOLD[last.answer]}."), key="last", width="content")
        st.button("Undo", key="undo_last", shortcut="U", on_click=_undo, args=(last.number, last.left, last.right))


def show_sitting() -> None:
    """What was decided in this sitting, latest first, each with its way back."""
    made = sitting()
    if not made:
        return
    with st.expander("Decided in this sitting"):
        view.show(view.note(words.count(len(made), "decision")), key="made_count")
        for each in reversed(made[-LISTED:]):
            with st.container(horizontal=True, vertical_alignment="center"):
                args = (each.number, each.left, each.right)
                label = f"Undo {each.number}"
                st.button(label, key=f"undo_{each.number}", on_click=_undo, args=args)
                to = places.to_pair(each.left, each.right, {})
                line = view.facts((TOLD[each.answer], view.link(" and ".join(each.names), to)))
                view.show(line, key=f"made_{each.number}")
        if len(made) > LISTED:
            view.show(view.note(f"The latest {LISTED}; Undo goes back further, one by one."), key="made_rest")


def ask(pair: Pair, beside: Neighbours) -> None:
    """The answers with their keys; after one of them the next pair is shown."""
    if not session.may(Right.DECIDE):
        view.show(view.note("You look at this pair as a viewer; a steward decides it."), key="no_answers")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for answer, label, key in ANSWERS:
            st.button(label, key=answer, shortcut=key, on_click=_decide, args=(answer, pair, beside))
        st.text_input(
            "Reason (optional). A decision takes effect with the next scan.",
            key=REASON,
            placeholder="Why, in a few words",
            max_chars=200,
        )


def show_decision(decision: Decision) -> None:
    """The decision that stands on the pair, and the way to take it back."""
    told = view.notice(
        f"Decided by {shown(decision.author)} on {moment(decision.at)}: {TOLD[decision.answer]}. {EFFECT}",
        f"Reason: {shown(decision.reason)}",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        view.show(told, key="decided")
        if session.may(Right.DECIDE) and (not sitting() or sitting()[-1].number != decision.number):
            st.button(
                "Undo this decision",
                key="undo_this",
                on_click=_undo,
                args=(decision.number, decision.left, decision.right),
            )


def _decide(answer: Answer, pair: Pair, beside: Neighbours) -> None:
    try:
        number = session.desk().decide(answer, pair.left, pair.right, session.said(st.session_state.get(REASON, "")))
    except MdmError as error:
        st.session_state[PROBLEM] = error
        return
    sitting().append(Made(number, answer, pair.left, pair.right, pair.names))
    st.session_state[REASON] = ""
    if beside.following is not None:
        _go(*beside.following)


def _undo(number: int, left: RecordKey, right: RecordKey) -> None:
    st.session_state[SITTING] = [made for made in sitting() if made.number != number]
    try:
        session.desk().undo(number, session.said("undone at the desk"))
    except MdmError as error:
        st.session_state[PROBLEM] = error
        return
    if "left" in st.query_params:
        _go(left, right)


def _go(left: RecordKey, right: RecordKey) -> None:
    st.query_params["left"] = str(left)
    st.query_params["right"] = str(right)
