"""Values of database drivers as text."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from mdm.connect.sql_text import as_texts, text_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0042", "0042"),
        (42, "42"),
        (True, "true"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1.50"), "1.50"),
        (12345.0, "12345"),
        (0.1, "0.1"),
        (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "2026-01-02 03:04:05+00:00"),
        (timedelta(seconds=90), "90.000000"),
        (b"\x00\xff", "00ff"),
        ({"b": 1, "a": "ä"}, '{"a":"ä","b":1}'),
    ],
)
def test_a_value_is_written_as_a_person_would(value: Any, text: str) -> None:
    assert text_of(value) == text


def test_a_missing_value_stays_missing_in_a_column_of_any_type() -> None:
    frame = as_texts([(1, "a"), (None, None)], ["n", "t"])
    assert frame.rows() == [("1", "a"), (None, None)]


def test_no_rows_are_a_frame_with_the_columns() -> None:
    assert as_texts([], ["n", "t"]).columns == ["n", "t"]
