"""One pair that waits for a person: both records side by side, why it is asked, and the two answers."""

from __future__ import annotations

import streamlit as st

from mdm.app.desk import Again, Neighbours, Pair, probability, shown
from mdm.records import RecordKey
from ui import agreeing, bulking, claiming, deciding, narrowing, paging, places, records, session, view, words


def page() -> None:
    pair = _asked()
    if pair is None:
        paging.back("review", "← All waiting pairs")
        view.show(view.notice("No pair was named.", "Choose one in the list of waiting pairs."), key="empty")
        return
    desk = session.desk()
    beside = desk.neighbours(*pair, narrowing.read())
    _walk(beside)
    bulking.show_progress()
    deciding.show_refusal()
    found = desk.pair(*pair)
    session.warn_of_another_model()
    view.show(*_top(found), key="top")
    if found.decision is not None:
        deciding.show_decision(found.decision)
    if found.again is not None:
        view.show(*_changed(found.again), key="changed")
    open_ = not found.already_one and (found.decision is None or found.again is not None)
    if open_:
        agreeing.show_proposals(found.left, found.right)
    if open_ and claiming.open_pair(found.left, found.right):
        deciding.ask(found, beside)
    view.show(view.beside(_records(found), _why(found)), *_customers(found), key="pair")
    if open_:
        claiming.show_assignment(found.left, found.right)
    deciding.show_sitting()
    if beside.following is not None:
        desk.load_ahead(*beside.following)


def _asked() -> tuple[RecordKey, RecordKey] | None:
    left = places.record_key(st.query_params.get("left", ""))
    right = places.record_key(st.query_params.get("right", ""))
    return None if left is None or right is None or left == right else (left, right)


def _walk(beside: Neighbours) -> None:
    """Where the pair stands in the queue, and the way to the ones around it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        paging.back("review", "← All waiting pairs")
        st.button(
            "Previous pair",
            key="previous",
            shortcut="K",
            disabled=beside.previous is None,
            on_click=_go,
            args=(beside.previous,),
        )
        st.button(
            "Next pair",
            key="next",
            shortcut="J",
            disabled=beside.following is None,
            on_click=_go,
            args=(beside.following,),
        )
        told = f"Pair {beside.number:,} of {beside.total:,}" if beside.number else f"{beside.total:,} pairs waiting"
        view.show(view.note(told), key="where", width="content")
        st.space("stretch")
        deciding.show_last()


def _go(pair: tuple[RecordKey, RecordKey]) -> None:
    st.query_params["left"], st.query_params["right"] = str(pair[0]), str(pair[1])


def _top(pair: Pair) -> list[view.Block]:
    blocks = [view.heading("Are these two one customer?", level=1)]
    if pair.already_one:
        customer = pair.customers[0]
        to = view.link(f"Open {customer.name}", places.to_customer(customer.master_id))
        blocks.append(view.notice("Both records already belong to one customer.", links=[to]))
    return blocks


def _changed(again: Again) -> list[view.Block]:
    """What the decision was made on and is another value now."""
    records_of = (again.left, again.right)
    rows = [
        view.row(
            view.text(shown(str(records_of[change.side]))),
            view.text(change.field),
            view.text(shown(change.old) or "nothing"),
            view.text(shown(change.new) or "nothing"),
        )
        for change in again.changes
    ]
    columns = [view.column(name, "value") for name in ("Record", "Value", "Then", "Now")]
    told = "The records have changed since. Until somebody answers again, the decision goes on standing."
    return [
        view.heading("What has changed since the decision"),
        view.table("What has changed since the decision", columns, rows),
        view.note(told),
    ]


def _records(pair: Pair) -> list[view.Block]:
    return [
        view.heading("The two records as delivered"),
        records.sheet("The two records as delivered", pair.records, owners=True),
        view.note("Underlined words differ between the two."),
    ]


def _why(pair: Pair) -> list[view.Block]:
    if pair.link is None:
        return [
            view.heading("Why they are not linked"),
            view.paragraph("The last scan found too little in common to ask, or never compared the two."),
            view.note(f"mdm explain says which: mdm explain {shown(str(pair.left))} {shown(str(pair.right))}"),
        ]
    blocks = [
        view.heading(f"Why it is asked: {probability(pair.link.probability)}"),
        view.paragraph(pair.told or pair.link.reason),
    ]
    if pair.link.held_back:
        blocks.append(
            view.notice(
                "Strong evidence, held back: valid numbers contradict, one is the parent of the other, or the "
                "names are different and only the place agrees."
            )
        )
    scale = "Weights are in bits: each bit doubles the odds that the two are one customer, a negative one halves them."
    return [*blocks, *records.waterfall(pair.link), view.note(scale)]


def _customers(pair: Pair) -> list[view.Block]:
    if len(pair.customers) < 2:
        return []
    told = " and ".join(f"{c.master_id} has {words.count(c.records, 'record')}" for c in pair.customers)
    blocks = [
        view.heading("The two customers as they are now, and as one"),
        view.note(f"{told}."),
        records.sheet("Golden records of the two customers, and the one they would have together", pair.golden),
    ]
    shown_now = len(pair.members.records)
    if shown_now:
        rest = f" The first {shown_now} of {pair.members_count:,}." if pair.members_count > shown_now else ""
        blocks += [
            view.heading("All records of the two customers"),
            view.note(f"Underlined words differ from the commonest value.{rest}"),
            records.sheet("All records of the two customers", pair.members, owners=True),
        ]
    return blocks


page()
