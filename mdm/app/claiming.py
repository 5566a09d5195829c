"""Working together: who has which question for how long, whom it is assigned to, and what that forbids others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import polars as pl

from mdm.app.decided import PAIR
from mdm.app.desk_part import DeskPart
from mdm.app.hand import saying
from mdm.app.rights import Right, every_use_case_guarded, needs
from mdm.errors import DecisionRefused
from mdm.records import RecordKey, SystemName
from mdm.report.visible import visible
from mdm.report.words import moment
from mdm.steward import Pair, Said, ordered
from mdm.store import Claim, Hold, Store

LEASE: Final = timedelta(minutes=10)
"""How long a question is kept for whoever looks at it; the review renews that while they are at work."""

LOOK_AGAIN: Final = 15
"""Seconds after which a page asks whether somebody still has a question; nothing is written for that."""

MOST: Final = 12
"""Questions that one call claims."""


@every_use_case_guarded()
@dataclass(frozen=True, slots=True)
class Claiming(DeskPart):
    """The claims of a project's questions. The time of what is said is the clock."""

    @needs(Right.DECIDE)
    def hold(self, pairs: Sequence[Pair], said: Said, leave: Sequence[Pair] = ()) -> Mapping[Pair, Claim]:
        """Claim questions for LEASE, but those that somebody else has, and let others have those to leave.

        At most MOST of them, the first ones; returns the claims that stand on these. Nothing is written while all are
        held for half a lease or longer, or by others.
        """
        now = datetime.fromisoformat(said.at)
        until, enough = ((now + lease).isoformat() for lease in (LEASE, LEASE / 2))
        mine = Hold(self.actor.name, said.at, until, enough)
        return self.store.claims.take([ordered(*p) for p in pairs[:MOST]], mine, [ordered(*p) for p in leave])

    @needs(Right.LOOK)
    def of(self, pair: Pair) -> Claim:
        """The claim on a pair, smaller key first."""
        return self.store.claims.of(pair)

    @needs(Right.DECIDE)
    def leave(self, pairs: Sequence[Pair]) -> None:
        """Let others have questions that were held."""
        self.store.claims.give_back([ordered(*pair) for pair in pairs], self.actor.name)

    @needs(Right.DECIDE)
    def assign(self, pair: Pair, to: str, said: Said) -> Claim:
        """Name who shall answer a question; nobody, with an empty name."""
        return self.store.claims.assign(pair, to.strip(), saying(replace(said, author=self.actor.name), "assign"))

    @needs(Right.LOOK)
    def told(self, pairs: pl.DataFrame, said: Said) -> Mapping[Pair, str]:
        """Who has or shall answer which of these pairs, in words that are safe to show."""
        found = {}
        for system_l, key_l, system_r, key_r, *claimed in self.store.claims.among(pairs.select(PAIR)).iter_rows():
            pair = RecordKey(SystemName(system_l), key_l), RecordKey(SystemName(system_r), key_r)
            words = tell_claim(Claim(*claimed), said)
            if words:
                found[pair] = words
        return found


def tell_claim(claim: Claim, said: Said) -> str:
    """Who has a question and who shall answer it; empty where nobody does."""
    parts = []
    if claim.holder and claim.until > said.at:
        parts.append(
            f"{'you have' if claim.holder == said.author else f'{claim.holder} has'} it until {claim.until[11:16]} UTC"
        )
    if claim.assignee:
        parts.append("for you" if claim.assignee == said.author else f"for {claim.assignee}")
    return visible("; ".join(parts))


@dataclass(frozen=True, slots=True)
class Kept:
    """A claim as whoever looks at its pair sees it: in words, whether it is another's, and for how many seconds.

    `again` is in how many seconds to ask anew: when half of the own lease is over; soon where another has it.
    """

    told: str
    theirs: bool
    left: int
    again: int


def tell_kept(claim: Claim, said: Said) -> Kept:
    """The claim, ready to be shown, beside a pair that somebody looks at."""
    told, theirs = tell_claim(claim, said), claim.is_held_by_another(said.author, said.at)
    left = _seconds(claim.until, said.at) if claim.until > said.at else 0
    again = min(left, LOOK_AGAIN) if theirs else left - int(LEASE.total_seconds()) // 2
    return Kept(told[:1].upper() + told[1:], theirs, left, max(1, again))


def _seconds(until: str, now: str) -> int:
    return int((datetime.fromisoformat(until) - datetime.fromisoformat(now)).total_seconds())


def refuse_held(store: Store, pair: Pair, said: Said) -> None:
    """Raise DecisionRefused, naming who and until when, while somebody else has the question of a pair."""
    claim = store.claims.of(pair)
    if claim.is_held_by_another(said.author, said.at):
        raise DecisionRefused(
            f"{claim.holder} has this pair until {moment(claim.until)}.", "Take another pair, or wait until then."
        )
