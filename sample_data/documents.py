"""Open orders and invoices of the ERP customers, in the currency of each."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from sample_data.draws import Draws, Ints
from sample_data.files import write_csv

ERP: Final = ("sap", "oracle", "odoo")
TODAY: Final = 20_726
"""Days since 1970 of 30 September 2026, when the exports of this world were made."""


def write_documents(customers: pl.DataFrame, draws: Draws, out: Path) -> None:
    """Write open_orders.csv and invoices.csv for customers (system, key, record, currency)."""
    erp = customers.filter(pl.col("system").is_in(ERP))
    orders = _lines(erp, draws, "order", [70, 20, 7, 3])
    write_csv(_orders(orders, draws), out / "open_orders.csv")
    invoices = _lines(erp, draws, "invoice", [40, 25, 20, 10, 5])
    write_csv(_invoices(invoices, draws), out / "invoices.csv")


def _lines(customers: pl.DataFrame, draws: Draws, what: str, weights: list[int]) -> pl.DataFrame:
    """Each customer as often as it has such documents, with `id`, unique among them."""
    record = customers["record"].to_numpy()
    count = draws.weighted(f"{what} count", record, weights)
    rows = np.repeat(np.arange(len(customers)), count)
    nth = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    return customers[rows].with_columns(id=pl.Series(record[rows] * 8 + nth))


def _days(numbers: Ints) -> pl.Series:
    return pl.Series(numbers).cast(pl.Int32).cast(pl.Date).dt.to_string("%Y-%m-%d")


def _amount(cents: Ints) -> pl.Series:
    return pl.Series(cents // 100).cast(pl.String) + "." + pl.Series(cents % 100).cast(pl.String).str.zfill(2)


def _cents(draws: Draws, what: str, ids: Ints) -> Ints:
    """Many small amounts and few large ones."""
    return 5_000 + draws.below(what, ids, 400_000) * (1 + draws.weighted(f"{what} size", ids, [60, 25, 10, 4, 1]) ** 3)


def _orders(lines: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    ids = lines["id"].to_numpy()
    ordered = TODAY - draws.below("ordered", ids, 90)
    return lines.select(
        "system",
        customer_key="key",
        order_no="SO-" + pl.Series(np.arange(len(ids)) + 4_500_001).cast(pl.String),
        order_date=_days(ordered),
        promised_date=_days(TODAY + 5 + draws.below("promised", ids, 60)),
        amount=_amount(_cents(draws, "order amount", ids)),
        currency="currency",
        status=pl.Series(["signed", "signed", "signed", "quoted"]).gather(draws.below("order status", ids, 4)),
    )


def _invoices(lines: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    ids = lines["id"].to_numpy()
    issued = TODAY - draws.below("issued", ids, 365)
    cents = _cents(draws, "invoice amount", ids)
    paid = draws.weighted("paid", ids, [70, 25, 5])
    return lines.select(
        "system",
        customer_key="key",
        invoice_no="RE-" + pl.Series(np.arange(len(ids)) + 9_000_001).cast(pl.String),
        invoice_date=_days(issued),
        due_date=_days(issued + 30),
        amount=_amount(cents),
        open_amount=_amount(np.where(paid == 0, 0, np.where(paid == 1, cents, cents // 2))),
        currency="currency",
    )
