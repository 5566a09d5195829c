"""Today: what came in with the last scan, what waits for a person and for how long, and how both have moved."""

from __future__ import annotations

from typing import Final

import streamlit as st

from mdm.app.desk import Overview, RunLine, moment
from ui import narrowing, places, session, trend, view, words

WORTH: Final = "What the customers are worth about whom pairs wait, by the amounts that their records deliver."
SHOWN: Final = 50
"""Records set aside that the page lists."""


def page() -> None:
    st.title("Today")
    found = session.desk().overview()
    if not found.finished_at:
        view.show(
            view.notice(
                "Nothing has been scanned yet, so there are no customers to show.",
                "Run mdm scan on the project's folder, then reload this page.",
            ),
            key="empty",
        )
        return
    runs = session.desk().runs()
    with st.container(horizontal=True):
        st.metric("Source records", f"{found.records:,}", border=True)
        st.metric("Customers", f"{found.customers:,}", border=True)
        st.metric("Pairs waiting for a person", f"{found.waiting:,}", border=True)
        if found.value:
            st.metric("Value at stake", f"{found.value:,}", border=True, help=WORTH)
        st.metric("Decided since the last scan", f"{found.decided_since:,}", border=True)
    view.show(*_waiting(found), *_came_in(runs), key="waiting")
    with st.container(horizontal=True):
        st.page_link(places.PAGES["review"], label="Review the waiting pairs →")
        st.page_link(places.PAGES["customers"], label="Look up a customer →")
        st.page_link(places.PAGES["runs"], label="All scans →")
    trend.show(runs, found.waiting, session.desk().waiting_since)
    last = session.desk().run(found.revision)
    before = {s.system: s.before for s in last.systems} if last and len(runs) > 1 else {}
    systems = [
        view.row(
            view.text(s.system),
            view.text(f"{s.records:,}"),
            view.text(_change(s.records - before[s.system]) if s.system in before else ""),
            view.text(f"{s.customers:,}"),
            view.text(f"{s.records - s.customers:,}"),
            view.text(f"{s.set_aside:,}"),
        )
        for s in found.systems
    ]
    view.show(
        view.heading("By source system"),
        view.table(
            "Source systems at the last scan",
            [
                view.column("Source system", "label"),
                view.column("Records", "number"),
                view.column("Since the scan before", "number"),
                view.column("Customers", "number"),
                view.column("Duplicates inside", "number"),
                view.column("Set aside", "number"),
            ],
            systems,
            row_heads=True,
        ),
        *_set_aside(sum(s.set_aside for s in found.systems)),
        view.heading("Last scan"),
        view.facts(
            ("Finished", view.text(moment(found.finished_at))),
            ("Revision", view.text(str(found.revision))),
            ("Result hash", view.text(found.result_hash)),
        ),
        key="systems",
    )


def _waiting(found: Overview) -> list[view.Block]:
    """How long pairs have waited, and the plan that nobody has applied."""
    week, month = (session.desk().waiting_since(narrowing.days_ago(days)) for days in (7, 30))
    blocks = []
    if found.waiting:
        longer = f"{words.count(week, 'pair')} for a week or longer, {month:,} of them for a month or longer"
        blocks.append(view.note(f"Waiting: {longer if week else 'no pair for as long as a week'}."))
    plan = session.desk().plan_waiting()
    if plan:
        blocks.append(view.notice(f"A plan waits: {plan}.", f"Look at it and apply it: mdm apply {plan}"))
    return blocks


def _came_in(runs: tuple[RunLine, ...]) -> list[view.Block]:
    last = runs[0]
    to = view.link(f"Scan of {moment(last.finished_at)}", places.to_run(last.revision))
    facts = [("What came in", to), ("Its effect", view.text(", ".join(last.churn) or "no customer changed"))]
    if len(runs) > 1:
        moved = [
            _moved(last.records - runs[1].records, "record"),
            _moved(last.waiting - runs[1].waiting, "waiting pair"),
        ]
        facts.append(("Since the scan before", view.text(", ".join(moved))))
    return [view.facts(*facts)]


def _moved(by: int, what: str) -> str:
    """How far a number is from the scan before, in words."""
    return f"{words.count(abs(by), what)} {'more' if by > 0 else 'fewer'}" if by else f"as many {what}s"


def _change(by: int) -> str:
    """A difference with its sign, as a minus and no hyphen."""
    return f"{by:+,}".replace("-", words.MINUS) if by else "as many"


def _set_aside(count: int) -> list[view.Block]:
    """The records that could not be read, with their reasons; the first of them where they are many."""
    if not count:
        return [view.note("No record was set aside: all that came in could be read.")]
    found = session.desk().set_aside(SHOWN)
    rows = [
        view.row(
            view.text(line["file"]),
            view.text(f"{line['record_number']:,}"),
            view.text(line["key"] or ""),
            view.text(line["column"] or ""),
            view.text(line["reason"]),
        )
        for line in found.rows.iter_rows(named=True)
    ]
    columns = [
        view.column("File", "value"),
        view.column("Record", "number"),
        view.column("Key", "code"),
        view.column("Column", "value"),
        view.column("Reason", "value"),
    ]
    rest = " mdm export writes all of them into quarantine.csv." if found.total > len(rows) else ""
    told = f"Set aside: {words.count(found.total, 'record')} that could not be read, each with its reason"
    table = view.table("Records that were set aside", columns, rows)
    blocks = [table, *([view.note(f"The first {len(rows)}.{rest}")] if rest else [])]
    return [view.folded(told, blocks, opened=False)]


page()
