"""What a steward may set as a golden value."""

from __future__ import annotations

import pytest

from mdm.app.golden_values import checked_value, parse_field
from mdm.errors import SettingsInvalid
from mdm.rulebook.stages import StandardiseRules
from tests.ui import project

RULES = StandardiseRules()


def test_a_field_is_named_as_people_write_it() -> None:
    assert parse_field("Legal name") == "legal_name"


def test_a_field_that_is_none_is_refused_with_those_there_are() -> None:
    with pytest.raises(SettingsInvalid) as refused:
        parse_field("shoe_size")
    assert "legal_name" in refused.value.next_step


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " Nordlicht GmbH "),
        ("country", "Germany"),
        ("birth_date", "1980-01-31"),
        ("phone", "030 123456"),
        ("email", "post@firma.example"),
        ("vat", project.vat(7)),
        ("city", "O'Fallon"),
    ],
)
def test_a_value_of_the_form_of_its_field_is_taken_trimmed(field: str, value: str) -> None:
    assert checked_value(field, value, "DE", RULES) == value.strip()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "  "),
        ("name", "two\nlines"),
        ("name", "x" * 1_001),
        ("country", "Atlantis"),
        ("birth_date", "31.31.1980"),
        ("phone", "none"),
        ("email", "nobody"),
        ("vat", "DE123456789"),
        ("lei", "529900T8BM49AURSDO00"),
    ],
)
def test_a_value_of_another_form_is_refused(field: str, value: str) -> None:
    with pytest.raises(SettingsInvalid):
        checked_value(field, value, "DE", RULES)
