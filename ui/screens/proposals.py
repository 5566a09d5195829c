"""Proposals: answers that wait for a second person, those that contradict each other first."""

from __future__ import annotations

import streamlit as st

from mdm.app.desk import moment, shown
from mdm.app.proposing import ANSWERS, Proposal
from ui import agreeing, places, session, view, words


def page() -> None:
    st.title("Proposals")
    proposals = session.desk().agreeing.all()
    if not proposals:
        told = "Which answers need two people is a rule of the project: rules/stewardship.yaml."
        view.show(view.notice("No answer waits for a second person.", told), key="empty")
        return
    against = sum(1 for p in proposals if p.against)
    blocks = [view.note(f"{words.count(len(proposals), 'proposal')}. {agreeing.NEXT}")]
    if against:
        blocks.append(view.notice(f"{words.count(against, 'proposal')} contradict each other; they come first."))
    view.show(*blocks, _table(proposals), key="list")


def _table(proposals: tuple[Proposal, ...]) -> view.Block:
    rows = []
    for p in proposals:
        to = places.to_pair(p.left, p.right, {})
        pair = words.pair(p.left, p.right)
        rows.append(
            view.row(
                view.link(str(p.number), to, says=f"Open {p.number}: {pair}"),
                view.text(pair),
                view.text(ANSWERS.get(p.answer, p.answer), note="contradicted by another" if p.against else ""),
                view.text(shown(p.author), note=moment(p.at)),
                view.text(shown(p.reason)),
                to=to,
            )
        )
    columns = [
        view.column("Proposal", "number"),
        view.column("Pair", "value"),
        view.column("Answer", "word"),
        view.column("Proposed by", "word"),
        view.column("Reason", "value"),
    ]
    return view.table("Proposals, those that contradict each other first", columns, rows)


page()
