"""One cohort: its sample, what that says, accepting the rest and taking it back, and what became of each pair."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import streamlit as st

from mdm.app.cohorts import LISTED, CohortState, CohortView, RestLine, SampleLine
from mdm.app.desk import Said, Sought, Wanted, moment, shown
from mdm.errors import MdmError
from mdm.records import RecordKey
from ui import bulking, narrowing, places, session, view, words

WHY: Final = "cohort_reason"
SHOWN: Final = "cohort_shown"
SAID: Final = {
    "": "waits",
    "match": "match",
    "do_not_match": "no match",
    "unsure": "unsure",
    "gone": "a record is gone: not counted",
}
OUTCOMES: Final[Mapping[str, str]] = {
    "contradicted": "Left out: would contradict",
    "changed": "Left out: changed since",
    "gone": "Left out: gone",
    "two_people": "Left out: two people must agree",
    "answered": "Answered otherwise",
    "accepted": "Accepted",
    "kept": "Kept: decided anew since",
    "taken_back": "Taken back",
}


def page() -> None:
    st.page_link(places.PAGES["bulk"], label="← Bulk")
    number = st.query_params.get("id", "")
    if not number.isdecimal():
        view.show(view.notice("No cohort was named.", "Choose one in the list of cohorts."), key="empty")
        return
    bulk = session.desk().bulk
    cohort = bulk.view(int(number))
    refused: MdmError | None = st.session_state.pop(bulking.PROBLEM, None)
    blocks = [view.problem(refused)] if refused is not None else []
    view.show(*_top(cohort), *blocks, bulking.progress(cohort), key="top")
    _act(cohort)
    _show_rest(cohort)
    view.show(view.heading("The sample"), _sample(cohort.sample, cohort.row.id), key="sample")


def _top(cohort: CohortView) -> list[view.Block]:
    row = cohort.row
    answer = "match" if row.kind == "match" else "no match"
    told = f"{row.about}. Drawn by {shown(row.author)}, {moment(row.at)}."
    return [view.heading(f"Cohort {row.id}: {row.size:,} pairs, {answer}", level=1), view.note(told)]


def _act(cohort: CohortView) -> None:
    """What can be done with the cohort as it stands."""
    number, state = cohort.row.id, cohort.row.state
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if state is CohortState.OPEN and cohort.left:
            where = _first(cohort)
            st.page_link(places.PAGES["pair"], label="Decide the sample", query_params=where)
        if cohort.may_be_accepted:
            st.text_input("Reason (optional)", key=WHY, placeholder="Why, in a few words", max_chars=200)
            _accepting(number, f"Accept the other {cohort.rest:,}")
        if state is CohortState.ACCEPTING:
            _accepting(number, "Go on accepting")
        if state in (CohortState.ACCEPTING, CohortState.ACCEPTED, CohortState.TAKING_BACK):
            label = "Go on taking back" if state is CohortState.TAKING_BACK else "Take all of it back"
            st.button(label, key="take_back", on_click=_try, args=(session.desk().bulk.take_back, number))
        if state is CohortState.OPEN:
            st.button("Close this cohort", key="close", on_click=_try, args=(session.desk().bulk.close, number))
    view.show(view.note(_effect(state)), key="effect")


def _first(cohort: CohortView) -> Mapping[str, str]:
    """The pair at which deciding the sample begins: the first of it in the queue, else any that waits."""
    of = {narrowing.COHORT: str(cohort.row.id)}
    queue = session.desk().questions(Wanted("", None, 1), Sought(cohort=cohort.row.id)).rows
    for line in queue.iter_rows(named=True):
        return {f: f"{line[f'system_{f[0]}']}:{line[f'key_{f[0]}']}" for f in ("left", "right")} | of
    waiting = next(line for line in cohort.sample if not line.answered)
    return {"left": str(waiting.left), "right": str(waiting.right)} | of


def _effect(state: CohortState) -> str:
    return {
        CohortState.OPEN: "Nothing but the sample is decided yet. Closing leaves every pair as it is.",
        CohortState.ACCEPTING: "Not all pairs are done. Going on decides the others.",
        CohortState.ACCEPTED: "Each pair has a decision of its own, in effect with the next scan. Open one to undo it.",
        CohortState.TAKING_BACK: "Not all pairs are done. Going on takes the others back.",
        CohortState.TAKEN_BACK: "The decisions of the cohort are withdrawn; those on its sample stand.",
        CohortState.CLOSED: "Its pairs wait in Review; what was decided of the sample stands.",
    }[state]


def _accepting(number: int, label: str) -> None:
    if not st.button(label, key="accept", type="primary"):
        return
    bar = st.progress(0.0, text="Deciding")
    try:
        session.desk().bulk.accept(number, _said(), lambda done, of: _told(bar.progress, done, of))
    except MdmError as error:
        st.session_state[bulking.PROBLEM] = error
    st.rerun()


def _told(progress: Callable[..., object], done: int, of: int) -> None:
    progress(done / of, text=f"{done:,} of {of:,}")


def _try(act: Callable[[int, Said], object], number: int) -> None:
    try:
        act(number, _said())
    except MdmError as error:
        st.session_state[bulking.PROBLEM] = error


def _said() -> Said:
    return session.said(st.session_state.get(WHY, ""))


def _show_rest(cohort: CohortView) -> None:
    """What became of the pairs outside of the sample, a page at a time; what was left out comes first."""
    there = [outcome for outcome in OUTCOMES if cohort.counts.get(outcome)]
    if not there:
        return
    view.show(view.heading("The other pairs"), key="rest_head")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        outcome = st.selectbox(
            "Show", there, key=SHOWN, format_func=lambda name: f"{OUTCOMES[name]} ({cohort.counts[name]:,})"
        )
        pages = -(-cohort.counts[outcome] // LISTED)
        at = st.number_input("Page", 1, pages, key=f"page_{outcome}") if pages > 1 else 1
    lines = session.desk().bulk.rest(cohort.row.id, outcome, (int(at) - 1) * LISTED)
    view.show(_rest(lines, OUTCOMES[outcome]), key="rest")


def _sample(lines: Sequence[SampleLine], number: int) -> view.Block:
    names = session.desk().bulk.names(lines)
    rows = []
    for place, line in enumerate(lines, start=1):
        to = places.to_pair(line.left, line.right, {narrowing.COHORT: str(number)})
        said = SAID[line.answered] + (": wrong" if line.is_wrong else "")
        rows.append(_row(str(place), (line.left, line.right), names, (view.text(said), to)))
    columns = [
        view.column("Pair", "number"),
        view.column("One record", "value"),
        view.column("Other record", "value"),
        view.column("Answer", "word"),
    ]
    return view.table("The sample, in the order in which it was drawn", columns, rows)


def _rest(lines: Sequence[RestLine], caption: str) -> view.Block:
    names = session.desk().bulk.names(lines)
    rows = []
    for line in lines:
        number = str(line.decision) if line.decision is not None else "open"
        why = view.text(line.cause)
        rows.append(_row(number, (line.left, line.right), names, (why, places.to_pair(line.left, line.right, {}))))
    columns = [
        view.column("Decision", "number"),
        view.column("One record", "value"),
        view.column("Other record", "value"),
        view.column("Why", "value"),
    ]
    return view.table(caption, columns, rows)


def _row(
    label: str, pair: tuple[RecordKey, RecordKey], names: Mapping[RecordKey, str], ending: tuple[view.Cell, str]
) -> view.Block:
    last, to = ending
    left, right = pair
    return view.row(
        view.link(label, to, says=f"Open {label}: {words.pair(left, right)}"),
        view.text(names[left], note=shown(str(left))),
        view.text(names[right], note=shown(str(right))),
        last,
        to=to,
    )


page()
