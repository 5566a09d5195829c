"""Trying a change of the rules: its text, the work in the background, and what a scan with it would do."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Final

import streamlit as st

from mdm.app.desk import Effect, Trial, TrialJob, shown
from mdm.errors import MdmError, RulesInvalid
from ui import places, session, view

DRAFTS, JOB, PROBLEM = "rules_drafts", "rules_job", "rules_problem"
FILE, ROUND, TRIED = "rules_file", "rules_round", "rules_tried"
AT_ONCE: Final = 2.0
"""Seconds for which a press waits: a small project has its answer by then."""

EVERY: Final = 1.0
"""Seconds between two looks at work in the background."""

HEIGHT: Final = 360
IDS: Final = ("Customer", "Into")
"""Columns with master ids that are in use."""


def show() -> None:
    """The text of a rules file to change, and what that would do."""
    view.show(
        view.heading("Try a change"),
        view.note(
            "Change the text and see what a scan with it would do. Nothing is written, neither rules nor customers. "
            "Systems that are read over the network are taken as they were last read."
        ),
        key="try",
    )
    texts = session.desk().rules.texts()
    name = st.selectbox("Rules file", list(texts), key=FILE, format_func=shown)
    _edit(name, texts[name])
    drafts = _drafts()
    if drafts:
        view.show(view.status(f"Changed here: {', '.join(map(shown, drafts))}."), key="changed")
    running = JOB in st.session_state and not st.session_state[JOB].look()
    with st.container(horizontal=True):
        st.button("Show what would change", key="trial", type="primary", on_click=_begin, disabled=running)
        st.button("Put the texts back", key="put_back", on_click=_put_back, disabled=not drafts)
    _outcome()


def forget() -> None:
    """Another page was opened: nobody waits for the work any more."""
    job: TrialJob | None = st.session_state.pop(JOB, None)
    if job is not None:
        job.stop()


def faults(told: str, error: MdmError) -> list[view.Block]:
    """What is wrong in rules, a line for each fault with its file and line."""
    return [view.notice(told, tone="problem"), view.numbered([shown(line) for line in str(error).splitlines()])]


def _drafts() -> dict[str, str]:
    """The changed texts by their file; they stay while another file is looked at."""
    found: dict[str, str] = st.session_state.setdefault(DRAFTS, {})
    return found


def _edit(name: str, text: str) -> None:
    key = f"rules_text_{st.session_state.setdefault(ROUND, 0)}_{name}"
    changed = st.text_area("Text of the file", _drafts().get(name, text), key=key, height=HEIGHT)
    if changed == text:
        _drafts().pop(name, None)
    else:
        _drafts()[name] = changed


def _put_back() -> None:
    st.session_state[DRAFTS] = {}
    st.session_state[ROUND] += 1
    st.session_state.pop(PROBLEM, None)
    forget()


def _begin() -> None:
    forget()
    now = datetime.now(UTC).replace(microsecond=0).isoformat()
    st.session_state.pop(PROBLEM, None)
    try:
        job = session.desk().rules.begin(_drafts(), os.environ, now)
        st.session_state[JOB], st.session_state[TRIED] = job, dict(_drafts())
        job.look(AT_ONCE)
    except MdmError as error:
        st.session_state[PROBLEM] = error


def _outcome() -> None:
    refused: MdmError | None = st.session_state.get(PROBLEM)
    if isinstance(refused, RulesInvalid):
        view.show(*faults("These rules do not load.", refused), key="trial_invalid")
    elif refused is not None:
        view.show(view.problem(refused), key="trial_refused")
    elif JOB in st.session_state:
        job: TrialJob = st.session_state[JOB]
        _wait() if not job.look() else _result(job)


@st.fragment(run_every=EVERY)
def _wait() -> None:
    """Look again every second; the whole page runs anew when the work has ended."""
    job: TrialJob | None = st.session_state.get(JOB)
    if job is None or job.look():
        st.rerun()
    view.show(view.status(f"At work: {job.stage or 'beginning'} …"), key="trial_stage")
    st.button("Stop", key="trial_stop", on_click=forget)


def _result(job: TrialJob) -> None:
    try:
        found = session.desk().rules.look(job).result
    except MdmError as error:
        view.show(view.problem(error), key="trial_failed")
        return
    if found is None:
        return
    if st.session_state.get(TRIED) != _drafts():
        view.show(view.notice("The texts were changed after this was computed.", "Press again."), key="trial_older")
    view.show(*_told(found), key="trial_result")


def _told(found: Trial) -> list[view.Block]:
    which = f"the changed {' and '.join(found.changed)}" if found.changed else "the rules as they are"
    tried = f"A scan with {which}"
    if not found.effects:
        return [view.heading("What would change"), view.notice(f"{tried} would change nothing.")]
    besides = [
        view.notice(
            f"Since the last scan {' and '.join(found.besides)}.",
            "So some of this would happen without a change of the rules.",
        )
    ]
    return [
        view.heading("What would change"),
        view.status(f"{tried} would do this. Nothing of it has happened."),
        *(besides if found.besides else []),
        view.facts(
            ("Customers", view.text(_becomes(found.customers))),
            ("Pairs to review", view.text(_becomes(found.waiting))),
            *((effect.title, view.text(f"{effect.count:,}")) for effect in found.effects),
        ),
        *(block for effect in found.effects if effect.count for block in _examples(effect)),
    ]


def _becomes(numbers: tuple[int, int]) -> str:
    before, after = numbers
    return f"{after:,}, as now" if before == after else f"{after:,}, now {before:,}"


def _examples(effect: Effect) -> list[view.Block]:
    shown_of = f"The first {len(effect.examples):,}." if effect.count > len(effect.examples) else ""
    columns = [view.column(head, "code" if head in IDS else "value") for head in effect.heads]
    rows = [
        view.row(*(_cell(head, text) for head, text in zip(effect.heads, row, strict=True))) for row in effect.examples
    ]
    return [
        view.heading(f"{effect.title}: {effect.count:,}"),
        *([view.note(shown_of)] if shown_of else []),
        view.table(f"Examples: {effect.title}", columns, rows, row_heads=True),
    ]


def _cell(head: str, text: str) -> view.Cell:
    if head in IDS and text:
        return view.link(text, places.to_customer(text), says=f"Customer {text}")
    return view.text(text)
