"""The review: answers by key, without waiting. What is drawn and kept in the browser is in `review.js`.

The page asks and sends by one value, `sent`; what it is given back answers all of it. See decision 0191.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

import streamlit as st

from mdm.app.desk import Ack, Right, Sought, Wanted, read_parcels, shown
from mdm.errors import MdmError
from mdm.records import RecordKey
from ui import cases, claiming, narrowing, session, view

KEY: Final = "review"
ACKS, CLAIMS, PROBLEM = "review_acks", "review_claims", "review_problem"
AHEAD, FIRST = 12, 4
"""Pairs that are given to the page beyond those it has; few with the first one, which somebody waits for."""

FOUND: Final = 8
"""Customers that a search for another customer shows."""

Asked = dict[str, Any]
"""What the page asks: `round` is answered with the same number; `start` is a pair to begin with, `behind` one behind
which to go on; `have` and `refresh` name pairs that it has and that it wants anew; `find` is a search; `hold`, `leave`
and `assign` are for `ui.claiming`."""


@st.fragment
def show(first: tuple[RecordKey, RecordKey]) -> None:
    """The review, beginning with this pair, in the queue that the address asks for."""
    asked = _asked()
    given = _given(asked or {"start": cases.name_of(first)}, narrowing.read())
    problem: MdmError | None = st.session_state.pop(PROBLEM, None)
    given |= {
        "round": asked.get("round", 0),
        "claims": st.session_state.pop(CLAIMS, {}),
        "acks": [_plain(ack) for ack in st.session_state.pop(ACKS, [])],
        "problem": {"told": shown(problem.what), "next": shown(problem.next_step)} if problem else None,
    }
    _component()(data=given, key=KEY, on_sent_change=_receive)


def _asked() -> Asked:
    """What the page asked for with this run; nothing where it did not ask."""
    state: Any = st.session_state.get(KEY)
    sent = state.get("sent") if state else None
    return sent if isinstance(sent, dict) else {}


def _receive() -> None:
    """Carry out what the page sent; where the store cannot be written to, nothing is acknowledged."""
    asked = _asked()
    try:
        if asked.get("parcels"):
            st.session_state[ACKS] = session.desk().deliver(read_parcels(asked["parcels"]), session.said(""))
        st.session_state[CLAIMS] = claiming.answered(asked)
    except MdmError as error:
        st.session_state[PROBLEM] = error


def _plain(ack: Ack) -> dict[str, Any]:
    return asdict(ack)


def _given(asked: Asked, sought: Sought) -> dict[str, Any]:
    desk = session.desk()
    start, behind = (cases.pair_of(str(asked.get(name, ""))) for name in ("start", "behind"))
    given: dict[str, Any] = {"store": desk.store_id, "author": shown(desk.actor.name), "may": session.may(Right.DECIDE)}
    given |= {"queue": None, "where": None}
    if start is not None:
        beside = desk.neighbours(*start, sought)
        given["where"] = {
            "start": cases.name_of(start),
            "number": beside.number,
            "total": beside.total,
            "previous": cases.name_of(beside.previous) if beside.previous else "",
        }
    wanted = [start] if start else []
    from_here = behind or start
    if from_here is not None:
        following = desk.following(*from_here, sought, FIRST if start else AHEAD)
        given["queue"] = [cases.name_of(pair) for pair in following]
        given["behind"] = cases.name_of(from_here)
        wanted += following
    have = {name for name in asked.get("have", []) if isinstance(name, str)}
    fresh = [cases.pair_of(name) for name in asked.get("refresh", [])[:AHEAD] if isinstance(name, str)]
    keys = [pair for pair in wanted if cases.name_of(pair) not in have]
    keys += [pair for pair in fresh if pair is not None and pair not in keys]
    given["cases"] = [cases.case(pair, may=given["may"]) for pair in desk.pairs(keys)]
    known = {case["id"] for case in given["cases"]}
    given["gone"] = [cases.name_of(pair) for pair in keys if cases.name_of(pair) not in known]
    given["found"] = _found(str(asked["find"])) if asked.get("find") else None
    return given


def _found(search: str) -> dict[str, Any]:
    """Customers that a search finds, for merging with."""
    found = session.desk().customers(Wanted(search.strip(), None, FOUND))
    columns = ("master_id", "name", "city", "country", "records")
    rows = [dict(zip(columns, row, strict=True)) for row in found.rows.select(columns).iter_rows()]
    return {"search": search, "told": found.told, "customers": rows}


@st.cache_resource(show_spinner=False)
def _component() -> Any:  # noqa: ANN401 - Streamlit's type of it is not public
    scripts = ("draw.js", "outbox.js", "lease.js", "screen.js", "panels.js", "review.js")
    return st.components.v2.component(
        "mdm_review",
        html='<div class="view review"></div>',
        css=view.source("view.css", "review.css"),
        js=view.source(*scripts),
    )
