"""Drawing a cohort: alike pairs that wait, fixed for good, and a sample of them to be decided one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, Literal

import polars as pl

from mdm.app.cohort_words import tell_sought
from mdm.app.decided import PAIR
from mdm.app.desk_search import understand
from mdm.app.hand import Hand, saying
from mdm.errors import DecisionRefused
from mdm.steward import draw, sample_size
from mdm.store import Drawing, Sought, Store

MOST_PAIRS: Final = 20_000
ALLOWED: Final = (50, 100, 200, 500, 1_000)
"""Shares of wrong ones that may be allowed, in hundredths of a per cent."""

WHOLE: Final = 10_000
RECORD: Final = ("system", "key")


@dataclass(frozen=True, slots=True)
class Wish:
    """Which pairs shall be answered in one go, with which answer, and how many of them may be wrong (of ALLOWED)."""

    answer: Literal["match", "do_not_match"]
    sought: Sought
    allowed: int


@dataclass(frozen=True, slots=True)
class Fitting:
    """How many pairs fit, and how many of them a sample would have if none of these were wrong."""

    among: int
    sample: int

    @property
    def is_worth_it(self) -> bool:
        """False where all of them, or too many, would have to be decided one by one."""
        return 0 < self.sample < self.among <= MOST_PAIRS


def fitting(store: Store, wish: Wish, systems: Sequence[str]) -> Fitting:
    """What drawing would give now."""
    among = store.count_questions(_meant(store, wish.sought, systems))
    return Fitting(among, sample_size(among, Fraction(wish.allowed, WHOLE)) if 0 < among <= MOST_PAIRS else 0)


def draw_cohort(hand: Hand, wish: Wish, seed: str) -> int:
    """Fix the pairs that fit and wait now as a cohort, and draw its sample; returns its number.

    Pairs of other cohorts that are open are left out. Raises DecisionRefused where so few fit, or so little may be
    wrong, that the sample would be all of them, and where more than MOST_PAIRS fit.
    """
    store = hand.store
    systems = [str(source.system) for source in hand.project.rulebook.sources]
    found = store.page_questions(_meant(store, wish.sought, systems), limit=MOST_PAIRS + 1).rows
    if found.height > MOST_PAIRS:
        raise DecisionRefused(f"More than {MOST_PAIRS:,} pairs fit.", "Narrow them down first.")
    size = sample_size(found.height, Fraction(wish.allowed, WHOLE))
    if size >= found.height:
        raise DecisionRefused(
            f"{found.height:,} pairs fit; a sample would be all of them.",
            "Choose more pairs, allow a larger share to be wrong, or decide them one by one.",
        )
    sample = draw(seed, found.select(PAIR).iter_rows(), size)
    places = pl.DataFrame(sample, schema=list(PAIR), orient="row").with_row_index("drawn", offset=1)
    members = with_rows(store, found.select(*PAIR, "weight")).join(places, on=list(PAIR), how="left")
    members = members.with_columns(pl.col("drawn").cast(pl.Int64)).sort(PAIR)
    drawing = Drawing(tell_sought(wish.sought), seed, members, wish.allowed)
    return store.cohorts.draw(drawing, saying(hand.said, wish.answer))


def with_rows(store: Store, pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs with the hashes of their records as `row_l` and `row_r`, empty for a record that is gone."""
    ends = [pairs.select(system=f"system_{side}", key=f"key_{side}") for side in "lr"]
    rows = store.read_records(pl.concat(ends).unique()).select(*RECORD, "row_hash")
    found = pairs
    for side in "lr":
        mine = rows.rename({name: f"{name}_{side}" for name in RECORD} | {"row_hash": f"row_{side}"})
        found = found.join(mine, on=[f"system_{side}", f"key_{side}"], how="left", maintain_order="left")
    return found.with_columns(pl.col("row_l", "row_r").fill_null(""))


def _meant(store: Store, sought: Sought, systems: Sequence[str]) -> Sought:
    """Pairs that wait for a first answer and are in no other open cohort, found as in the queue."""
    meant = understand(store, sought.search, tuple(systems))
    return replace(
        sought, search=meant.words, ids=meant.ids, state="waiting", again=(), cohort=None, free=True, order="weight"
    )
