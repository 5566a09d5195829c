"""The mapping as a person types and reads it."""

from __future__ import annotations

import polars as pl
import pytest

from mdm.errors import SettingsInvalid
from mdm.records import ROLES
from mdm.rulebook.source import RoleRule
from mdm.standardise.columns import describe, detect_roles, parse_map_option


@pytest.mark.parametrize(
    ("text", "system", "role", "columns"),
    [
        ("name=NAME1+NAME2", None, "name", ("NAME1+NAME2",)),
        ("phone=TELF1,TELF2", None, "phone", ("TELF1", "TELF2")),
        ("sap:name=NAME1", "sap", "name", ("NAME1",)),
        (" sap : city = Ort / Stadt ", "sap", "city", ("Ort / Stadt",)),
        ("city=Ort=Stadt", None, "city", ("Ort=Stadt",)),
    ],
)
def test_a_map_option_is_read(text: str, system: str | None, role: str, columns: tuple[str, ...]) -> None:
    found_system, found_role, rule = parse_map_option(text)
    assert (found_system, found_role, rule.columns) == (system, role, columns)


def test_what_a_person_says_is_sure() -> None:
    assert parse_map_option("name=A")[2].confidence == 1.0


@pytest.mark.parametrize("text", ["", "name", "name=", "name=A,", "name=A++B", "nmae=A", "=A", ":name=A", "sap:=A"])
def test_a_map_option_that_is_not_understood_is_refused_with_the_roles(text: str) -> None:
    with pytest.raises(SettingsInvalid, match=f"The roles are {', '.join(ROLES)}"):
        parse_map_option(text)


def test_a_mapping_is_described_in_the_order_of_the_roles() -> None:
    detected = detect_roles(pl.DataFrame({"Tel": ["+49 30 1234567"], "Ort": ["Bonn"], "Firma": ["Alpha GmbH"]}))
    assert [row[:2] for row in describe(detected)] == [("name", "Firma"), ("city", "Ort"), ("phone", "Tel")]


def test_a_mapping_changed_by_a_person_is_described_as_it_is_used() -> None:
    detected = detect_roles(pl.DataFrame({"Ort": ["Bonn"]}))
    rows = describe(detected, {"city": RoleRule(columns=("Stadt",), why="set by --map")})
    assert rows == [("city", "Stadt", 1.0, "set by --map")]
