"""Differences inside values, and verdicts over records side by side."""

from __future__ import annotations

import polars as pl
import pytest

from mdm.app.desk_difference import mark
from mdm.app.desk_links import Link, holding
from mdm.app.desk_queue import behind, links_between, open_questions
from mdm.app.desk_records import Delivered, compare_records
from mdm.records import RecordKey, SystemName
from mdm.store import DECISIONS, STORED_LINKS


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


def stored(*rows: tuple[str, str, int, str]) -> pl.DataFrame:
    records = [
        {
            "system_l": "s",
            "key_l": a,
            "system_r": "s",
            "key_r": b,
            "weight": weight,
            "probability": 0.9,
            "band": band,
            "veto": False,
            "levels": [1],
        }
        for a, b, weight, band in rows
    ]
    return pl.DataFrame(records, schema=dict(STORED_LINKS))


CROSSWALK = pl.DataFrame({"system": "s", "key": list("abcde"), "master_id": ["1", "1", "2", "2", "3"]})
NONE = pl.DataFrame(schema=dict(DECISIONS))


def decided(left: str, right: str, kind: str, *, stands: bool = True) -> pl.DataFrame:
    row = {"id": 1, "kind": kind, "system_l": "s", "key_l": left, "system_r": "s", "key_r": right}
    return pl.DataFrame(
        [{**row, "author": "x", "at": "", "reason": "", "supersedes": None, "stands": stands}], DECISIONS
    )


LINKS = stored(("a", "b", 9, "auto"), ("a", "c", 5, "review"), ("b", "d", 7, "auto"), ("c", "e", 5, "review"))


def keys(frame: pl.DataFrame) -> list[tuple[str, str]]:
    return list(frame.select("key_l", "key_r").iter_rows())


def test_of_all_links_between_two_customers_the_strongest_is_the_question() -> None:
    assert keys(open_questions(links_between(LINKS, CROSSWALK, NONE), NONE)) == [("b", "d"), ("c", "e")]


@pytest.mark.parametrize("kind", ["match", "do_not_match"])
@pytest.mark.parametrize("pair", [("a", "c"), ("b", "d")])
def test_a_decision_on_any_link_answers_for_the_two_customers(pair: tuple[str, str], kind: str) -> None:
    assert keys(open_questions(links_between(LINKS, CROSSWALK, NONE), decided(*pair, kind))) == [("c", "e")]


def test_a_decision_answers_for_two_customers_though_no_link_is_left_between_its_records() -> None:
    decisions = decided("a", "d", "do_not_match")
    assert keys(open_questions(links_between(LINKS, CROSSWALK, decisions), decisions)) == [("c", "e")]


def test_a_decision_taken_back_answers_nothing() -> None:
    between = links_between(LINKS, CROSSWALK, NONE)
    for decisions in (decided("b", "d", "withdrawn"), decided("b", "d", "match", stands=False)):
        assert keys(open_questions(between, decisions)) == [("b", "d"), ("c", "e")]


def test_the_order_of_links_makes_no_difference() -> None:
    shuffled = links_between(LINKS.reverse(), CROSSWALK.reverse(), NONE)
    assert shuffled.links.equals(links_between(LINKS, CROSSWALK, NONE).links)


def test_behind_a_place_come_lighter_pairs_and_larger_keys() -> None:
    between = links_between(LINKS, CROSSWALK, NONE).links
    assert keys(behind(between, (7, "s", "b", "s", "d"))) == [("a", "c"), ("c", "e")]
    assert keys(behind(between, (5, "s", "a", "s", "c"))) == [("c", "e")]
    assert keys(behind(between, (5, "s", "b", "s", "z"))) == [("c", "e")]
    assert keys(behind(between, (5, "s", "c", "s", "e"))) == []
