"""Working together: who has which question for how long, whom it is assigned to, and what that forbids others."""

from __future__ import annotations

from collections.abc import Mapping
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
from mdm.steward import Pair, Said
from mdm.store import Claim, Store

LEASE: Final = timedelta(minutes=30)
"""How long an opened question is kept for the one who opened it."""


@every_use_case_guarded()
@dataclass(frozen=True, slots=True)
class Claiming(DeskPart):
    """The claims of a project's questions. The time of what is said is the clock."""

    @needs(Right.DECIDE)
    def open(self, pair: Pair, said: Said) -> Claim:
        """Claim a question for LEASE, unless somebody else has it; returns the claim that stands."""
        until = (datetime.fromisoformat(said.at) + LEASE).isoformat()
        return self.store.claims.take(pair, self.actor.name, said.at, until)

    @needs(Right.LOOK)
    def of(self, pair: Pair) -> Claim:
        """The claim on a pair, smaller key first."""
        return self.store.claims.of(pair)

    @needs(Right.DECIDE)
    def leave(self, pair: Pair) -> None:
        """Let others have a question that was opened."""
        self.store.claims.give_back(pair, self.actor.name)

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
            "you have it" if claim.holder == said.author else f"{claim.holder} has it until {claim.until[11:16]} UTC"
        )
    if claim.assignee:
        parts.append("for you" if claim.assignee == said.author else f"for {claim.assignee}")
    return visible("; ".join(parts))


def refuse_held(store: Store, pair: Pair, said: Said) -> None:
    """Raise DecisionRefused, naming who and until when, while somebody else has the question of a pair."""
    claim = store.claims.of(pair)
    if claim.is_held_by_another(said.author, said.at):
        raise DecisionRefused(
            f"{claim.holder} has this pair until {moment(claim.until)}.", "Take another pair, or wait until then."
        )
