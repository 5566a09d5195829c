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
CHOICES: Final = frozenset({FIND, "by", "systems", "country", "why", "age", "whose", "worth", UNSURE})
"""The parts of an address that the controls keep there."""
LONGEST: Final = 15
"""Digits of an amount in an address; a longer one is none of ours."""
"""The cohort whose sample is asked for."""

ORDERS: Final[Mapping[str, str]] = {
    "weight": "Strongest first",
    "records": "Most records first",
    "value": "Most value first",
    "age": "Longest waiting first",
}
DOUBTS: Final[Mapping[str, str]] = {
    "doubtful": "Doubtful evidence",
    "contradicted": "Strong, but contradicted",
    "cut": "Strong, but others speak against it",
}
WHOSE: Final = "whose"
WHOSES: Final[Mapping[str, str]] = {"mine": "Mine", "free": "Unclaimed"}
ASSIGNED: Final = "to:"
"""What stands before the name of the person to whom the wanted questions are assigned."""
WORTH: Final = "worth"
LEAST: Final = (1, 10_000, 100_000, 1_000_000, 10_000_000)
"""From which value at stake on pairs are wanted."""
AGES: Final[Mapping[str, str]] = {"7": "A week or longer", "30": "A month or longer", "90": "Three months or longer"}
LISTS: Final = (
    ("systems", "Source systems", 3),
    ("country", "Country", 1.8),
    ("why", "Why it is asked", 3),
    ("age", "Waiting for", 2.4),
    (WHOSE, "Whose", 2),
    (WORTH, "Value", 2),
)
"""The lists of the controls: name, label, share of the width."""
ANY: Final = "any"


def options(choices: Choices) -> Mapping[str, Mapping[str, str]]:
    """What each list of the controls offers, and how that is called; an address holds what it is called."""
    pairs = {"+".join(pair): between(*pair) for pair in choices.systems}
    assigned = {f"{ASSIGNED}{name}": f"Assigned to {shown(name)}" for name in choices.assignees}
    least = {str(n): f"{n:,} or more" for n in LEAST if n <= choices.most_value}
    return {
        "by": {k: v for k, v in ORDERS.items() if k != "value" or choices.most_value},
        "systems": {ANY: "All", **pairs},
        "country": {ANY: "All", **{c: shown(c) for c in choices.countries}},
        "why": {ANY: "All", **DOUBTS},
        "age": {ANY: "Any time", **AGES},
        WHOSE: {ANY: "All", **WHOSES, **assigned},
        WORTH: {ANY: "Any", **least},
    }


def controls(choices: Choices) -> Sought:
    """What a steward asks for; the address keeps it."""
    offered = options(choices)
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    search = left.text_input(
        "Search",
        key=FIND,
        placeholder="Words of a customer's name, a customer id, or the key of a record",
        on_change=paging.first_page,
        bind="query-params",
    )
    with right:
        asked = {"by": choose("Order", "by", offered["by"])}
    lists = [(name, label, width) for name, label, width in LISTS if name != WORTH or choices.most_value]
    *places, last = st.columns([*(width for _, _, width in lists), 2.5], vertical_alignment="bottom")
    for place, (name, label, _) in zip(places, lists, strict=True):
        with place:
            asked[name] = choose(label, name, offered[name])
    with last:
        unsure = st.toggle("Unsure ones", key=UNSURE, on_change=paging.first_page, bind="query-params")
    before = "" if asked["age"] == ANY else days_ago(int(asked["age"]))
    state = "unsure" if unsure else ""
    return sought_of({**asked, FIND: (search or "").strip(), "before": before, "state": state})


def chosen() -> dict[str, str]:
    """What the controls say, by name; without what is all, any or first anyway."""
    said = {name: st.session_state.get(name) for name in CHOICES}
    plain = {name: "true" if value is True else str(value or "").strip() for name, value in said.items()}
    return {name: text for name, text in sorted(plain.items()) if text not in ("", ANY, "weight")}


def address(parts: Mapping[str, str], choices: Choices) -> dict[str, str]:
    """What `chosen` said, as it stands in the address of the queue; what is not offered any more is left out."""
    offered = options(choices)
    named = {name: offered[name].get(text, "") if name in offered else text for name, text in parts.items()}
    return {name: text for name, text in named.items() if text}


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
        WHOSE: f"{ASSIGNED}{sought.who[0]}" if sought.whose == "assigned" else sought.whose or "",
        WORTH: "" if sought.least_value is None else str(sought.least_value),
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
    whose, worth = parts.get(WHOSE, ""), parts.get(WORTH, "")
    named = whose.removeprefix(ASSIGNED) if whose.startswith(ASSIGNED) else ""
    return Sought(
        search=parts.get(FIND, ""),
        systems=(systems[0], systems[1]) if len(systems) == 2 else None,
        country=None if parts.get("country") in (None, "", ANY) else parts["country"],
        doubt=next((d for d in doubts if d == parts.get("why")), None),
        asked_before=parts.get("before") or None,
        state="unsure" if parts.get("state") == "unsure" else "waiting",
        whose="assigned" if named else next((w for w in whoses if w == whose and w in WHOSES), None),
        who=(named or said.author, said.at),
        least_value=int(worth) if worth.isdecimal() and len(worth) <= LONGEST else None,
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
