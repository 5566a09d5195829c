"""Work shared among processes: the same columns, whatever the number of processes, also when one of them fails."""

from __future__ import annotations

import os
from collections.abc import Sequence

import polars as pl
import pytest

from mdm.records import MAPPED
from mdm.rulebook import load_shipped
from mdm.standardise import sharing, standardise
from mdm.standardise.placeholders import placeholders
from mdm.standardise.record_names import split_names
from mdm.standardise.sharing import Columns, share

HERE = os.getpid()
NAMES = [f"Firma {n} GmbH & Co. KG (vormals Alt {n} AG)" for n in range(40)] + ["n/a", "Test GmbH", "味全 Ltd"]


def lengths(common: int, values: Sequence[str]) -> Columns:
    """The length of each value, and the long ones."""
    return [len(v) + common for v in values], [v for v in values if len(v) > 3]


def where(_: object, values: Sequence[str]) -> Columns:
    """The process that each value was asked in."""
    return ([os.getpid()] * len(values),)


def fails_elsewhere(common: int, values: Sequence[str]) -> Columns:
    """Ends any other process than this one."""
    if os.getpid() != common:
        os._exit(3)
    return (list(values),)


@pytest.fixture(autouse=True)
def small_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "SHARE", 2)


@pytest.mark.parametrize("count", [0, 1, 3, 4, 9])
@pytest.mark.parametrize("processes", [1, 2, 3])
def test_columns_stand_in_the_order_of_the_values(count: int, processes: int) -> None:
    values = ["x" * n for n in range(count)]
    assert share(lengths, 1, values, processes) == lengths(1, values)


def test_several_processes_are_at_work_where_there_is_enough_to_do() -> None:
    (few,), (many,) = share(where, None, ["a"] * 3, 2), share(where, None, ["a"] * 8, 2)
    assert set(few) == {HERE}
    assert len(set(many)) == 2


def test_the_share_of_a_process_that_fails_is_done_here() -> None:
    values = [str(n) for n in range(9)]
    assert share(fails_elsewhere, HERE, values, 3) == (values,)


def test_names_are_taken_apart_alike_in_any_process() -> None:
    hidden = placeholders()
    assert share(split_names, hidden, NAMES, 3) == split_names(hidden, NAMES)


def test_records_are_standardised_alike_by_one_process_and_by_three() -> None:
    rows = [
        {"system": "s", "key": str(n), "row_hash": "h", "name": name, "street": f"Weg {n}", "vat": [f"DE{n:09d}"]}
        for n, name in enumerate(NAMES)
    ]
    mapped = pl.DataFrame([{column: row.get(column) for column in MAPPED} for row in rows], schema=dict(MAPPED))
    rules = load_shipped().standardise
    assert standardise(mapped, rules, {"s": "DE"}, processes=3).equals(standardise(mapped, rules, {"s": "DE"}))
