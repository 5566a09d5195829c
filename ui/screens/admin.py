"""Admin: users and their roles, who is signed in, the sources, when scans run, and the audit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

import streamlit as st

from mdm.app.desk import AdminDesk, AuditSought, moment, shown
from mdm.errors import MdmError
from ui import session, signing, view, words

DONE: Final = "admin_done"
PROBLEM: Final = "admin_problem"
NAME, ROLE, GONE = "user_name", "user_role", "user_gone"
SINCE, WHO, ABOUT = "audit_since", "audit_actor", "audit_subject"
SHOWN: Final = 100
"""Rows of the audit that the page lists."""


def page() -> None:
    st.title("Admin")
    admin = session.desk().admin
    roles = admin.roles()
    _outcome()
    _users(admin, roles)
    _signed_in(admin)
    _sources(admin)
    _audit(admin)


def _outcome() -> None:
    refused: MdmError | None = st.session_state.pop(PROBLEM, None)
    if refused is not None:
        view.show(view.problem(refused), key="admin_refused")
    told: str | None = st.session_state.pop(DONE, None)
    if told is not None:
        view.show(view.status(told), key="admin_told")


def _users(admin: AdminDesk, roles: tuple[str, ...]) -> None:
    users = admin.users()
    rows = [
        view.row(
            view.text(shown(user.name)),
            view.text(user.role),
            view.text(shown(user.given_by)),
            view.text(moment(user.given_at)),
        )
        for user in users
    ]
    columns = [
        view.column("User", "label"),
        view.column("Role", "word"),
        view.column("Given by", "value"),
        view.column("On", "word"),
    ]
    table = view.table("Users and their roles", columns, rows, row_heads=True)
    nobody = view.notice("Nobody has a role yet.", "Give one below, by the address with which the person signs in.")
    view.show(view.heading("Users and roles"), table if users else nobody, key="users")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("User", key=NAME, placeholder="name@example.org", max_chars=200)
        st.selectbox("Role", roles, key=ROLE, width=160)
        st.button("Give this role", key="give", on_click=_give)
    if users:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.selectbox("Take the role of", [u.name for u in users], key=GONE, format_func=shown)
            st.button("Take it", key="take", on_click=_take)
    view.show(view.folded("What each role may do", [_meanings(roles)], opened=False), key="roles")


def _meanings(roles: tuple[str, ...]) -> view.Block:
    rows = [view.row(view.text(role), view.text(signing.MEANS[role])) for role in roles]
    return view.table(
        "Roles", [view.column("Role", "label"), view.column("Whoever has it is told", "value")], rows, row_heads=True
    )


def _signed_in(admin: AdminDesk) -> None:
    sessions = admin.signed_in()
    rows = [
        view.row(view.text(shown(s.name)), view.text(moment(s.began_at)), view.text(moment(s.seen_at)))
        for s in sessions
    ]
    columns = [view.column("User", "label"), view.column("Since", "word"), view.column("Last used", "word")]
    alone = view.note("Nobody signs in here: the desk listens on this computer only. docs/sign-in.md says how to.")
    table = view.table("Signed in now", columns, rows, row_heads=True)
    view.show(view.heading("Signed in now"), table if sessions else alone, key="signed_in")


def _sources(admin: AdminDesk) -> None:
    found = admin.sources()
    rows = [
        view.row(view.text(s.system), view.text(s.kind), view.text(s.place), view.text(f"{s.records:,}")) for s in found
    ]
    columns = [
        view.column("Source system", "label"),
        view.column("Kind", "word"),
        view.column("File or table", "value"),
        view.column("Records at the last scan", "number"),
    ]
    last = next((s.scanned_at for s in found if s.scanned_at), "")
    ran = f"The last scan finished on {moment(last)}. " if last else "Nothing has been scanned yet. "
    view.show(
        view.heading("Sources"),
        view.table("Source systems", columns, rows, row_heads=True),
        view.heading("Schedules"),
        *_late(admin),
        view.note(ran + "The desk starts no scans: mdm scan is started by hand or by the scheduler of the machine."),
        key="sources",
    )


def _late(admin: AdminDesk) -> list[view.Block]:
    """Says so where scans that came by the clock stay out."""
    rhythm = admin.rhythm()
    if not rhythm.is_late:
        return []
    told = f"No scan for {_long(rhythm.since)}, while there was one every {_long(rhythm.usual)}."
    return [view.notice(told, "Look at the scheduler of the machine and at what its last mdm scan said.")]


def _long(time: timedelta) -> str:
    """A time in its largest whole unit."""
    for unit, seconds in (("day", 86_400), ("hour", 3_600)):
        if time.total_seconds() >= 2 * seconds:
            return words.count(round(time.total_seconds() / seconds), unit)
    return words.count(round(time.total_seconds() / 60), "minute")


def _audit(admin: AdminDesk) -> None:
    view.show(view.heading("Audit"), key="audit_title")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        since = st.date_input("From this day on", None, key=SINCE, format="YYYY-MM-DD", width=180)
        who = st.text_input("Who", key=WHO, placeholder="All", width=220)
        about = st.text_input("About", key=ABOUT, placeholder="crm:17, decision 4, user name@example.org")
    sought = AuditSought(since.isoformat() if isinstance(since, date) else "", who.strip(), about.strip())
    found = admin.audit(sought, SHOWN)
    if not found.rows:
        view.show(view.notice("No row of the audit fits.", "Leave one of the fields empty."), key="audit_empty")
        return
    rows = [
        view.row(view.text(r.seq), view.text(r.at), view.text(r.actor), view.text(r.did), view.text(r.subject))
        for r in found.rows
    ]
    columns = [
        view.column("Row", "number"),
        view.column("When (UTC)", "word"),
        view.column("Who", "value"),
        view.column("Did", "value"),
        view.column("About", "value"),
    ]
    count = words.count(found.total, "row")
    rest = f"The latest {len(found.rows)} of {count}; mdm audit lists all." if found.total > len(found.rows) else count
    view.show(view.note(rest), view.table("Audit, latest first", columns, rows), key="audit")


def _give() -> None:
    name, role = st.session_state.get(NAME, ""), st.session_state[ROLE]

    def act() -> str:
        kept = session.desk().admin.give(name, role)
        st.session_state[NAME] = ""
        return f"{shown(kept)} is {role} now."

    _try(act)


def _take() -> None:
    name = st.session_state.get(GONE, "")

    def act() -> str:
        session.desk().admin.take(name)
        return f"{shown(name)} has no role any more."

    _try(act)


def _try(act: Callable[[], str]) -> None:
    try:
        st.session_state[DONE] = act()
    except MdmError as error:
        st.session_state[PROBLEM] = error


page()
