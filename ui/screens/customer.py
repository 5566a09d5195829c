"""One customer: golden record with its origin, records side by side, links with reasons, history of the id."""

from __future__ import annotations

from datetime import date
from typing import Final

import streamlit as st

from mdm.app.desk import CustomerView, Forwarded, Link, Right, moment, probability
from ui import correcting, graph, paging, places, records, session, view, words

DAY: Final = "day"
"""The day as of which a customer is shown, as it stands in an address."""


def page() -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        paging.back("customers", "← All customers")
        day = _day()
    asked = st.query_params.get("id", "")
    if not asked:
        view.show(view.notice("No customer was named.", "Choose one in the list of customers."), key="empty")
        return
    correcting.show_outcome()
    found = session.desk().customer(asked, day)
    if isinstance(found, Forwarded):
        view.show(*_as_it_was(asked, day), _forwarded(found), key="forwarded")
        return
    if not day:
        session.warn_of_another_model()
    blocks = [*_top(found), *_golden(found), *_sheet(found), *_links(found), *_history(found)]
    view.show(*_as_it_was(asked, day), *blocks, key="customer")
    if not day and session.may(Right.DECIDE):
        correcting.show_controls(found)


def _day() -> str:
    """The day as of which the customer is shown, as ISO text; empty for now. The address says it, and nothing else."""
    try:
        asked = date.fromisoformat(st.query_params.get(DAY, ""))
    except ValueError:
        asked = None
    day = asked.isoformat() if asked else ""
    key = f"as_it_was_{day}"  # of its own for each day: an address without a day shall not find the former one here
    label = "As it was at the end of"
    st.date_input(label, asked, key=key, format="YYYY-MM-DD", width=220, on_change=_go_to_day, args=(key,))
    return day


def _go_to_day(key: str) -> None:
    chosen = st.session_state.get(key)
    if isinstance(chosen, date):
        st.query_params[DAY] = chosen.isoformat()
    else:
        st.query_params.pop(DAY, None)


def _as_it_was(master_id: str, day: str) -> list[view.Block]:
    if not day:
        return []
    now = view.link("Show it as it is now", places.to_customer(master_id))
    return [view.notice(f"As it was at the end of {moment(day)}, in UTC. It cannot be changed here.", links=[now])]


def _forwarded(found: Forwarded) -> view.Block:
    if found.active is None:
        return view.notice(
            f"{found.master_id} was retired: none of its records is left.", "An id is never given out a second time."
        )
    to = view.link(f"Open {found.active}", places.to_customer(found.active))
    return view.notice(found.told or f"{found.master_id} is now part of {found.active}.", links=[to])


def _top(customer: CustomerView) -> list[view.Block]:
    items = [
        ("Customer id", view.text(customer.master_id)),
        ("Source records", view.text(f"{customer.records:,}")),
        ("Source systems", view.text(", ".join(customer.systems))),
    ]
    if customer.weakest is not None:
        weakest = customer.weakest
        told = f"{probability(weakest.probability)}, {words.pair(weakest.left, weakest.right)}"
        items.append(("Weakest link", view.link(told, places.to_link(customer.master_id, weakest.left, weakest.right))))
    return [view.heading(customer.name, level=1), view.facts(*items)]


def _golden(customer: CustomerView) -> list[view.Block]:
    rows = [
        view.row(
            view.text(v.label),
            view.text(v.text),
            view.text(v.system),
            view.text(v.key),
            view.text(v.field),
            view.text(v.rule),
        )
        for v in customer.golden
    ]
    columns = [
        view.column("Field", "label"),
        view.column("Golden value", "value"),
        view.column("From system", "word"),
        view.column("Record", "code"),
        view.column("Column there", "value"),
        view.column("Chosen by rule", "word"),
    ]
    return [view.heading("Golden record"), view.table("Golden record and its origin", columns, rows, row_heads=True)]


def _sheet(customer: CustomerView) -> list[view.Block]:
    shown = len(customer.sheet.records)
    told = f"The first {shown} of {customer.records:,} records. " if shown < customer.records else ""
    if shown > 1:
        told += "Underlined words differ from the golden record."
    return [
        view.heading("Source records as delivered"),
        *([view.note(told)] if told else []),
        records.sheet("Source records as delivered", customer.sheet),
    ]


def _links(customer: CustomerView) -> list[view.Block]:
    title = view.heading("Why these records are one customer")
    if not customer.holding and not customer.further:
        alone = "There is only this one record."
        decided = "No scored link joins them: a steward's decision does."
        return [title, view.paragraph(alone if customer.records == 1 else decided)]
    chosen = _chosen(customer)
    tables: list[view.Block] = graph.of_customer(customer)
    if customer.holding:
        caption = "Links that hold the records together, strongest first"
        tables.append(records.links(caption, customer.holding, customer.master_id, chosen))
    if customer.further:
        table = records.links("Further links, strongest first", customer.further, customer.master_id, chosen)
        told = f"Further links among these records: {customer.further_count:,}"
        tables.append(view.folded(told, [table], opened=chosen in customer.further))
    if chosen is None:
        return [title, *tables]
    which = "The weakest link that holds them together" if chosen == customer.weakest else "The chosen link"
    told = f"{which}: {words.pair(chosen.left, chosen.right)}, {probability(chosen.probability)}."
    return [title, view.beside(tables, [view.note(told), *records.waterfall(chosen)])]


def _chosen(customer: CustomerView) -> Link | None:
    """The link the address names, else the one the customer hangs by."""
    pair = (places.record_key(st.query_params.get("left", "")), places.record_key(st.query_params.get("right", "")))
    named = [link for link in (*customer.holding, *customer.further) if (link.left, link.right) == pair]
    return named[0] if named else customer.weakest


def _history(customer: CustomerView) -> list[view.Block]:
    return [
        view.heading("History of the id"),
        view.numbered([f"{moment(e.at)}: {e.text}" if e.at else e.text for e in customer.history]),
    ]


page()
