"""Publish: what each system says and would be told; approve it, hold it, send it, try again what did not go through."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import streamlit as st

from mdm.app.desk import DuplicateList, LetterLine, Published, Right, Step, TargetLine, moment, shown
from mdm.errors import MdmError
from ui import places, session, view, words

SHOWN: Final = 100
"""Letters that each list shows."""

DUPLICATES: Final = "publish_duplicates_of"
DONE: Final = "publish_done"
PROBLEM: Final = "publish_problem"
EMPTY: Final = "(empty)"
STATES: Final = ("planned", "approved", "sent", "confirmed", "conflict", "failed", "superseded")
WORDS: Final = {"sent": "on their way", "conflict": "in conflict"}


def page() -> None:
    st.title("Publish")
    _show_outcome()
    targets = session.publishing().targets()
    if not targets:
        view.show(
            view.notice(
                "No system is told anything.",
                "Name a connector of a target in rules/publish.yaml; docs/publishing.md shows how.",
            ),
            key="empty",
        )
        return
    asked = st.query_params.get("system", "")
    chosen = next((target for target in targets if target.system == asked), targets[0])
    view.show(_systems(targets, chosen), key="systems")
    _show_steps(chosen)
    view.show(*_lists(chosen), key="letters")
    _show_duplicates(chosen)


def _systems(targets: tuple[TargetLine, ...], chosen: TargetLine) -> view.Block:
    rows = [
        view.row(
            view.link(target.system, places.to_target(target.system), says=f"Show what {target.system} is told"),
            view.text(target.kind),
            *(view.text(f"{target.letters.get(state, 0):,}") for state in STATES),
            view.text(moment(target.next_try) if target.next_try else ""),
            to=places.to_target(target.system),
            kind="chosen" if target == chosen else "",
        )
        for target in targets
    ]
    heads = [view.column(WORDS.get(state, state).capitalize(), "number") for state in STATES]
    columns = [view.column("System", "label"), view.column("Kind", "word"), *heads, view.column("Next try", "word")]
    return view.table("Systems and how far each has come", columns, rows)


def _show_steps(target: TargetLine) -> None:
    """The steps that make sense now; a press reads the system again, so what is shown is what it says."""
    count = target.letters.get
    again = count("conflict", 0) + count("failed", 0)
    view.show(
        view.heading(f"Tell {target.system}"),
        view.note("Planning reads the system and writes nothing. Only what is approved is sent, and then read back."),
        key="steps",
    )
    with st.container(horizontal=True):
        _button("plan", "Read it and plan", target, frozenset())
        if not session.may(Right.APPROVE):
            return
        if planned := count("planned", 0):
            _button("approve", f"Approve {planned:,}", target, frozenset({"approve"}))
        if approved := count("approved", 0):
            _button("hold", f"Hold {approved:,}", target, frozenset({"hold"}))
        if waiting := approved + count("sent", 0):
            _button("send", f"Send {waiting:,}", target, frozenset({"send"}))
        if again:
            _button("retry", f"Try {again:,} again", target, frozenset({"retry"}))


def _button(key: str, label: str, target: TargetLine, steps: frozenset[Step]) -> None:
    st.button(label, key=f"publish_{key}", on_click=_act, args=(target.system, steps))


def _lists(target: TargetLine) -> list[view.Block]:
    blocks = []
    for states, told in (
        (("conflict", "failed"), "A person must look at"),
        (("planned",), "Would be told"),
        (("approved", "sent"), "Approved and not confirmed yet"),
    ):
        total = sum(target.letters.get(state, 0) for state in states)
        if total:
            letters = session.publishing().letters(target.system, states, SHOWN)
            blocks += [view.heading(f"{told}: {words.count(total, 'record')}"), _letters(told, letters)]
            blocks += [view.note(f"The first {SHOWN}.")] if total > SHOWN else []
    return blocks or [view.note(f"{target.system} says what it shall say, as far as it was read.")]


def _letters(told: str, letters: tuple[LetterLine, ...]) -> view.Block:
    with_cause = any(letter.cause for letter in letters)
    rows = [
        view.row(
            view.text(letter.record),
            view.text(*(change.field for change in letter.changes)),
            view.text(*(change.says or EMPTY for change in letter.changes)),
            view.text(*(change.shall for change in letter.changes)),
            view.link(letter.master_id, places.to_customer(letter.master_id), says=f"Customer {letter.master_id}"),
            *([_cause(letter)] if with_cause else []),
        )
        for letter in letters
    ]
    columns = [
        view.column("Record", "label"),
        view.column("Field", "word"),
        view.column("Says", "value"),
        view.column("Shall say", "value"),
        view.column("Customer", "code"),
        *([view.column("Why it went no further", "value")] if with_cause else []),
    ]
    return view.table(told, columns, rows, row_heads=True)


def _show_duplicates(target: TargetLine) -> None:
    """What the users of the system could merge there; looked for when it is asked for, for that reads all of it."""
    if st.session_state.get(DUPLICATES) != target.system:
        st.button("List its duplicates", key="publish_duplicates", on_click=_list_duplicates, args=(target.system,))
        return
    found = session.publishing().duplicates(target.system, SHOWN)
    view.show(*_duplicates(target, found), key="duplicates")


def _duplicates(target: TargetLine, found: DuplicateList) -> list[view.Block]:
    head = view.heading(f"Repeat another record of {target.system}: {words.count(found.total, 'record')}")
    if not found.lines:
        return [head, view.note("Each of its customers has one record there.")]
    rows = [
        view.row(
            view.text(line.merge),
            view.text(line.keep),
            view.text(line.why),
            view.link(line.master_id, places.to_customer(line.master_id), says=f"Customer {line.master_id}"),
        )
        for line in found.lines
    ]
    columns = [
        view.column("Record", "label"),
        view.column("Merge it into", "label"),
        view.column("Why that one stays", "value"),
        view.column("Customer", "code"),
    ]
    more = [view.note(f"The first {SHOWN}; mdm duplicates writes all of them.")] if found.total > SHOWN else []
    told = view.note(f"For the users of {target.system}, who merge there themselves. {found.told}")
    return [head, told, view.table(f"Records that repeat another one of {target.system}", columns, rows), *more]


def _list_duplicates(system: str) -> None:
    st.session_state[DUPLICATES] = system


def _cause(letter: LetterLine) -> view.Cell:
    tried = f", {words.count(letter.attempts, 'attempt')}" if letter.attempts else ""
    return view.text(letter.cause, note=f"{letter.state} {moment(letter.at)}{tried}")


def _act(system: str, steps: frozenset[Step]) -> None:
    try:
        done = session.publishing().act(system, steps, _now)
    except MdmError as error:
        st.session_state[PROBLEM] = error
        return
    if done.faults:
        st.session_state[PROBLEM] = done.faults[0]
    st.session_state[DONE] = _told(system, done)


def _now() -> str:
    return datetime.now(UTC).replace(microsecond=0).isoformat()


def _told(system: str, done: Published) -> str:
    """What a press did, in a line."""
    parts = [
        f"{words.count(number, 'record')} {what}"
        for what, numbers in (("held", done.held), ("to be tried again", done.retried), ("approved", done.approved))
        for number in numbers.values()
    ]
    parts += [f"{number:,} {_outcome(kind)}" for told in done.sent for kind, number in told.letters.items()]
    read = sum(number for told in done.planned for number in told.letters.values())
    parts += [f"{words.count(read, 'record')} read"] if read else []
    return f"{shown(system)}: {', '.join(parts) or 'nothing to do'}."


def _outcome(kind: str) -> str:
    return {"conflict": "in conflict", "later": "put off by the system", "silent": "without an answer"}.get(kind, kind)


def _show_outcome() -> None:
    refused: MdmError | None = st.session_state.pop(PROBLEM, None)
    if refused is not None:
        view.show(view.problem(refused), key="publish_refused")
    told: str | None = st.session_state.pop(DONE, None)
    if told is not None:
        view.show(view.status(told), key="publish_told")


page()
