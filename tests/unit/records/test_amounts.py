"""Amounts as systems write them."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdm.records import amounts, worth


def read(text: str) -> int | None:
    return amounts(pl.Series("a", [text]))[0]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1234", 1234),
        ("1234.5", 1234),
        ("1235.50", 1236),
        ("1,234.50", 1234),
        ("1.234,60", 1235),
        ("1 234,00", 1234),
        ("1\u202f234\u00a0567,00", 1234567),
        ("1'234'567.00", 1234567),
        ("1.234.567", 1234567),
        ("1.234", 1234),
        ("0.987", 1),
        ("12,5", 12),
        ("EUR 1.234,00", 1234),
        ("$1,234.00", 1234),
        ("1234.00 CHF", 1234),
        ("-500", 0),
        ("99,90-", 0),
        (".75", 1),
        ("0", 0),
    ],
)
def test_ways_of_writing(text: str, amount: int) -> None:
    assert read(text) == amount


@pytest.mark.parametrize(
    "text", ["", "n/a", "12-34", "1,2,3", "1.23.4", "1,234.56,7", "1e9", "12 Stück", "9" * 20, "-"]
)
def test_what_is_no_amount(text: str) -> None:
    assert read(text) is None


@given(st.integers(0, 10**14), st.integers(0, 99))
def test_every_notation_of_a_number_reads_alike(whole: int, cents: int) -> None:
    english = f"{whole:,}.{cents:02d}"
    german = english.translate(str.maketrans(",.", ".,"))
    swiss, french, sap = english.replace(",", "'"), german.replace(".", "\u202f"), f"{whole}.{cents:02d}"
    expected = read(sap)
    assert expected in (whole, whole + 1)
    assert [read(text) for text in (english, german, swiss, french, f"{german} EUR")] == [expected] * 5


@given(st.text(max_size=30))
def test_no_text_raises_and_no_amount_is_below_zero(text: str) -> None:
    amount = read(text)
    assert amount is None or 0 <= amount <= 10**15


def test_a_customer_is_worth_the_sum_of_its_records() -> None:
    records = pl.DataFrame({"system": ["a", "a", "b"], "key": ["1", "2", "1"], "value": ["1,000.00", None, "2.000,00"]})
    owners = pl.DataFrame({"system": ["a", "a", "b"], "key": ["1", "2", "1"], "master_id": ["X", "Y", "X"]})
    assert worth(records, owners).rows() == [("X", 3000)]
