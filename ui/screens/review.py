"""Review: the pairs that wait for a person, strongest first; a line opens the pair."""

from __future__ import annotations

from typing import Final

import streamlit as st

from mdm.app.desk import Choices, QuestionPage, Sought, Standing, Wanted, moment, probability, shown
from mdm.records import RecordKey
from ui import narrowing, paging, places, saved_views, session, view, words

TOLD: Final[dict[Standing, str]] = {"waiting": "waiting", "unsure": "that somebody was unsure of"}


def page() -> None:
    st.title("Review")
    choices = session.desk().choices()
    sought = narrowing.controls(choices)
    saved_views.show(choices)
    paging.remember("review")
    found = session.desk().questions(Wanted("", paging.place(), paging.PAGE), sought)
    told = [view.note(found.told)] if found.told else []
    if found.rows.is_empty():
        view.show(*told, _empty(sought), key="empty")
        return
    session.warn_of_another_model()
    order = narrowing.ORDERS[sought.order].lower()
    count = view.note(f"{words.count(found.total, 'pair')} {TOLD[sought.state]}, {order}.")
    view.show(*told, count, _table(found, sought, choices), key="list")
    paging.turn(found.after, of="review")


def _empty(sought: Sought) -> view.Block:
    if narrowing.is_narrowed(sought):
        about = (
            f" about a customer with these words: {shown(sought.search)}" if sought.search else " of this kind waits."
        )
        return view.notice(f"No pair{about}", "Try fewer words, or set the other choices to all.")
    if sought.state == "unsure":
        return view.notice("No pair that somebody was unsure of is left.", "Those that wait are in the other list.")
    return view.notice(
        "No pair waits for a person.",
        "Everything is decided. After the next mdm scan, look here again.",
    )


def _table(found: QuestionPage, sought: Sought, choices: Choices) -> view.Block:
    rows, here = [], narrowing.written(sought)
    valued = choices.most_value > 0
    claimed = session.desk().claims.told(found.rows, session.said(""))
    for number, line in enumerate(found.rows.iter_rows(named=True), start=found.first):
        one, other = RecordKey(line["system_l"], line["key_l"]), RecordKey(line["system_r"], line["key_r"])
        to = places.to_pair(one, other, here)
        rows.append(
            view.row(
                view.link(str(number), to, says=f"Open pair {number}: {line['name_l']} and {line['name_r']}"),
                view.text(line["name_l"], note=_where(line["system_l"], line["place_l"])),
                view.text(line["name_r"], note=_where(line["system_r"], line["place_r"])),
                view.text(probability(line["probability"])),
                view.text(f"{line['records']:,}"),
                *([view.text(f"{line['value']:,}" if line["value"] else "")] if valued else []),
                view.text(moment(line["asked_at"][:10]), note=claimed.get((one, other), "")),
                view.text(line["reason"]),
                to=to,
            )
        )
    columns = [
        view.column("Pair", "number"),
        view.column("One record", "value"),
        view.column("Other record", "value"),
        view.column("Probability", "number"),
        view.column("Records", "number"),
        *([view.column("Value", "number")] if valued else []),
        view.column("Since", "word"),
        view.column("Why it is asked", "value"),
    ]
    return view.table(f"Pairs waiting for a person, {narrowing.ORDERS[sought.order].lower()}", columns, rows)


def _where(system: str, place: str) -> str:
    return f"{system} · {place}" if place else system


page()
