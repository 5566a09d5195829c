"""Customers: search and list; a line opens the customer."""

from __future__ import annotations

from typing import Final

import streamlit as st

from mdm.app.desk import CustomerPage, Order, Wanted, shown
from ui import paging, places, session, view, words

ORDERS: Final[dict[Order, str]] = {"name": "Name", "records": "Most records", "master_id": "Customer id"}


def page() -> None:
    st.title("Customers")
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    search = left.text_input(
        "Search",
        key="search",
        placeholder="Words of the name, a customer id, or the key of a record",
        on_change=paging.first_page,
        bind="query-params",
    )
    order = right.selectbox(
        "Order",
        list(ORDERS),
        key="order",
        format_func=lambda name: ORDERS[name],
        on_change=paging.first_page,
        bind="query-params",
    )
    paging.remember("customers")
    found = session.desk().customers(Wanted((search or "").strip(), paging.place(), paging.PAGE), order)
    told = [view.note(found.told)] if found.told else []
    if found.rows.is_empty():
        view.show(*told, _empty(search or ""), key="empty")
        return
    view.show(*told, view.note(words.count(found.total, "customer")), _table(found), key="list")
    paging.turn(found.after, of="customers")


def _empty(search: str) -> view.Block:
    if search:
        return view.notice(
            f"No customer's name has all of these words: {shown(search)}",
            "Try fewer words or the beginning of one; accents and capitals make no difference.",
        )
    return view.notice("There are no customers yet.", "Run mdm scan on the project's folder, then reload this page.")


def _table(found: CustomerPage) -> view.Block:
    rows = [
        view.row(
            view.link(line["name"] or "without a name", places.to_customer(line["master_id"])),
            view.text(line["master_id"]),
            view.text(line["country"] or ""),
            view.text(line["city"] or ""),
            view.text(f"{line['records']:,}"),
            view.text(", ".join(line["systems"])),
            to=places.to_customer(line["master_id"]),
        )
        for line in found.rows.iter_rows(named=True)
    ]
    columns = [
        view.column("Name", "value"),
        view.column("Customer id", "code"),
        view.column("Country", "word"),
        view.column("City", "word"),
        view.column("Records", "number"),
        view.column("Source systems", "value"),
    ]
    return view.table("Customers", columns, rows)


page()
