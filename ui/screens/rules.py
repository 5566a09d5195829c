"""Rules: what is in force, and what a change would do before anybody makes it."""

from __future__ import annotations

import streamlit as st

from mdm.app.desk import InForce, Right, RuleTable
from mdm.errors import RulesInvalid
from ui import session, trying, view


def page() -> None:
    st.title("Rules")
    try:
        found = session.in_force()
    except RulesInvalid as error:
        view.show(*trying.faults("The rules in the files do not load, so no scan runs.", error), key="invalid")
        found = None
    if found is not None:
        view.show(*_in_force(found), key="in_force")
    if session.may(Right.TRY_RULES):
        trying.show()


def _in_force(found: InForce) -> list[view.Block]:
    told = "What the next scan obeys. The files lie in the project's rules folder and are changed there."
    blocks = [view.note(told)]
    if found.changed_since:
        blocks.append(view.notice("The last scan obeyed other rules.", "The next one obeys these."))
    for table in found.tables:
        origin = f"In {table.file}." if table.own else f"Shipped: the project has no {table.file} of its own."
        blocks += [view.heading(table.title), view.note(f"{table.note} {origin}"), _table(table)]
    return blocks


def _table(table: RuleTable) -> view.Block:
    first, *others = table.heads
    columns = [view.column(first, "label"), *(view.column(head, "value") for head in others)]
    rows = [view.row(*map(view.text, row)) for row in table.rows]
    return view.table(f"{table.title} in force", columns, rows, row_heads=True)


page()
