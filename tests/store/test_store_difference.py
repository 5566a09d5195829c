"""The difference of two tables: what has to be written, and nothing more."""

from __future__ import annotations

import polars as pl
import pytest

from mdm.errors import SchemaMismatch
from mdm.store import difference

OLD = pl.DataFrame({"key": ["a", "b", "c"], "value": ["1", None, "3"]})


def test_equal_tables_have_no_difference_whatever_their_order() -> None:
    changed, removed = difference(OLD.reverse(), OLD, key=["key"])
    assert changed.is_empty()
    assert removed.is_empty()


def test_new_changed_and_missing_rows_are_found() -> None:
    new = pl.DataFrame({"key": ["d", "c", "b"], "value": ["4", "3", None]})
    changed, removed = difference(new, OLD, key=["key"])
    assert changed.rows() == [("d", "4")]
    assert removed.rows() == [("a",)]


@pytest.mark.parametrize(("was", "now"), [(None, ""), ("", None), ("x", None), (None, "x"), ("x", "X")])
def test_nothing_is_not_the_empty_text(was: str | None, now: str | None) -> None:
    schema = {"key": pl.String, "value": pl.String}
    old = pl.DataFrame({"key": ["a"], "value": [was]}, schema=schema)
    new = pl.DataFrame({"key": ["a"], "value": [now]}, schema=schema)
    assert difference(new, old, key=["key"])[0].rows() == [("a", now)]


def test_lists_are_compared_by_what_is_in_them() -> None:
    old = pl.DataFrame({"key": [1, 2, 3, 4], "value": [[1, 2], [], None, [1]]}, schema_overrides={"key": pl.Int64})
    new = pl.DataFrame({"key": [1, 2, 3, 4], "value": [[1, 2], None, None, [1, 1]]})
    assert difference(new, old, key=["key"])[0]["key"].to_list() == [2, 4]


def test_only_columns_that_both_have_are_compared() -> None:
    new = OLD.with_columns(body=pl.lit("long"))
    assert difference(new, OLD, key=["key"])[0].is_empty()


def test_a_changed_row_comes_whole_and_in_order() -> None:
    new = OLD.reverse().with_columns(value=pl.lit("9"), body=pl.lit("long"))
    changed, _ = difference(new, OLD, key=["key"])
    assert changed.rows() == [("a", "9", "long"), ("b", "9", "long"), ("c", "9", "long")]


def test_a_key_of_several_columns_is_compared_as_a_whole() -> None:
    old = pl.DataFrame({"system": ["a", "b"], "key": ["1", "2"]})
    new = pl.DataFrame({"system": ["a", "b"], "key": ["2", "2"]})
    changed, removed = difference(new, old, key=["system", "key"])
    assert (changed.rows(), removed.rows()) == ([("a", "2")], [("a", "1")])


@pytest.mark.parametrize("keys", [["a", "a"], ["a", None]])
def test_a_key_that_is_missing_or_occurs_twice_is_a_fault(keys: list[str | None]) -> None:
    wrong = pl.DataFrame({"key": keys, "value": ["1", "2"]})
    for new, old in ((wrong, OLD), (OLD, wrong)):
        with pytest.raises(SchemaMismatch, match="missing or stands more than once"):
            difference(new, old, key=["key"])
