"""Cases 38 to 60 of the catalogue of bad inputs that concern reading: keys, values, JSON, names of columns."""

from __future__ import annotations

from typing import Any

import pytest

from mdm.errors import InputRefused
from mdm.sources import read_columns


def test_bad_38_leading_zeros_stay(work: Any) -> None:
    landed = work.land("id;postcode\n00123;01067\n")
    assert landed.index["key"].to_list() == ["00123"]
    assert work.values(landed)[0]["postcode"] == "01067"


@pytest.mark.parametrize("key", ["1E5", "12345678901234567890123"])
def test_bad_39_an_id_that_looks_like_a_number_stays_text(work: Any, key: str) -> None:
    assert work.land(f"id;name\n{key};Anna\n").index["key"].to_list() == [key]


def test_bad_40_key_twice_with_the_same_content(work: Any) -> None:
    landed = work.land("id;name\n1;Anna\n2;Bert\n1;Anna\n")
    assert landed.counts == {"rows_in": 3, "loaded": 2, "unchanged": 1, "quarantined": 0}
    assert landed.index["record_number"].to_list() == [1, 2]
    assert work.values(landed) == [{"id": "1", "name": "Anna"}, {"id": "2", "name": "Bert"}]


def test_bad_41_key_twice_with_different_content(work: Any) -> None:
    landed = work.land("id;name\n1;Anna\n2;Bert\n1;Anne\n")
    assert landed.index["key"].to_list() == ["2"]
    assert landed.quarantine.select("record_number", "column", "raw").rows() == [
        (1, "id", '{"id": "1", "name": "Anna"}'),
        (3, "id", '{"id": "1", "name": "Anne"}'),
    ]


def test_bad_42_empty_key(work: Any) -> None:
    landed = work.land("id;name\n;Anna\n \u00a0;Bert\n3;Carl\n")
    assert landed.index["key"].to_list() == ["3"]
    assert landed.quarantine["reason"].to_list() == ["the key is empty"] * 2


def test_bad_42_no_record_with_a_key(work: Any) -> None:
    with pytest.raises(InputRefused, match="the right key"):
        work.land("id;name\n;Anna\n;Bert\n")
    assert work.leftovers() == []


def test_bad_43_keys_that_differ_by_a_blank_are_never_merged(work: Any) -> None:
    landed = work.land("id;name\nA1;Anna\nA1 ;Anna\nB;Bert\n")
    assert landed.index["key"].to_list() == ["B"]
    assert landed.counts["quarantined"] == 2


def test_bad_43_keys_that_differ_by_case_are_two_keys(work: Any) -> None:
    assert work.land("id;name\na1;Anna\nA1;Anna\n").index["key"].to_list() == ["a1", "A1"]


@pytest.mark.parametrize("value", ["0000-00-00", "31.02.2024", "9999-12-31", "NaN", "1e400", "1" * 30])
def test_bad_45_to_50_impossible_dates_and_numbers_are_kept_as_text(work: Any, value: str) -> None:
    assert work.values(work.land(f"id;value\n1;{value}\n"))[0]["value"] == value


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        ('"a": NaN', "NaN is no JSON value"),
        ('"a": -Infinity', "-Infinity is no JSON value"),
        ('"a": 1, "a": 2', "a name stands twice"),
        ('"a": {"b": 1, "b": 2}', "a name stands twice"),
        ('"a": 1e999', "too large"),
        ('"a": "\\ud800"', "surrogate"),
        ('"a": "\\u0000"', "NUL"),
    ],
)
def test_bad_51_json_that_is_not_strict(work: Any, member: str, reason: str) -> None:
    good = "".join(f'{{"id": "{n}"}}\n' for n in range(3))
    landed = work.land(f'{good}{{"id": "x", {member}}}\n', name="c.jsonl")
    assert landed.counts["quarantined"] == 1
    assert landed.quarantine["record_number"].to_list() == [4]
    assert reason in landed.quarantine["reason"][0]


def test_bad_52_json_100_000_levels_deep(work: Any) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    landed = work.land(f'{{"id": "1"}}\n{{"id": "2", "a": {deep}}}\n', name="c.jsonl")
    assert landed.quarantine["reason"].to_list() == ["nested deeper than 64"]


def test_bad_53_json_number_of_5_000_digits(work: Any) -> None:
    landed = work.land(f'{{"id": "1"}}\n{{"id": "2", "a": {"1" * 5_000}}}\n', name="c.jsonl")
    assert landed.quarantine["reason"].to_list() == ["a number with more than 40 digits"]


@pytest.mark.parametrize(
    "column",
    [
        'name" from t; drop table t; --',
        "*",
        "^.*$",
        "^name$",
        "a+b",
        "select",
        "c0",
        "child rows",
        "on0",
        "row_index",
        "Name",
        "NAME",
    ],
)
def test_bad_60_any_column_name_is_only_a_name(work: Any, column: str) -> None:
    quoted = '"' + column.replace('"', '""') + '"'
    landed = work.land(f"id,name,{quoted}\n1,Anna,x\n2,Bert,y\n")
    assert read_columns(landed, [column])[column].to_list() == ["x", "y"]
