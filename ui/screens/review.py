"""Review: the pairs that wait for a person, strongest first; a line opens the pair."""

from __future__ import annotations

import streamlit as st

from mdm.app.desk import QuestionPage, Wanted, probability, shown
from mdm.records import RecordKey
from ui import deciding, paging, places, session, view, words


def page() -> None:
    st.title("Review")
    deciding.show_refusal()
    with st.container(horizontal=True, vertical_alignment="center"):
        deciding.show_last()
    search = (
        st.text_input(
            "Search",
            key=places.FIND,
            placeholder="Words of a customer's name, or a customer id",
            on_change=paging.first_page,
            bind="query-params",
        )
        or ""
    )
    paging.remember("review")
    found = session.desk().questions(Wanted(search.strip(), paging.place(), paging.PAGE))
    if found.rows.is_empty():
        view.show(_empty(search), key="empty")
        return
    session.warn_of_another_model()
    blocks = [view.note(f"{words.count(found.total, 'pair')} waiting, strongest first."), _table(found, search)]
    if found.too_wide:
        blocks.insert(0, view.notice("Too many customers have these words; not all were looked at.", "Type more."))
    view.show(*blocks, key="list")
    paging.turn(found.after, of="review")


def _empty(search: str) -> view.Block:
    if search:
        return view.notice(f"No waiting pair is about a customer with these words: {shown(search)}", "Try fewer words.")
    return view.notice(
        "No pair waits for a person.",
        "Everything is decided. After the next mdm scan, look here again.",
    )


def _table(found: QuestionPage, search: str) -> view.Block:
    rows = []
    for number, line in enumerate(found.rows.iter_rows(named=True), start=found.first):
        to = places.to_pair(
            RecordKey(line["system_l"], line["key_l"]), RecordKey(line["system_r"], line["key_r"]), search
        )
        rows.append(
            view.row(
                view.link(str(number), to, says=f"Open pair {number}: {line['name_l']} and {line['name_r']}"),
                view.text(line["name_l"], note=_where(line["system_l"], line["place_l"])),
                view.text(line["name_r"], note=_where(line["system_r"], line["place_r"])),
                view.text(probability(line["probability"])),
                view.text(line["reason"]),
                to=to,
            )
        )
    columns = [
        view.column("Pair", "number"),
        view.column("One record", "value"),
        view.column("Other record", "value"),
        view.column("Probability", "number"),
        view.column("Why it is asked", "value"),
    ]
    return view.table("Pairs waiting for a person, strongest first", columns, rows)


def _where(system: str, place: str) -> str:
    return f"{system} · {place}" if place else system


page()
