"""A golden value that no record of the customer brought and no steward set is found, and told without the value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from mdm.records import format_master_id
from mdm.store import Effects, Overriding, Saying, Store
from tests.store.conftest import faults

if TYPE_CHECKING:
    from collections.abc import Callable

A, B = format_master_id(1), format_master_id(2)
EARLIER = "2025-12-01T00:00:00Z"
BY_ANN = '[["","","decision 1 of ann",["name"]]]'


@pytest.mark.parametrize(
    ("column", "written", "fault"),
    [
        ("body", '{"name":"Uno"}', f"The name of {A} is not what a:1 was delivered with."),
        ("body", '{"name":"One","city":"Bonn"}', f"The city of {A} has no origin."),
        ("body", "{}", f"The name of {A} has an origin, but no value."),
        ("body", "[1]", f"The name of {A} has an origin, but no value."),
        ("body", '{"name"', f"The golden record of {A} cannot be read."),
        ("provenance", "[]", f"The name of {A} has no origin."),
        ("provenance", '{"a":1}', f"The name of {A} has no origin."),
        ("provenance", '[1,["a","1",null,"name"],["a"]]', f"The name of {A} has no origin."),
        ("provenance", "", f"The golden record of {A} cannot be read."),
        (
            "provenance",
            '[["a","3","recent",["name"]]]',
            f"The name of {A} is said to come from a:3, which is not one of its records.",
        ),
        ("provenance", BY_ANN, f"The name of {A} is said to be set by a steward, but nobody set it to that."),
    ],
)
def test_a_golden_value_that_nobody_brought_is_told(
    kept: Store, attack: Callable[..., None], column: str, written: str, fault: str
) -> None:
    attack(f"UPDATE golden SET {column} = '{written}' WHERE name = 'One'")  # noqa: S608 - constants above
    assert faults(kept, "values") == fault


@pytest.mark.parametrize("written", ['{"name":"Other"}', "{}", "no JSON"])
def test_a_record_that_no_longer_says_what_is_golden_is_told(
    kept: Store, attack: Callable[..., None], written: str
) -> None:
    attack(f"UPDATE source_record SET body = '{written}' WHERE key = '1'")  # noqa: S608 - constants above
    assert faults(kept, "values") == f"The name of {A} is not what a:1 was delivered with."


def test_what_a_record_has_several_of_is_found_among_them(kept: Store, attack: Callable[..., None]) -> None:
    attack(
        """UPDATE source_record SET body = '{"name":"One","phone":["1","2"]}' WHERE key = '1'""",
        """UPDATE golden SET body = '{"name":"One","phone":"2"}',
           provenance = '[["a","1","recent",["name","phone"]]]' WHERE name = 'One'""",
    )
    assert kept.verify().holds
    attack("""UPDATE source_record SET body = '{"name":"One","phone":["1","3"]}' WHERE key = '1'""")
    assert faults(kept, "values") == f"The phone of {A} is not what a:1 was delivered with."


def test_a_legal_name_and_a_whole_address_stand_in_for_name_and_street(
    kept: Store, attack: Callable[..., None]
) -> None:
    attack(
        """UPDATE source_record SET body = '{"legal_name":"One","full_address":"Weg 3, Bonn"}' WHERE key = '1'""",
        """UPDATE golden SET body = '{"name":"One","street":"Weg 3, Bonn"}',
           provenance = '[["a","1","recent",["name","street"]]]' WHERE name = 'One'""",
    )
    assert kept.verify().holds


@pytest.fixture
def overridden(kept: Store, small: Any) -> Store:
    """Ann set the name of B, long before the next scan."""
    golden = small.golden((B, "Drei", 1)).with_columns(provenance=pl.lit(BY_ANN.replace("1", "5")))
    doing = Overriding(
        master_id=B,
        attribute="name",
        value="Drei",
        was="Three",
        as_of=kept.current_revision(),
        effects=lambda _: Effects(golden=golden),
    )
    kept.override_value(doing, Saying("override", "ann", EARLIER, "by telephone"))
    return kept


def test_a_value_that_a_steward_set_is_no_fault(overridden: Store) -> None:
    assert overridden.verify().holds


def test_another_value_than_the_one_that_was_set_is_told(overridden: Store, attack: Callable[..., None]) -> None:
    attack("""UPDATE golden SET body = '{"name":"Vier"}' WHERE name = 'Drei'""")
    assert faults(overridden, "values") == f"The name of {B} is said to be set by a steward, but nobody set it to that."


def test_a_scan_that_forgot_what_a_steward_set_is_told(overridden: Store, small: Any) -> None:
    small.scan(overridden, lambda stage: stage.put_golden(small.golden((B, "Three", 1))))
    assert faults(overridden, "values") == (f"The name of {B} is set by ann (decision 5), but another value is shown.")
