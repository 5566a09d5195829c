"""Bulk: draw a cohort of alike pairs that get the same answer after a sample of them was decided; all cohorts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final, Literal

import streamlit as st

from mdm.app.cohorts import ALLOWED, ANSWERS, STATES, CohortRow, CohortState, Fitting, Wish, per_cent
from mdm.app.desk import Choices, moment, shown
from mdm.errors import MdmError
from ui import bulking, narrowing, places, session, view, words

OPENED: Final = "cohort_opened"
LOWEST, HIGHEST = "weight_from", "weight_to"
MICRO: Final = 1_000_000
KINDS: Final[Mapping[Literal["match", "do_not_match"], str]] = {
    "match": "Match: one customer",
    "do_not_match": "Not a match: two customers",
}


def page() -> None:
    opened: int | None = st.session_state.pop(OPENED, None)
    if opened is not None:
        st.switch_page(places.PAGES["cohort"], query_params={"id": str(opened)})
    st.title("Bulk")
    refused: MdmError | None = st.session_state.pop(bulking.PROBLEM, None)
    blocks = [view.problem(refused)] if refused is not None else []
    told = "Alike pairs get the same answer in one go, once a random sample of them was decided one by one."
    view.show(*blocks, view.note(told), key="told")
    _draw(session.desk().bulk.all())


def _draw(cohorts: Sequence[CohortRow]) -> None:
    desk = session.desk()
    wish = _wish(desk.choices())
    found = desk.bulk.fitting(wish)
    view.show(view.status(_told(found, wish)), key="fitting")
    label = f"Draw {found.sample:,} of {found.among:,}" if found.is_worth_it else "Draw a sample"
    st.button(
        label,
        key="draw",
        type="primary",
        disabled=not found.is_worth_it,
        on_click=_open,
        args=(wish,),
    )
    if cohorts:
        view.show(view.heading("Cohorts"), _table(cohorts), key="cohorts")
    else:
        view.show(view.note("No cohort was drawn yet."), key="cohorts")


def _wish(choices: Choices) -> Wish:
    pairs = {"+".join(pair): narrowing.between(*pair) for pair in choices.systems}
    one, two, three, four, five = st.columns([2, 3, 2, 1, 1], vertical_alignment="bottom")
    with one:
        systems = narrowing.choose("Source systems", "systems", {narrowing.ANY: "All", **pairs})
    with two:
        doubt = narrowing.choose("Why it is asked", "why", {narrowing.ANY: "All", **narrowing.DOUBTS})
    with three:
        countries = {c: shown(c) for c in choices.countries}
        country = narrowing.choose("Country", "country", {narrowing.ANY: "All", **countries})
    with four:
        low = st.number_input("Weight from", value=None, step=1.0, format="%.1f", key=LOWEST)
    with five:
        high = st.number_input("Weight to", value=None, step=1.0, format="%.1f", key=HIGHEST)
    six, seven, _ = st.columns([3, 2, 4], vertical_alignment="bottom")
    with six:
        kind = st.selectbox("Answer to all", list(KINDS), key="bulk_answer", format_func=lambda name: KINDS[name])
    with seven:
        allowed = st.selectbox("At most wrong", ALLOWED, index=2, key="bulk_allowed", format_func=_share)
    find = st.query_params.get(narrowing.FIND, "")
    sought = narrowing.sought_of({narrowing.FIND: find, "systems": systems, "why": doubt, "country": country})
    if low is not None or high is not None:
        bits = (-1_000.0 if low is None else low, 1_000.0 if high is None else high)
        sought = replace(sought, weights=(round(bits[0] * MICRO), round(bits[1] * MICRO)))
    return Wish(kind, sought, allowed)


def _share(allowed: int) -> str:
    return per_cent(Fraction(allowed, 10_000))


def _told(found: Fitting, wish: Wish) -> str:
    fit = f"{words.count(found.among, 'pair')} {'fits' if found.among == 1 else 'fit'}"
    if not found.among:
        return "No pair of this kind waits outside of open cohorts."
    if not found.is_worth_it:
        return f"{fit}: too many, narrow them down." if not found.sample else f"{fit}: too few for a sample."
    return f"{fit}. Decide {found.sample:,}; if none is wrong, at most {_share(wish.allowed)} of all are (95 % sure)."


def _open(wish: Wish) -> None:
    try:
        st.session_state[OPENED] = session.desk().bulk.draw(wish, session.said(""))
    except MdmError as error:
        st.session_state[bulking.PROBLEM] = error


def _state(cohort: CohortRow) -> str:
    told = STATES[cohort.state]
    return (
        told if cohort.state is CohortState.OPEN else f"{told}, {shown(cohort.changed_by)}, {moment(cohort.changed_at)}"
    )


def _table(cohorts: Sequence[CohortRow]) -> view.Block:
    rows = []
    for cohort in cohorts:
        to = places.to_cohort(cohort.id)
        rows.append(
            view.row(
                view.link(str(cohort.id), to, says=f"Open cohort {cohort.id}: {cohort.about}"),
                view.text(cohort.about),
                view.text(ANSWERS["match" if cohort.kind == "match" else "do_not_match"]),
                view.text(f"{cohort.drawn:,} of {cohort.size:,}"),
                view.text(_state(cohort), note=cohort.stated),
                view.text(shown(cohort.author), note=moment(cohort.at)),
                to=to,
            )
        )
    columns = [
        view.column("Cohort", "number"),
        view.column("Which pairs", "value"),
        view.column("Answer", "word"),
        view.column("Sample", "number"),
        view.column("State", "value"),
        view.column("Drawn by", "word"),
    ]
    return view.table("Cohorts, latest first", columns, rows)


page()
