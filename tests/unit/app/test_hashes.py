"""Hashes by which two runs are compared."""

from __future__ import annotations

import polars as pl
import pytest

from mdm.app import hashes
from mdm.app.hashes import hash_parts, hash_table

FRAME = pl.DataFrame({"key": ["a", "b", "c"], "text": ["x", None, ""], "more": [["p", "q"], [], None]})


def test_the_order_of_rows_makes_no_difference() -> None:
    assert hash_table(FRAME.reverse(), key=["key"]) == hash_table(FRAME, key=["key"])


def test_the_size_of_pieces_makes_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = hash_table(FRAME, key=["key"])
    monkeypatch.setattr(hashes, "CHUNK", 1)
    assert hash_table(FRAME, key=["key"]) == whole


@pytest.mark.parametrize(
    "other",
    [
        FRAME.with_columns(text=pl.lit("x")),
        FRAME.with_columns(text=pl.col("text").fill_null("")),
        FRAME.with_columns(more=pl.col("more").fill_null([])),
        FRAME.head(2),
        FRAME.rename({"text": "txet"}),
        FRAME.clear(),
    ],
)
def test_any_difference_of_content_changes_the_hash(other: pl.DataFrame) -> None:
    assert hash_table(other, key=["key"]) != hash_table(FRAME, key=["key"])


def test_plain_values_hash_by_content() -> None:
    assert hash_parts({"a": 1, "b": ["ä"]}) == hash_parts({"b": ["ä"], "a": 1})
    assert hash_parts({"a": 1}) != hash_parts({"a": "1"})
