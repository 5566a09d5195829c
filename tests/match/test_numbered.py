"""Firms whose names differ by their number are two: the house, the telephone and the web site are what they share."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mdm.match import encode_records
from mdm.match.matching import Compared, compare_pairs
from tests.match.conftest import MakeStandard

SHARED: dict[str, Any] = {
    "street": "ring road",
    "house_number": "5",
    "postcode": "53111",
    "city": "bonn",
    "country": "DE",
    "phones": ["+49228123456"],
    "domains": ["kelwa.example"],
}


def compared(make_standard: MakeStandard, one: dict[str, Any], other: dict[str, Any]) -> Compared:
    encoded = encode_records(make_standard({**SHARED, **one}, {**SHARED, **other}))
    return compare_pairs(encoded, np.array([0, 1], dtype=np.int32), np.array([1, 0], dtype=np.int32))


def held_apart(make_standard: MakeStandard, one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whichever of the two stands first."""
    found = compared(make_standard, one, other)
    assert found.veto[0] == found.veto[1]
    assert found.two[0] == found.two[1]
    return bool(found.veto[0] and found.two[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [("kelwa fonds 3", "kelwa fonds 4"), ("kelwa 2 objekt 11", "kelwa 2 objekt 12"), ("3 kelwa", "kelwa 33")],
)
def test_two_numbers_in_one_name_are_two_customers(make_standard: MakeStandard, one: str, other: str) -> None:
    assert held_apart(make_standard, {"name": one}, {"name": other})


@pytest.mark.parametrize(
    ("one", "other"),
    [("kelwa fonds 3", "kelwa fonds"), ("kelwa fonds 3", "fonds 3 kelwa"), ("kelwa 1872", "kelwa 1872 2")],
)
def test_a_number_that_only_one_has_may_have_been_left_out(make_standard: MakeStandard, one: str, other: str) -> None:
    assert not held_apart(make_standard, {"name": one}, {"name": other})


def test_a_tax_number_of_both_outweighs_the_numbers_in_their_names(make_standard: MakeStandard) -> None:
    same = {"identifiers": ["vat:DE:DE136695976"]}
    assert not held_apart(make_standard, {"name": "kelwa 24", **same}, {"name": "kelwa 7", **same})
