"""Claims at the review: the pair that is shown and the next few are its steward's, until they leave; others see whose.

The review says which pairs it shows (`ui/lease.js`); they are given back when it has passed them, when its steward goes
to another page, and when their browser has been gone for a while. What is not given back lapses. See decision 0260.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import streamlit as st

from mdm.app.claiming import Claiming, tell_kept
from mdm.errors import MdmError
from ui import cases, session

LONGEST_NAME: Final = 80
Pairs = set[cases.Keys]


@dataclass(frozen=True, slots=True)
class Held:
    """The pairs that this browser has for its steward."""

    pairs: Pairs = field(default_factory=set)
    claims: list[Claiming] = field(default_factory=list)
    """Whose they are: the claims of the last caller, or nothing yet."""

    def let_go(self) -> None:
        """Give all of them back; somebody who is signed out may not, and their claims lapse."""
        if self.pairs:
            with suppress(MdmError):
                self.claims[-1].leave(tuple(self.pairs))
        self.pairs.clear()


@st.cache_resource(scope="session", show_spinner=False, on_release=Held.let_go)
def _held() -> Held:
    return Held()


def let_go() -> None:
    """On any page but the review: nobody is at work there."""
    _held().let_go()


def answered(asked: dict[str, Any]) -> dict[str, Any]:
    """Hold, leave and assign what the review asks for; what is known of these pairs now, by their names."""
    said, claims, held = session.said(""), session.desk().claims, _held()
    wanted, left = _pairs(asked.get("hold")), _pairs(asked.get("leave"))
    found = {}
    if wanted or left:
        held.claims[:] = [claims]
        found = dict(claims.hold(wanted, said, left))
        held.pairs.difference_update(left)
        held.pairs.update(pair for pair, claim in found.items() if claim.holder == said.author)
    assign = asked.get("assign")
    if isinstance(assign, dict):
        for pair in _pairs([assign.get("id")]):
            found[pair] = claims.assign(pair, str(assign.get("to", ""))[:LONGEST_NAME], said)
    return {cases.name_of(pair): asdict(tell_kept(claim, said)) for pair, claim in found.items()}


def _pairs(names: object) -> Sequence[cases.Keys]:
    """The pairs of these names, as far as they are names: a browser can send what it likes."""
    found = [cases.pair_of(name) for name in names if isinstance(name, str)] if isinstance(names, list) else []
    return [(min(pair), max(pair)) for pair in found if pair is not None][: cases.MOST]
