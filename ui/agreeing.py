"""Answers that need two people: what was proposed of a pair, by whom and why."""

from __future__ import annotations

from typing import Final

from mdm.records import RecordKey
from ui import session, view

NEXT: Final = "The same answer of a second person decides the pair. Whoever proposed it cannot confirm it."


def show_proposals(left: RecordKey, right: RecordKey) -> None:
    """Why two people must agree about a pair, and what was proposed; nothing where one person decides."""
    agreeing = session.desk().agreeing
    why, proposals = agreeing.why(left, right), agreeing.all((min(left, right), max(left, right)))
    if not why and not proposals:
        return
    blocks = [view.notice(f"Two people must agree: {why}.", NEXT)] if why else []
    blocks += [view.notice(f"{p.told}.", "Another answer was proposed, too." if p.against else "") for p in proposals]
    view.show(*blocks, key="proposals")
