"""The desk's list of customers, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from mdm.app.desk_search import understand
from mdm.records import conform
from mdm.report.visible import visible
from mdm.store import GOLDEN_PAGE, Asked, GoldenOrder, Store

Order = GoldenOrder
Place = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What part of a list is wanted: lines that fit `search`, behind `after`, at most `limit`."""

    search: str = ""
    after: Place | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """Lines of GOLDEN_PAGE, names ready to be shown; `after` leads to the next page, None on the last.

    `told` says how a search that is no name was read.
    """

    rows: pl.DataFrame
    total: int
    after: Place | None
    told: str = ""


def list_customers(store: Store, wanted: Wanted, order: Order, systems: tuple[str, ...]) -> CustomerPage:
    """A page of customers. A place that belongs to another order counts as the beginning."""
    meant = understand(store, wanted.search, systems)
    after = wanted.after if _fits(wanted.after, order) else None
    page = store.page_golden(Asked(meant.words, after, wanted.limit, meant.ids), order)
    shown = [pl.col(name).map_elements(visible, return_dtype=pl.String) for name in ("name", "country", "city")]
    rows = conform(page.rows.with_columns(shown), GOLDEN_PAGE, "customers")
    return CustomerPage(rows, store.count_golden(meant.words, meant.ids), page.after, meant.told)


def _fits(place: Place | None, order: Order) -> bool:
    kinds: dict[str, tuple[type, ...]] = {"name": (str, str), "records": (int, str), "master_id": (str,)}
    return place is not None and tuple(type(x) for x in place) == kinds[order]
