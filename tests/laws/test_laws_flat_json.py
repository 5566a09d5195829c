"""Laws of reading JSON lines in bulk: it says of each line what the strict reader says of it, or leaves it alone."""

from __future__ import annotations

import json

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from mdm.sources.flat_json import columns_of, flat_members
from mdm.sources.jsonl_reader import strict_object

SIGNS = st.sampled_from(
    [*'{}[]":,\\ \t\r', "a", "ü", "\x01", "\x7f", "0", "1", "-", ".", "e", "null", "true", '"a"', "北"]
)
NAMES = st.sampled_from(["id", "name", "", "{", "Straße"])
VALUES = st.one_of(
    st.text(max_size=8), st.integers(), st.floats(allow_nan=False), st.booleans(), st.none(), st.lists(st.integers())
)
LINES = st.one_of(
    st.lists(SIGNS, max_size=12).map("".join),
    st.lists(SIGNS, max_size=6).map(lambda signs: '{"a":' + "".join(signs) + "}"),
    st.builds(
        lambda row, ascii_only: json.dumps(row, ensure_ascii=ascii_only),
        st.dictionaries(NAMES, VALUES, max_size=4),
        st.booleans(),
    ),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=6))
def test_a_line_read_in_bulk_is_what_the_strict_reader_makes_of_it(lines: list[str]) -> None:
    members, flat = flat_members(pl.Series(lines, dtype=pl.String))
    for row in flat.arg_true():
        mine = members.filter(pl.col("row") == row).sort("place")
        assert list(zip(mine["name"], mine["value"], strict=True)) == list(strict_object(lines[row].encode()).items())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["x", "7", "-1.50"]), min_size=1), min_size=1))
def test_every_plain_object_is_read_in_bulk_and_stands_in_its_row(rows: list[dict[str, str]]) -> None:
    lines = pl.Series([json.dumps(row) for row in rows])
    members, flat = flat_members(lines)
    assert flat.all()
    table = columns_of(members, pl.int_range(len(rows), eager=True))
    assert [{k: v for k, v in row.items() if v is not None} for row in table.rows(named=True)] == rows
    assert table.columns == list(dict.fromkeys(name for row in rows for name in row))
