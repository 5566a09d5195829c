"""Accepting the rest of a cohort on its sample, and taking that back; each pair has a decision of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from mdm.app.cohort_view import CohortView, pairs_of, view_cohort
from mdm.app.cohort_words import ANSWERS, tell_bound
from mdm.app.explain_read import default_countries
from mdm.app.hand import Hand, saying
from mdm.app.proposing import why_two
from mdm.errors import DecisionRefused
from mdm.match import compared_values
from mdm.records import RecordKey
from mdm.standardise import standardise
from mdm.steward import Answer, Pair, evidence_of, judge, standing, standing_pins
from mdm.store import Basis, Candidate, CohortAct, CohortState, mapped_rows

READ: Final = 200
"""Pairs whose records are read and standardised in one go, outside of any transaction."""

CHUNK: Final = 20
"""Pairs that one transaction decides: it then holds SQLite's write lock for a few tens of milliseconds."""

Progress = Callable[[int, int], None]
"""Is told how many pairs of how many are done."""


def accept(hand: Hand, number: int, progress: Progress = lambda _done, _of: None) -> CohortView:
    """Give all pairs outside of the sample the answer of the cohort.

    A pair that was answered meanwhile is not touched; one is left out, with the reason, whose records have changed
    since the drawing or where the answer would contradict what stands. Saying it again goes on where it stopped, and
    changes nothing when all is done. Raises DecisionRefused where the sample is not decided or says too little.
    """
    store, view = hand.store, view_cohort(hand.store, number)
    if view.row.state is CohortState.OPEN:
        _refuse_unproved(view)
    row = store.cohorts.turn(number, CohortAct.ACCEPT, saying(hand.said, view.row.kind), tell_bound(view.bound))
    reason = "; ".join(part for part in (f"cohort {number}: {row.stated}", hand.said.reason.strip()) if part)
    said = replace(saying(hand.said, row.kind), reason=reason)
    countries = default_countries(store, hand.project)
    todo, done = store.cohorts.rest(number, ""), 0
    for some in todo.iter_slices(READ):
        candidates = _candidates(hand, some, countries)
        for at in range(0, len(candidates), CHUNK):
            chunk = candidates[at : at + CHUNK]
            store.cohorts.accept(number, chunk, said, _judge(_answer(row.kind)))
            done += len(chunk)
            progress(done, todo.height)
    store.cohorts.turn(number, CohortAct.END_ACCEPTING, saying(hand.said, row.kind))
    return view_cohort(store, number)


def take_back(hand: Hand, number: int) -> CohortView:
    """Withdraw all that accepting the cohort decided, as far as nobody has spoken since; the sample stays decided."""
    store = hand.store
    said = saying(hand.said, "withdrawn")
    store.cohorts.turn(number, CohortAct.TAKE_BACK, said)
    while store.cohorts.take_back(number, said, CHUNK):
        pass
    store.cohorts.turn(number, CohortAct.END_TAKING_BACK, said)
    return view_cohort(store, number)


def close(hand: Hand, number: int) -> None:
    """Give a cohort up: its pairs go on waiting, what was decided of its sample stands."""
    hand.store.cohorts.turn(number, CohortAct.CLOSE, saying(hand.said, "close"))


def _refuse_unproved(view: CohortView) -> None:
    if view.left:
        raise DecisionRefused(
            f"{view.left:,} of the {view.row.drawn:,} pairs of the sample wait to be decided.", "Decide these first."
        )
    if not view.holds:
        raise DecisionRefused(
            f"{tell_bound(view.bound)}; {view.allowed} are allowed.",
            "Close this cohort, and decide its pairs one by one or draw a narrower one.",
        )


def _answer(kind: str) -> Answer:
    return next(answer for answer in ANSWERS if answer == kind)


def _judge(answer: Answer) -> Callable[..., Sequence[tuple[str, str]]]:
    def outcomes(
        pairs: Sequence[Pair], members: pl.DataFrame, decisions: pl.DataFrame, pins: pl.DataFrame
    ) -> list[tuple[str, str]]:
        owners = {RecordKey(system, key): master_id for system, key, master_id in members.iter_rows()}
        verdicts = judge(answer, pairs, owners, standing(decisions), standing_pins(pins))
        return [(verdict.outcome, verdict.cause) for verdict in verdicts]

    return outcomes


def _candidates(hand: Hand, rows: pl.DataFrame, countries: dict[str, str]) -> list[Candidate]:
    """Each pair with the evidence that its decision would rest on, as its records are now."""
    ends = [rows.select(system=f"system_{side}", key=f"key_{side}") for side in "lr"]
    records = hand.store.read_records(pl.concat(ends).unique())
    standard = standardise(mapped_rows(records), hand.project.rulebook.standardise, countries)
    keys = [RecordKey(system, key) for system, key in standard.select("system", "key").iter_rows()]
    values = dict(zip(keys, compared_values(standard), strict=True))
    hashes = dict(zip(keys, standard["row_hash"], strict=True))
    two = why_two(hand.project.stewardship, hand.store, pairs_of(rows))
    found = []
    for (left, right), *then in zip(pairs_of(rows), rows["row_l"], rows["row_r"], strict=True):
        if left not in values or right not in values:
            found.append(Candidate((left, right), Basis(), "gone", "One of the records is gone."))
        elif (left, right) in two:
            cause = f"Two people must agree: {two[left, right]}."
            found.append(Candidate((left, right), Basis(), "two_people", cause))
        elif [hashes[left], hashes[right]] != then:
            found.append(Candidate((left, right), Basis(), "changed", "A record has changed since the drawing."))
        else:
            evidence = evidence_of((values[left], values[right]), (hashes[left], hashes[right]))
            found.append(Candidate((left, right), Basis(evidence.fingerprint, evidence.seen)))
    return found
