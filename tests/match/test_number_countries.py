"""Numbers that name no country take the only one there is."""

from __future__ import annotations

import polars as pl
import pytest

from mdm.match.number_countries import with_countries


def told(*numbers: list[str] | None) -> list[list[str] | None]:
    return with_countries(pl.Series("identifiers", numbers, dtype=pl.List(pl.String))).to_list()


@pytest.mark.parametrize("known", ["tax:NL:111222333", "tax:NL:bsn:111222333"])
def test_a_number_takes_the_only_country_in_which_anybody_has_it(known: str) -> None:
    assert told(["tax::111222333"], [known]) == [[known], [known]]


def test_a_number_of_two_countries_stays_without_one() -> None:
    numbers = ["tax::111222333"], ["tax:NL:111222333"], ["tax:DE:111222333"]
    assert told(*numbers) == list(numbers)


def test_numbers_of_another_kind_say_nothing() -> None:
    numbers = ["tax::111222333"], ["reg:NL:111222333"], ["passport:111222333"]
    assert told(*numbers) == list(numbers)


def test_records_keep_their_places_and_their_other_numbers() -> None:
    found = told(None, ["lei:5299000J2N45DDNE4Y28", "tax::1234567"], [], ["tax:US:1234567"])
    assert [sorted(x or []) for x in found] == [
        [],
        ["lei:5299000J2N45DDNE4Y28", "tax:US:1234567"],
        [],
        ["tax:US:1234567"],
    ]
