"""What holds for every pair of records, whatever they say."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdm.match import encode_records, find_candidates, load_model, score_candidates
from mdm.match.compare import LEVEL_LABELS, compare
from mdm.records import STANDARD, conform
from mdm.rulebook import MatchRules

WORDS = [
    "veltron",
    "zimara",
    "quartex",
    "bau",
    "logistik",
    "2",
    "maschinenb",
    "maschinenbau",
    "ag",
    "台泥",
    "taiwan",
    "cement",
]
LISTS = {"name_tokens", "other_names", "phones", "emails", "domains", "identifiers", "invalid_identifiers"}
MODEL = load_model()
EXAMPLES = settings(max_examples=30, deadline=None)


def maybe(values: list[str]) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), st.sampled_from(values))


def some(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True)


RECORD = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["organisation", "person"]),
        "name_tokens": st.lists(st.sampled_from(WORDS), max_size=4),
        "other_names": some(["zimara", "vq"]),
        "street": maybe(["hauptstrasse", "ring"]),
        "house_number": maybe(["1", "2"]),
        "postcode": maybe(["53111", "53112"]),
        "city": maybe(["bonn", "kiel"]),
        "country": maybe(["DE", "AT"]),
        "phones": some(["+4922812345678", "+4943112345678"]),
        "emails": some(["info@veltron.de"]),
        "domains": some(["veltron.de", "veltron.at"]),
        "identifiers": some(["vat:DE136695976", "vat:DE129273398", "lei:5299000J2N45DDNE4Y28"]),
        "birth_date": maybe(["1970-01-01", "1980-01-01"]),
        "legal_form": maybe(["gmbh", "ag"]),
        "given_name": maybe(["bob", "robert", "b", "anna maria", "杰", "veltron"]),
        "family_name": maybe(["veltron", "veltrom", "zimara jr", "zimara quartex", "bob"]),
    }
)
RECORDS = st.lists(RECORD, min_size=2, max_size=8)


def standard_of(records: list[dict[str, Any]]) -> pl.DataFrame:
    rows = []
    for place, given_ in enumerate(records):
        row: dict[str, Any] = dict.fromkeys(STANDARD) | {name: [] for name in LISTS}
        row |= {"rid": place, "system": "crm", "key": f"{place:03}", "row_hash": ""} | given_
        row["name_core"] = " ".join(row["name_tokens"]) or None
        rows.append(row)
    return conform(pl.DataFrame(rows, schema=dict(STANDARD)), STANDARD, "standard")


def all_pairs(count: int) -> tuple[np.ndarray, np.ndarray]:
    left, right = np.triu_indices(count, 1)
    return left.astype(np.int32), right.astype(np.int32)


def weigh(standard: pl.DataFrame) -> list[int]:
    left, right = all_pairs(standard.height)
    candidates = pl.DataFrame({"left": left, "right": right, "rules": np.ones(len(left), dtype=np.uint32)})
    found = score_candidates(encode_records(standard), candidates, MODEL, MatchRules(review_from=0.0))
    return [int(w) for w in found.evidence["weight"]]


@EXAMPLES
@given(RECORDS)
def test_swapping_two_records_changes_no_level(records: list[dict[str, Any]]) -> None:
    encoded = encode_records(standard_of(records))
    left, right = all_pairs(len(records))
    one, other = compare(encoded, left, right), compare(encoded, right, left)
    assert all((one[name] == other[name]).all() for name in LEVEL_LABELS)


@pytest.mark.parametrize("kind", ["organisation", "person"])
@EXAMPLES
@given(records=RECORDS)
def test_an_empty_record_is_never_a_disagreement(kind: str, records: list[dict[str, Any]]) -> None:
    encoded = encode_records(standard_of([{"kind": kind}, *records]))
    others = np.arange(1, len(records) + 1, dtype=np.int32)
    found = compare(encoded, np.zeros_like(others), others)
    assert all((levels == -1).all() for levels in found.values())


@pytest.mark.parametrize("kind", ["organisation", "person"])
@settings(max_examples=8, deadline=None)
@given(records=RECORDS)
def test_an_agreeing_valid_number_never_lowers_a_weight(kind: str, records: list[dict[str, Any]]) -> None:
    same = [{**r, "kind": kind, "identifiers": [x for x in r["identifiers"] if x[:3] != "lei"]} for r in records]
    agreeing = [
        {**r, "identifiers": [*r["identifiers"], "lei:529900T8BM49AURSDO55"]} if place < 2 else r
        for place, r in enumerate(same)
    ]
    assert weigh(standard_of(agreeing))[0] >= weigh(standard_of(same))[0]


@EXAMPLES
@given(RECORDS)
def test_pairs_are_each_found_once_and_share_something(records: list[dict[str, Any]]) -> None:
    with duckdb.connect() as connection:
        found = find_candidates(encode_records(standard_of(records)), connection, cap=50).candidates
    assert found.height == found.unique(["left", "right"]).height
    assert (found["left"] < found["right"]).all()
    assert (found["rules"] > 0).all()


@settings(max_examples=6, deadline=None)
@given(RECORDS, st.randoms(use_true_random=False))
def test_the_order_of_values_within_a_record_changes_no_weight(records: list[dict[str, Any]], chance: Any) -> None:
    turned = [
        {
            name: chance.sample(v, len(v)) if isinstance(v, list) and name != "name_tokens" else v
            for name, v in r.items()
        }
        for r in records
    ]
    assert weigh(standard_of(records)) == weigh(standard_of(turned))
