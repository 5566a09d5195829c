"""The key of a record that could not be read."""

from __future__ import annotations

import pytest

from mdm.sources.facts import RAW_CAP
from mdm.sources.key_in_text import key_in_text

COLUMNS = ("id", "company", "name")


@pytest.mark.parametrize(
    "raw", ["7;DE;Acme;too;many", "7;DE", '7;"DE";"Ac\nme', " 7 ;DE", '7;D"E;x', "7;DE;" + "x" * RAW_CAP]
)
def test_the_key_of_an_odd_csv_record_is_read_from_the_left(raw: str) -> None:
    assert key_in_text(raw, COLUMNS, ("id", "company"), ";") in {"7|DE", '7|D"E'}


@pytest.mark.parametrize("raw", ["", "7", " ;DE", "7; ", "x" * RAW_CAP])
def test_a_key_that_does_not_show_is_none(raw: str) -> None:
    assert key_in_text(raw, COLUMNS, ("id", "company"), ";") is None


def test_a_cell_that_was_cut_is_no_key() -> None:
    raw = ("a;b;" + "7" * RAW_CAP)[:RAW_CAP]
    assert key_in_text(raw, ("x", "y", "id"), ("id",), ";") is None


@pytest.mark.parametrize(
    "raw",
    [
        '{"id": "7", "name": "Acme"}',
        '{"id": "7", "name": "Ac',
        '{ "name" : {"id": "8", "x": [1]}, "id":"7" , "name": NaN}',
        '{"id": 7, "id2": 1e999}',
    ],
)
def test_the_key_of_a_json_record_is_read_as_far_as_it_is_whole(raw: str) -> None:
    assert key_in_text(raw, COLUMNS, ("id",), None) == "7"


@pytest.mark.parametrize("raw", ["", "{", '{"id": "7', '{"name": {"id": "8"}}', '{"id": ["7"]}', "[" * 5000])
def test_json_without_a_whole_key_shows_none(raw: str) -> None:
    assert key_in_text(raw, COLUMNS, ("id",), None) is None
