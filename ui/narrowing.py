"""Which pairs of the queue are wanted: the controls above the list, and the same in the address of a pair."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, get_args

import streamlit as st

from mdm.app.desk import Choices, Doubt, QuestionOrder, Sought, Whose, shown
from ui import paging, session

FIND: Final = "find"
"""The search in the queue, as it stands in an address; another word than in the list of customers."""
UNSURE: Final = "unsure"
COHORT: Final = "cohort"
"""The cohort whose sample is asked for."""

ORDERS: Final[Mapping[str, str]] = {
    "weight": "Strongest first",
    "records": "Most records first",
    "age": "Longest waiting first",
}
DOUBTS: Final[Mapping[str, str]] = {
    "doubtful": "Doubtful evidence",
    "contradicted": "Strong, but contradicted",
    "cut": "Strong, but others speak against it",
}
WHOSE: Final = "whose"
WHOSES: Final[Mapping[str, str]] = {"mine": "Mine", "free": "Unclaimed"}
AGES: Final[Mapping[str, str]] = {"7": "A week or longer", "30": "A month or longer", "90": "Three months or longer"}
ANY: Final = "any"


def controls(choices: Choices) -> Sought:
    """What a steward asks for; the address keeps it."""
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    search = left.text_input(
        "Search",
        key=FIND,
        placeholder="Words of a customer's name, a customer id, or the key of a record",
        on_change=paging.first_page,
        bind="query-params",
    )
    with right:
        order = choose("Order", "by", ORDERS)
    pairs = {"+".join(pair): between(*pair) for pair in choices.systems}
    one, two, three, four, whose_, five = st.columns([3, 2, 4, 3, 2, 2], vertical_alignment="bottom")
    with one:
        systems = choose("Source systems", "systems", {ANY: "All", **pairs})
    with two:
        country = choose("Country", "country", {ANY: "All", **{c: shown(c) for c in choices.countries}})
    with three:
        doubt = choose("Why it is asked", "why", {ANY: "All", **DOUBTS})
    with four:
        age = choose("Waiting for", "age", {ANY: "Any time", **AGES})
    with whose_:
        whose = choose("Whose", WHOSE, {ANY: "All", **WHOSES})
    with five:
        unsure = st.toggle("Unsure ones", key=UNSURE, on_change=paging.first_page, bind="query-params")
    asked = {
        "find": (search or "").strip(),
        "by": order,
        "systems": systems,
        "country": country,
        "why": doubt,
        WHOSE: whose,
    }
    before = "" if age == ANY else days_ago(int(age))
    return sought_of({**asked, "before": before, "state": "unsure" if unsure else ""})


def written(sought: Sought) -> dict[str, str]:
    """The same as parts of an address."""
    parts = {
        FIND: sought.search,
        "by": "" if sought.order == "weight" else sought.order,
        "systems": "+".join(sought.systems or ()),
        "country": sought.country or "",
        "why": sought.doubt or "",
        "before": sought.asked_before or "",
        "state": "" if sought.state == "waiting" else sought.state,
        WHOSE: sought.whose or "",
        COHORT: "" if sought.cohort is None else str(sought.cohort),
    }
    return {name: text for name, text in parts.items() if text}


def read() -> Sought:
    """What `written` wrote into the address of this page; what is none of it counts as not asked for."""
    return sought_of(st.query_params)


def is_narrowed(sought: Sought) -> bool:
    """True where not everything that waits is wanted."""
    return bool(written(sought).keys() - {"by", "state"})


def sought_of(parts: Mapping[str, str]) -> Sought:
    """What such parts ask for; what is none of it counts as not asked for."""
    cohort = parts.get(COHORT, "")
    systems = tuple(parts.get("systems", "").split("+"))
    orders: tuple[QuestionOrder, ...] = get_args(QuestionOrder)
    doubts: tuple[Doubt, ...] = get_args(Doubt)
    whoses: tuple[Whose, ...] = get_args(Whose)
    said = session.said("")
    return Sought(
        search=parts.get(FIND, ""),
        systems=(systems[0], systems[1]) if len(systems) == 2 else None,
        country=None if parts.get("country") in (None, "", ANY) else parts["country"],
        doubt=next((d for d in doubts if d == parts.get("why")), None),
        asked_before=parts.get("before") or None,
        state="unsure" if parts.get("state") == "unsure" else "waiting",
        whose=next((w for w in whoses if w == parts.get(WHOSE)), None),
        who=(said.author, said.at),
        cohort=int(cohort) if cohort.isdecimal() else None,
        order=next((o for o in orders if o == parts.get("by")), "weight"),
    )


def choose(label: str, key: str, choices: Mapping[str, str]) -> str:
    return st.selectbox(
        label,
        list(choices),
        key=key,
        format_func=lambda name: choices[name],
        on_change=paging.first_page,
        bind="query-params",
    )


def between(one: str, other: str) -> str:
    return shown(f"inside {one}" if one == other else f"{one} and {other}")


def days_ago(days: int) -> str:
    """Midnight so many days ago, the same the whole day long."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return (today - timedelta(days=days)).isoformat()
