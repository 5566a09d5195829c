"""The queue of the desk: the pairs that wait for a person, filtered, a page at a time, and the ones around a pair."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import polars as pl

from mdm.app.asked_again import Again, again_frame
from mdm.app.decided import PAIR
from mdm.app.desk_links import MICRO, Explainer, link_ends
from mdm.app.desk_lists import Wanted
from mdm.app.desk_pair import delivered, name_of, place_of
from mdm.app.desk_search import understand
from mdm.records import RecordKey, TableSchema, conform
from mdm.store import Place, Sought, Store

QUESTIONS: Final[TableSchema] = {
    "system_l": pl.String(),
    "key_l": pl.String(),
    "name_l": pl.String(),
    "place_l": pl.String(),
    "master_id_l": pl.String(),
    "system_r": pl.String(),
    "key_r": pl.String(),
    "name_r": pl.String(),
    "place_r": pl.String(),
    "master_id_r": pl.String(),
    "weight": pl.Float64(),
    "probability": pl.Float64(),
    "band": pl.String(),
    "veto": pl.Boolean(),
    "records": pl.Int64(),
    "value": pl.Int64(),
    "asked_at": pl.String(),
    "reason": pl.String(),
}
"""A line of the queue: two records as delivered and whose they are, the weight in bits, how many records both customers
have, what both are worth, since when it is asked, and why they are linked."""


LEADING: Final = {"weight": "weight", "records": "records", "value": "value", "age": "asked_at"}
"""The column by which each order goes."""


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """Lines of QUESTIONS; `first` is the number of the first line in the whole list, counted from 1.

    `told` says how a search that is no name was read.
    """

    rows: pl.DataFrame
    total: int
    first: int
    after: Place | None
    told: str = ""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a pair stands in the queue: its number from 1 (0 when it is no question), and the pairs around it."""

    number: int
    total: int
    previous: tuple[RecordKey, RecordKey] | None
    following: tuple[RecordKey, RecordKey] | None


@dataclass(frozen=True, slots=True)
class Queue:
    """The questions of a store that fit; `systems` are those whose keys a search may name.

    `again` are the decisions that ask to be made again.
    """

    store: Store
    sought: Sought
    systems: tuple[str, ...]
    again: tuple[Again, ...] = ()

    def page(self, wanted: Wanted, explainer: Explainer) -> QuestionPage:
        """A page of the queue. A place that is none in this order counts as the beginning."""
        sought, meant = self._meant()
        after = _place(wanted.after, sought)
        found = self.store.page_questions(sought, after, wanted.limit)
        around = None if after is None else self.store.look_around(sought, after)
        first = 1 if around is None else around.before + around.here + 1
        told = again_frame([*self.again])
        rows = found.rows.join(told, on=list(PAIR), how="left", maintain_order="left")
        lines = _described(self.store, rows, explainer)
        total = self.store.count_questions(sought) if around is None else around.total
        return QuestionPage(lines, total, first, found.after, meant)

    def count(self) -> int:
        sought, _ = self._meant()
        return self.store.count_questions(sought)

    def value(self) -> int:
        """What the customers of all that fit are worth."""
        sought, _ = self._meant()
        return self.store.value_of_questions(sought)

    def around(self, left: RecordKey, right: RecordKey) -> Neighbours:
        """Where a pair stands; one that the last scan did not ask has the whole queue ahead."""
        sought, _ = self._meant()
        asked = self.store.read_question(left, right)
        if asked.is_empty():
            total = self.store.count_questions(sought)
            return Neighbours(0, total, None, _pair(self.store.page_questions(sought, limit=1).rows))
        around = self.store.look_around(sought, asked.select(LEADING[sought.order], *PAIR).row(0))
        number = around.before + 1 if around.here else 0
        return Neighbours(number, around.total, _pair(around.previous), _pair(around.following))

    def behind(self, left: RecordKey, right: RecordKey, limit: int) -> list[tuple[RecordKey, RecordKey]]:
        """The next pairs behind one, itself not among them; from the beginning where it was never asked.

        Those that somebody else has now are left to them, where the search says who asks.
        """
        sought, _ = self._meant()
        if sought.whose is None and sought.who[0]:
            sought = replace(sought, whose="open")
        asked = self.store.read_question(left, right)
        after = None if asked.is_empty() else asked.select(LEADING[sought.order], *PAIR).row(0)
        return link_ends(self.store.page_questions(sought, after, limit).rows)

    def _meant(self) -> tuple[Sought, str]:
        meant = understand(self.store, self.sought.search, self.systems)
        again = tuple(sorted(a.number for a in self.again))
        return replace(self.sought, search=meant.words, ids=meant.ids, again=again), meant.told


def _place(given: tuple[Any, ...] | None, sought: Sought) -> Place | None:
    leading = str if sought.order == "age" else int
    if given is None or tuple(type(x) for x in given) != (leading, str, str, str, str):
        return None
    return given[0], given[1], given[2], given[3], given[4]


def _pair(question: pl.DataFrame) -> tuple[RecordKey, RecordKey] | None:
    if question.is_empty():
        return None
    return link_ends(question)[0]


def _described(store: Store, lines: pl.DataFrame, explainer: Explainer) -> pl.DataFrame:
    ends = [lines.select(system=f"system_{side}", key=f"key_{side}") for side in ("l", "r")]
    known = delivered(store, pl.concat(ends).unique())
    columns = {}
    for side, keys in zip(("l", "r"), ends, strict=True):
        values = [known.get(RecordKey(system, key), {}) for system, key in keys.iter_rows()]
        columns[f"name_{side}"] = pl.Series([name_of(v) for v in values], dtype=pl.String)
        columns[f"place_{side}"] = pl.Series([place_of(v) for v in values], dtype=pl.String)
    told = lines.with_columns(weight=pl.col("weight") / MICRO, reason=explainer.reasons(lines), **columns)
    return conform(told, QUESTIONS, "questions")
