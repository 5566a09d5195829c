"""A cohort as it is shown: what its sample says so far, and what became of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

import polars as pl

from mdm.app.cohort_drawing import WHOLE
from mdm.app.cohort_words import per_cent, tell_progress
from mdm.app.decided import PAIR
from mdm.app.desk_pair import delivered, name_of
from mdm.app.explain_read import frame_of
from mdm.errors import SettingsInvalid
from mdm.records import RecordKey, SystemName
from mdm.report.visible import visible
from mdm.steward import Bound, Decision, Pair, bound, standing, what_decides
from mdm.store import CohortRow, CohortState, Store

Answered = Literal["", "match", "do_not_match", "unsure", "gone"]
"""What a pair of the sample is: not decided yet, decided, or one of its records is gone."""

LISTED: Final = 50


@dataclass(frozen=True, slots=True)
class SampleLine:
    """A pair of the sample, and what was said of it."""

    left: RecordKey
    right: RecordKey
    answered: Answered
    is_wrong: bool


@dataclass(frozen=True, slots=True)
class RestLine:
    """A pair outside of the sample, and what became of it."""

    left: RecordKey
    right: RecordKey
    cause: str
    decision: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortView:
    """A cohort in full. `left` counts the pairs of the sample that wait, `bound` holds when it is 0."""

    row: CohortRow
    sample: tuple[SampleLine, ...]
    left: int
    bound: Bound
    counts: Mapping[str, int]

    @property
    def allowed(self) -> str:
        return per_cent(Fraction(self.row.most, WHOLE))

    @property
    def told(self) -> str:
        """What the sample says, or will say at best."""
        return tell_progress(self.bound, self.left)

    @property
    def holds(self) -> bool:
        """Whether no more may be wrong than is allowed: as it is, or, while some wait, at best."""
        return self.bound.share <= Fraction(self.row.most, WHOLE)

    @property
    def may_be_accepted(self) -> bool:
        return self.row.state is CohortState.OPEN and not self.left and self.holds

    @property
    def rest(self) -> int:
        return self.row.size - self.row.drawn


def view_cohort(store: Store, number: int) -> CohortView:
    """Raises SettingsInvalid where there is no cohort of that number."""
    row = store.cohorts.get(number)
    if row is None or row.state is CohortState.DRAWING:
        raise SettingsInvalid(f"There is no cohort {number}.", "Choose one in the list of cohorts.")
    sample = store.cohorts.sample(number)
    answers = _answers(store, sample)
    lines = tuple(
        SampleLine(left, right, said, said not in ("", "gone", row.kind)) for (left, right), said in answers.items()
    )
    gone, left = (sum(line.answered == said for line in lines) for said in ("gone", ""))
    wrong = sum(line.is_wrong for line in lines)
    counts = store.cohorts.counts(number)
    return CohortView(
        row=row,
        sample=lines,
        left=left,
        bound=bound(wrong, row.drawn - gone, row.size - gone),
        counts=counts,
    )


def list_rest(store: Store, number: int, outcome: str, skip: int) -> tuple[RestLine, ...]:
    """A page of the pairs outside of the sample with that outcome, heaviest first."""
    rows = store.cohorts.rest(number, outcome, skip=skip, most=LISTED)
    return tuple(
        RestLine(left, right, visible(cause), decision)
        for (left, right), cause, decision in zip(pairs_of(rows), rows["cause"], rows["decision"], strict=True)
    )


def pairs_of(rows: pl.DataFrame) -> list[Pair]:
    return [
        (RecordKey(SystemName(system_l), key_l), RecordKey(SystemName(system_r), key_r))
        for system_l, key_l, system_r, key_r in rows.select(PAIR).iter_rows()
    ]


def _answers(store: Store, sample: pl.DataFrame) -> dict[Pair, Answered]:
    """What each pair is by now: said of the two themselves, or what follows from what was said or done."""
    keys = _keys(sample)
    owners = {RecordKey(s, k): m for s, k, m in store.read_crosswalk_of(keys).iter_rows()}
    known = standing(store.decisions_about(keys))
    return {pair: _answer(pair, owners, known) for pair in pairs_of(sample)}


def _answer(pair: Pair, owners: Mapping[RecordKey, str], known: Mapping[Pair, Decision]) -> Answered:
    own = known.get(pair)
    if own is not None:
        return own.answer
    if not all(record in owners for record in pair):
        return "gone"
    if owners[pair[0]] == owners[pair[1]]:
        return "match"
    chain = what_decides(*pair, known)
    if not chain:
        return ""
    return "do_not_match" if any(d.answer == "do_not_match" for d in chain) else "match"


def names_in(store: Store, lines: Iterable[SampleLine | RestLine]) -> dict[RecordKey, str]:
    """What the records of these pairs are called, ready to be shown."""
    records = {record for line in lines for record in (line.left, line.right)}
    found = delivered(store, frame_of(sorted(records)))
    return {record: name_of(found.get(record, {})) for record in records}


def _keys(pairs: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([pairs.select(system=f"system_{side}", key=f"key_{side}") for side in "lr"]).unique()
