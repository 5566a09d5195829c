"""What two records are found to have in common, by examples a steward understands."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from mdm.match import encode_records
from mdm.match.compare import LEVEL_LABELS, compare

CROWD: list[dict[str, Any]] = [
    {"name": f"{a} {b}", "city": c, "country": "DE"}
    for a in ("nord", "sued", "west", "ost", "mittel")
    for b in ("bau", "logistik", "handel", "technik")
    for c in ("bonn", "kiel")
]
"""Forty ordinary firms: without them every word would be rare."""


def level(make_standard: Any, one: dict[str, Any], other: dict[str, Any], comparison: str) -> str:
    records = [{**r, "key": k} for r, k in zip((one, other), ("a", "b"), strict=True)]
    standard = make_standard(*({**r, "key": f"c{i}"} for i, r in enumerate(CROWD)), *records)
    encoded = encode_records(standard)
    rids = [standard.filter(pl.col("key") == k)["rid"].item() for k in ("a", "b")]
    left, right = np.array(rids[:1], dtype=np.int32), np.array(rids[1:], dtype=np.int32)
    found = int(compare(encoded, left, right)[comparison][0])
    turned = int(compare(encoded, right, left)[comparison][0])
    assert found == turned
    return "missing" if found < 0 else LEVEL_LABELS[comparison][found]


def test_a_rare_name_that_is_equal_is_the_same_and_rare(make_standard: Any) -> None:
    assert level(make_standard, {"name": "veltron logistik"}, {"name": "veltron logistik"}, "name") in {
        "the same",
        "the same, and rare",
    }


def test_a_common_name_that_is_equal_is_marked_as_common(make_standard: Any) -> None:
    assert level(make_standard, {"name": "nord bau"}, {"name": "nord bau"}, "name") == "the same, common words"


def test_a_word_cut_short_still_counts(make_standard: Any) -> None:
    found = level(make_standard, {"name": "veltron maschinenbau"}, {"name": "veltron maschinenb"}, "name")
    assert found.startswith(("nearly the same", "the same"))


def test_a_typing_error_still_counts(make_standard: Any) -> None:
    found = level(make_standard, {"name": "veltronik systeme"}, {"name": "veltronic systeme"}, "name")
    assert found.startswith(("nearly the same", "the same"))


def test_other_names_have_nothing_in_common(make_standard: Any) -> None:
    assert level(make_standard, {"name": "veltron"}, {"name": "zimara"}, "name").startswith("different")


def test_branch_numbers_speak_against_a_match(make_standard: Any) -> None:
    assert level(make_standard, {"name": "veltron fonds 2"}, {"name": "veltron fonds 3"}, "number") == (
        "a number in one name only"
    )


def test_an_acronym_is_found_as_an_other_name(make_standard: Any) -> None:
    one = {"name": "veltron zimara quartex"}
    assert level(make_standard, one, {"name": "vzq"}, "other_name") == "a rare other name in common"


def test_different_valid_vat_numbers_of_one_country_are_a_conflict(make_standard: Any) -> None:
    one = {"name": "veltron", "identifiers": ["vat:DE136695976"]}
    other = {"name": "veltron", "identifiers": ["vat:DE129273398"]}
    assert level(make_standard, one, other, "identifier") == "conflict"


def test_vat_numbers_of_two_countries_are_no_conflict(make_standard: Any) -> None:
    one = {"name": "veltron", "identifiers": ["vat:DE136695976"]}
    other = {"name": "veltron", "identifiers": ["vat:ATU13585627"]}
    assert level(make_standard, one, other, "identifier") == "missing"


def test_an_empty_field_is_never_a_disagreement(make_standard: Any) -> None:
    one = {"name": "veltron", "city": "bonn", "phones": ["+4922812345678"], "country": "DE"}
    for comparison in set(LEVEL_LABELS) - {"name", "number", "other_name"}:
        assert level(make_standard, one, {"name": "veltron"}, comparison) == "missing"


def test_one_telephone_in_two_notations_is_the_same(make_standard: Any) -> None:
    one, other = {"name": "a", "phones": ["+4922812345678"]}, {"name": "b", "phones": ["022812345678"]}
    assert level(make_standard, one, other, "phone") == "the same"


def test_house_street_and_town_make_the_same_building(make_standard: Any) -> None:
    place = {"street": "hauptstrasse", "house_number": "5", "city": "bonn", "postcode": "53111"}
    assert level(make_standard, {"name": "a", **place}, {"name": "b", **place}, "place") == "same building"
