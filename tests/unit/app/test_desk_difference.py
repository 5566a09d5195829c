"""Differences inside values, and verdicts over records side by side."""

from __future__ import annotations

import pytest

from mdm.app.desk_difference import mark
from mdm.app.desk_links import Link, holding
from mdm.app.desk_records import Delivered, compare_records
from mdm.records import RecordKey, SystemName


def shown(text: str, *against: str) -> str:
    return "".join(f"[{p.text}]" if p.differs else p.text for p in mark(text, against))


@pytest.mark.parametrize(
    ("text", "against", "expected"),
    [
        ("Nord GmbH", "Nord GmbH", "Nord GmbH"),
        ("NORD  GMBH", "Nord GmbH", "NORD  GMBH"),
        ("Nord GmbH", "Nord AG", "Nord [GmbH]"),
        ("Nord GmbH Werk Ost", "Nord GmbH", "Nord GmbH [Werk Ost]"),
        ("Messtechnik", "Messtechnk", "Messtechn[i]k"),
        ("Messtechnk", "Messtechnik", "Messtech[nk]"),
        ("Linz", "Wels", "[Linz]"),
        ("10115", "10117", "1011[5]"),
        ("", "Nord", ""),
    ],
)
def test_only_what_differs_is_marked(text: str, against: str, expected: str) -> None:
    assert shown(text, against) == expected


def test_a_value_that_one_of_the_others_equals_is_not_marked() -> None:
    assert shown("info@nord.example", "post@nord.example", "INFO@nord.example") == "info@nord.example"


def test_a_value_without_another_is_not_marked() -> None:
    assert shown("Nord") == "Nord"


def test_the_parts_of_a_value_are_the_whole_value() -> None:
    text = "Straße  12\u00a0b, Hinterhaus"
    assert "".join(p.text for p in mark(text, ["STRASSE 12 a"])) == text


def delivered(key: str, **values: object) -> Delivered:
    return Delivered("crm", key, values)


def test_roles_are_told_same_different_or_only_in_one() -> None:
    sheet = compare_records(
        [
            delivered("1", name="Nord", city="Linz", phone=["1", "2"], vat=["DE1"]),
            delivered("2", name="NORD", city="Wels", phone=["2"]),
        ]
    )
    assert {row.label: row.verdict for row in sheet.rows} == {
        "name": "same",
        "city": "differs",
        "telephone": "same",
        "VAT number": "only one",
    }


def test_when_a_record_was_changed_is_no_difference() -> None:
    sheet = compare_records([delivered("1", changed_at="2026"), delivered("2", changed_at="2025")])
    assert [(row.verdict, row.cells[0][0][0].differs) for row in sheet.rows] == [("", False)]


def test_without_a_golden_value_the_commonest_is_the_measure() -> None:
    sheet = compare_records([delivered("1", region="A"), delivered("2", region="B"), delivered("3", region="B")], {})
    assert [[p.differs for line in cell for p in line] for cell in sheet.rows[0].cells] == [[True], [False], [False]]


def key(text: str) -> RecordKey:
    return RecordKey(SystemName("s"), text)


def link(left: str, right: str, weight: float, band: str = "auto") -> Link:
    return Link(key(left), key(right), weight, 0.9, band, False, "", (), ())


def test_the_links_that_hold_a_customer_together_are_the_strongest_that_reach_all() -> None:
    links = [link("a", "b", 9), link("b", "c", 8), link("a", "c", 7), link("c", "d", 3), link("b", "d", 5, "review")]
    assert [(x.left.key, x.right.key) for x in holding(links)] == [("a", "b"), ("b", "c"), ("c", "d")]


@pytest.mark.parametrize(
    ("role", "one", "other", "verdict"),
    [
        ("name", "Müller Gesellschaft mbH", "MUELLER GmbH", "written otherwise"),
        ("name", "Arvmigon Ltd", "Arvmigon Limited", "written otherwise"),
        ("name", "Arvmigon Ltd", "Arvmigon Inc.", "differs"),
        ("house_number", "31 b", "31b", "written otherwise"),
        ("phone", "+49 30 / 12 34 56", "+4930123456", "written otherwise"),
        ("city", "Köln", "KÖLN", "same"),
        ("city", "Köln", "Bonn", "differs"),
    ],
)
def test_values_that_differ_in_writing_only_are_called_so(role: str, one: str, other: str, verdict: str) -> None:
    found = compare_records([Delivered("a", "1", {role: one}), Delivered("b", "2", {role: other})]).rows[0]
    assert found.verdict == verdict
    assert any(part.differs for cell in found.cells for line in cell for part in line) == (verdict == "differs")
