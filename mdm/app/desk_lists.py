"""The desk's lists, a page at a time: customers, and pairs that wait for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from mdm.app.desk_links import MICRO, Explainer
from mdm.app.desk_pair import delivered, name_of, place_of
from mdm.app.desk_queue import PAIR, behind, of_customers
from mdm.records import RecordKey, TableSchema, conform
from mdm.report.visible import visible
from mdm.store import GOLDEN_PAGE, Asked, GoldenOrder, Store

Order = GoldenOrder
Place = tuple[Any, ...]

MOST_FOUND: Final = 5_000
"""Customers that a search in the queue looks at; a search with more hits is too wide to be answered in full."""

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
    "veto": pl.Boolean(),
    "reason": pl.String(),
}
"""A line of the queue: two records as delivered and whose they are, the weight in bits, and why they are linked."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What part of a list is wanted: lines that fit `search`, behind `after`, at most `limit`."""

    search: str = ""
    after: Place | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """Lines of GOLDEN_PAGE, names ready to be shown; `after` leads to the next page, None on the last."""

    rows: pl.DataFrame
    total: int
    after: Place | None


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """Lines of QUESTIONS; `first` is the number of the first line in the whole list, counted from 1.

    `too_wide` is true when the search fits more customers than were looked at, so that lines may be missing.
    """

    rows: pl.DataFrame
    total: int
    first: int
    after: Place | None
    too_wide: bool


def list_customers(store: Store, wanted: Wanted, order: Order) -> CustomerPage:
    """A page of customers. A place that belongs to another order counts as the beginning."""
    after = wanted.after if _fits(wanted.after, order) else None
    page = store.page_golden(Asked(wanted.search, after, wanted.limit), order)
    shown = [pl.col(name).map_elements(visible, return_dtype=pl.String) for name in ("name", "country", "city")]
    rows = conform(page.rows.with_columns(shown), GOLDEN_PAGE, "customers")
    return CustomerPage(rows, store.count_golden(wanted.search), page.after)


def _fits(place: Place | None, order: Order) -> bool:
    kinds: dict[str, tuple[type, ...]] = {"name": (str, str), "records": (int, str), "master_id": (str,)}
    return place is not None and tuple(type(x) for x in place) == kinds[order]


def list_questions(store: Store, questions: pl.DataFrame, wanted: Wanted, explainer: Explainer) -> QuestionPage:
    """A page of the queue. A place that is none counts as the beginning."""
    questions, too_wide = search_questions(store, questions, wanted.search)
    place = wanted.after
    rest = questions
    if place is not None and tuple(type(x) for x in place) == (int, str, str, str, str):
        rest = behind(questions, (place[0], place[1], place[2], place[3], place[4]))
    lines = rest.head(wanted.limit)
    after = lines.select("weight", *PAIR).row(-1) if rest.height > wanted.limit else None
    first = questions.height - rest.height + 1
    return QuestionPage(_described(store, lines, explainer), questions.height, first, after, too_wide)


def search_questions(store: Store, questions: pl.DataFrame, search: str) -> tuple[pl.DataFrame, bool]:
    """The questions about a customer that fits the search, and whether more customers fit than were looked at."""
    if not search.strip():
        return questions, False
    found = store.page_golden(Asked(search, limit=MOST_FOUND), "master_id")
    return of_customers(questions, found.rows["master_id"]), found.after is not None


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
