"""Two stewards and one pair: who opened it first has it for ten minutes, and only that one decides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mdm.app.claiming import LEASE, MOST, tell_claim
from mdm.app.desk import Actor, Desk, Said, Sought, Wanted
from mdm.errors import DecisionRefused
from mdm.records import RecordKey, SystemName
from tests.ui import project

D = project.DOUBTFUL.start
PAIR = (project.left(D), project.right(D))
ANN = Said("ann", "2026-02-01T09:00:00+00:00", "")
BOB = Said("bob", "2026-02-01T09:04:00+00:00", "")
BOB_LATER = Said("bob", "2026-02-01T09:10:00+00:00", "")
EVE = Said("\u202eeve", ANN.at, "")


def as_(desk: Desk, said: Said) -> Desk:
    """The desk, called by whoever says that."""
    return desk.called_by(Actor(said.author, "admin"))


def test_while_another_has_a_pair_it_cannot_be_decided_and_the_refusal_says_until_when(desk: Desk) -> None:
    as_(desk, ANN).claims.hold([PAIR], ANN)
    claim = as_(desk, BOB).claims.hold([PAIR], BOB)[PAIR]
    assert tell_claim(claim, BOB) == "ann has it until 09:10 UTC"
    with pytest.raises(DecisionRefused, match=r"ann has this pair until 1 Feb 2026, 09:10 UTC"):
        as_(desk, BOB).decide("match", *PAIR, BOB)
    assert as_(desk, ANN).decide("match", *PAIR, ANN) == 1


def test_a_browser_that_crashed_holds_a_pair_no_longer_than_the_lease(desk: Desk) -> None:
    as_(desk, ANN).claims.hold([PAIR], ANN)
    assert LEASE.total_seconds() == 10 * 60
    assert as_(desk, BOB_LATER).decide("match", *PAIR, BOB_LATER) == 1


def test_the_queue_tells_who_has_and_who_shall_answer_a_pair(desk: Desk) -> None:
    as_(desk, ANN).claims.hold([PAIR], ANN)
    as_(desk, ANN).claims.assign(PAIR, " bob ", ANN)
    rows = desk.questions(Wanted()).rows
    assert desk.claims.told(rows, BOB) == {PAIR: "ann has it until 09:10 UTC; for you"}
    assert desk.claims.told(rows, ANN) == {PAIR: "you have it until 09:10 UTC; for bob"}
    mine = Sought(whose="mine", who=("bob", BOB_LATER.at))
    assert desk.questions(Wanted(), mine).total == 1
    as_(desk, ANN).claims.leave([PAIR])
    as_(desk, ANN).claims.assign(PAIR, "", ANN)
    assert desk.claims.told(rows, BOB) == {}


def test_a_name_of_a_holder_is_shown_as_text(desk: Desk) -> None:
    told = tell_claim(as_(desk, BOB).claims.hold([PAIR], Said("\u202eeve", ANN.at, ""))[PAIR], BOB)
    assert "\u202e" not in told


def test_a_claim_is_renewed_when_half_of_it_is_over(desk: Desk) -> None:
    ann = as_(desk, ANN).claims
    first = ann.hold([PAIR], ANN)[PAIR].until
    assert ann.hold([PAIR], replace(ANN, at="2026-02-01T09:05:00+00:00"))[PAIR].until == first
    assert ann.hold([PAIR], replace(ANN, at="2026-02-01T09:05:01+00:00"))[PAIR].until == "2026-02-01T09:15:01+00:00"


def test_whoever_comes_second_is_given_the_pairs_that_nobody_has(desk: Desk) -> None:
    others = [(project.left(n), project.right(n)) for n in project.DOUBTFUL]
    whole = desk.following(*PAIR)
    as_(desk, ANN).claims.hold(whole[:2], ANN)
    assert desk.following(*PAIR, Sought(who=("bob", BOB.at))) == whole[2:]
    assert desk.following(*PAIR, Sought(who=("ann", BOB.at))) == whole
    assert desk.following(*PAIR, Sought(who=("bob", BOB_LATER.at))) == whole
    assert set(whole) < set(others)


def test_a_browser_cannot_claim_the_whole_queue_at_once(desk: Desk) -> None:
    many = [(RecordKey(SystemName("erp"), f"{n}"), PAIR[1]) for n in range(100)]
    assert len(as_(desk, ANN).claims.hold(many, ANN)) == MOST
