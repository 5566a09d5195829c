"""Decisions that stewards make while a scan is at work or a plan waits, held against what was found without them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from mdm.app.decided import PAIR
from mdm.app.pipeline import Before
from mdm.app.staging import RECORD, Difference
from mdm.errors import GuardTripped, PlanOutdated

SAID: Final = {"match": "are one customer", "do_not_match": "are two customers", "unsure": "may be two customers"}
MOST_NAMED: Final = 3


class Overtaken(Exception):
    """The result says otherwise than a decision made meanwhile; settling again takes it in."""


ROUNDS: Final = 6
"""How often a scan settles its customers while stewards decide otherwise; a round is short beside the matching."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Looks at decisions later than those a scan obeyed; for the moment at which its result would be seen.

    In the first round (0) a decision that the result does not obey raises Overtaken. In later ones only one that the
    result would undo does: any other is no worse off than one made a moment after the scan, and stewards at work must
    not keep a scan from ending. In the last round that is GuardTripped.
    """

    before: Before
    crosswalk: pl.DataFrame
    round: int

    def __call__(self, later: pl.DataFrame) -> None:
        unheard = not_obeyed(later, self.before, self.crosswalk)
        if self.round:
            unheard = _changed_for(unheard, self.before.crosswalk, self.crosswalk)
        if unheard.is_empty():
            return
        if self.round < ROUNDS - 1:
            raise Overtaken
        raise GuardTripped(
            f"Stewards kept deciding against what this scan found: {_named(unheard)}. Nothing was changed.",
            "Run it again; it takes in every decision made until then.",
        )


def not_obeyed(later: pl.DataFrame, before: Before, crosswalk: pl.DataFrame) -> pl.DataFrame:
    """Of later DECISIONS those that stand and that this crosswalk does not obey.

    Also one that takes back a decision the crosswalk rests on, and one on a record that does not live: through what
    other decisions say of that record it may tell living ones apart.
    """
    standing = later.filter(pl.col("stands"))
    obeyed = pl.concat([before.must.select(PAIR), before.cannot.select(PAIR)]).unique()
    rests = standing.join(obeyed.with_columns(rests=pl.lit(True)), on=PAIR, how="left", maintain_order="left")["rests"]
    wanted = pl.col("kind").replace_strict({"match": True, "do_not_match": False, "unsure": False}, default=None)
    wrong = (
        pl.when(wanted.is_null()).then(rests.fill_null(value=False)).otherwise(wanted != together(standing, crosswalk))
    )
    return standing.filter(wrong.fill_null(value=True))


def together(pairs: pl.DataFrame, crosswalk: pl.DataFrame) -> pl.Series:
    """For each pair of records whether they are one customer; null where one of them does not live."""
    one, other = (_owner(pairs, crosswalk, side) for side in "lr")
    return one == other


def _owner(pairs: pl.DataFrame, crosswalk: pl.DataFrame, side: str) -> pl.Series:
    asked = pairs.select(system=f"system_{side}", key=f"key_{side}")
    known = crosswalk.join(asked.unique(), on=RECORD, how="semi")
    return asked.join(known, on=RECORD, how="left", maintain_order="left")["master_id"]


def _changed_for(decisions: pl.DataFrame, before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """The decisions of whose two records the one crosswalk says otherwise than the other."""
    return decisions.filter(together(decisions, before).ne_missing(together(decisions, after)))


class Untouched:
    """Looks at decisions later than those of a plan: none may be about a customer that the plan changes.

    Whether the plan happens to agree with such a decision makes no difference: it was shown without it.
    """

    def __init__(self, planned: Difference, owners: pl.DataFrame) -> None:
        changed = touched(planned, owners)
        known = pl.concat([owners, planned.crosswalk]).filter(pl.col("master_id").is_in(changed.implode()))
        self._records = known.select(RECORD).unique()

    def told(self, later: pl.DataFrame) -> list[str]:
        """The decisions that touch the plan, in words; nothing where none does."""
        ends = [
            later.join(self._records, left_on=[f"system_{x}", f"key_{x}"], right_on=RECORD, how="semi") for x in "lr"
        ]
        found = pl.concat(ends).unique().sort("id")
        return [f"customers that it changes were decided on: {_named(found)}"] if found.height else []

    def judge(self, later: pl.DataFrame) -> None:
        """Raise PlanOutdated for a decision made in the very last moment."""
        if told := self.told(later):
            raise PlanOutdated(f"The plan is out of date: {told[0]}. Nothing was changed.", "Make it again.")


def touched(planned: Difference, owners: pl.DataFrame) -> pl.Series:
    """The master ids of every customer that a plan changes in any way, former and new ones."""
    records = [planned.records, planned.records_gone, planned.crosswalk, planned.crosswalk_gone]
    named = pl.concat([frame.select(RECORD) for frame in records]).unique()
    ids = [
        planned.crosswalk,
        planned.masters,
        planned.golden,
        planned.golden_gone,
        owners.join(named, on=RECORD, how="semi"),
    ]
    return pl.concat([frame.select("master_id") for frame in ids])["master_id"].unique()


def _named(decisions: pl.DataFrame) -> str:
    """The first decisions in words: who said what about which records."""
    told = [
        f"decision {number} of {author} ({system_l}:{key_l} and {system_r}:{key_r} "
        f"{SAID.get(kind, 'are undecided again')})"
        for number, author, kind, system_l, key_l, system_r, key_r in decisions.select("id", "author", "kind", *PAIR)
        .head(MOST_NAMED)
        .iter_rows()
    ]
    more = decisions.height - len(told)
    return "; ".join([*told, f"{more:,} more"] if more > 0 else told)
