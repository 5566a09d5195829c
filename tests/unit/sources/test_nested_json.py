"""Objects within JSON lines become dotted columns, as exports of CRM systems and answers of OData need it."""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from mdm.standardise import detect_roles

COMPANIES = [
    {
        "id": str(n),
        "properties": {
            "name": f"Arvmigon {n} GmbH",
            "phone": f"+49 30 1234{n:03}",
            "city": "Berlin",
            "zip": f"10{n:03}",
        },
    }
    for n in range(40)
]


def test_the_members_of_an_object_within_are_dotted_columns(work: Any) -> None:
    landed = work.land('{"id": "1", "address": {"city": "Bonn", "geo": {"zip": "053"}}}\n', name="c.jsonl")
    assert work.values(landed) == [{"id": "1", "address.city": "Bonn", "address.geo.zip": "053"}]


def test_a_number_within_an_object_stays_as_it_is_written(work: Any) -> None:
    landed = work.land('{"id": "1", "a": {"credit": 1.500, "blocked": false}}\n', name="c.jsonl")
    assert work.values(landed) == [{"id": "1", "a.credit": "1.500", "a.blocked": "false"}]


def test_a_list_stays_json_text(work: Any) -> None:
    landed = work.land('{"id": "1", "a": {"mails": [{"to": "x"}, 1.50]}}\n', name="c.jsonl")
    assert work.values(landed) == [{"id": "1", "a.mails": '[{"to":"x"},1.50]'}]


def test_an_empty_object_says_nothing(work: Any) -> None:
    assert work.values(work.land('{"id": "1", "a": {}}\n', name="c.jsonl")) == [{"id": "1"}]


def test_a_dotted_name_and_an_object_that_give_one_column_are_quarantined(work: Any) -> None:
    good = "".join(f'{{"id": "{n}"}}\n' for n in range(3))
    landed = work.land(f'{good}{{"id": "x", "a.b": "1", "a": {{"b": "2"}}}}\n', name="c.jsonl")
    assert landed.quarantine["record_number"].to_list() == [4]
    assert "a name stands twice" in landed.quarantine["reason"][0]


def test_a_flat_line_with_dotted_names_has_the_row_hash_of_the_nested_one(work: Any) -> None:
    nested = work.land('{"id": "1", "a": {"b": "2"}}\n', name="c.jsonl")
    flat = work.land('{"id": "1", "a.b": "2"}\n', name="d.jsonl")
    assert nested.index["row_hash"].to_list() == flat.index["row_hash"].to_list()


def test_columns_within_an_object_are_known_by_their_last_part(work: Any) -> None:
    landed = work.land("".join(json.dumps(row) + "\n" for row in COMPANIES), name="c.jsonl")
    found = detect_roles(pl.DataFrame(work.values(landed)))
    assert found.key == "id"
    assert {role: rule.columns for role, rule in found.columns.items()} == {
        "name": ("properties.name",),
        "phone": ("properties.phone",),
        "city": ("properties.city",),
        "postcode": ("properties.zip",),
    }
