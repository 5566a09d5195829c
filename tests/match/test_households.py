"""Whether a register holds households, by what its houses hold."""

from __future__ import annotations

import polars as pl

from mdm.match.households import LARGEST, ONLY_NAMES_DIFFER, holds_households

People = list[tuple[str, str, str | None, str]]
"""Given name, family name, birth date, house number."""

COLUMNS = ("given", "family", "birth_date", "house_number")
NAMES_DIFFER: People = [
    (given, f"family{house}", f"1960-03-{house:02}", str(house))
    for house in range(1, ONLY_NAMES_DIFFER + 1)
    for given in ("otto", "ines")
]
COUPLES: People = [
    (given, f"couple{house}", born, str(house))
    for house in range(1, 4)
    for given, born in (("ada", "1950-01-02"), ("kurt", "1951-06-19"))
]


def held(people: People) -> bool:
    frame = pl.DataFrame(people, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
    homes = frame.select("house_number", "birth_date", street=pl.lit("ring road"))
    return holds_households(homes, frame.select("given", "family"))


def test_a_register_of_which_nothing_is_known_may_hold_households() -> None:
    assert held([])


def test_a_register_where_only_given_names_differ_holds_none() -> None:
    assert not held(NAMES_DIFFER)


def test_a_few_such_pairs_say_nothing() -> None:
    assert held(NAMES_DIFFER[2:])


def test_couples_of_one_house_show_households() -> None:
    assert held([*NAMES_DIFFER, *COUPLES])


def test_without_birth_dates_nothing_is_told() -> None:
    assert held([(given, family, None, house) for given, family, _, house in NAMES_DIFFER])


def test_a_house_of_many_records_of_one_name_does_not_count() -> None:
    crowd: People = [
        (f"{chr(97 + n)}bel", "smith", f"19{40 + n}-0{1 + n % 9}-{10 + n}", "1") for n in range(LARGEST + 1)
    ]
    assert not held([*NAMES_DIFFER, *crowd])


def test_the_order_of_people_makes_no_difference() -> None:
    mixed = [*NAMES_DIFFER, *COUPLES]
    assert held(mixed) == held(mixed[::-1])
