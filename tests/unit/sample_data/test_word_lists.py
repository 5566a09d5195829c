"""The word lists of the countries: complete, text only, and without letters that a rule would trip over."""

from __future__ import annotations

import pytest

from sample_data.lists import load_countries

LISTS = ("cities", "streets", "legal", "sole", "trades", "given", "family", "sons", "holding", "sites", "departments")
COUNTRIES = [(str(facts["code"]), facts) for facts in load_countries().facts]


@pytest.mark.parametrize(("code", "facts"), COUNTRIES)
def test_every_entry_of_a_country_is_text(code: str, facts: dict[str, list[object]]) -> None:
    lists = (*LISTS, "root_first", "root_middle", "root_last")
    wrong = [entry for key in lists for entry in facts[key] if not isinstance(entry, str)]
    assert not wrong, f"{code}: YAML reads {wrong} as something else; put quotes around it"


@pytest.mark.parametrize(("code", "facts"), COUNTRIES)
def test_every_city_has_a_postcode_and_a_dialling_code(code: str, facts: dict[str, list[str]]) -> None:
    assert all(len(city.split("|")) >= 4 for city in facts["cities"]), code


def test_the_thirteen_large_countries_and_four_of_other_scripts_are_there() -> None:
    assert " ".join(code for code, _ in COUNTRIES) == "AT BG CH CN CZ DE DK ES FR GB GR IT JP NL PL SE US"
