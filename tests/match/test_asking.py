"""Which pairs a person is asked about."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pytest

from mdm.match import Encoded, WeighedPairs, encode_records, find_candidates, load_model, weigh_pairs, worth_asking

NAMES = ["veltron bau", "veltron logistik", "zimara bau", "zimara", "quartex handel", "quartex"]


@pytest.fixture
def compared(make_standard: Any) -> tuple[Encoded, WeighedPairs]:
    """Sixty records of three systems with few names between them: some hundred pairs of all weights."""
    records = [
        {
            "system": ("crm", "erp", "shop")[n % 3],
            "key": f"{n:03}",
            "name": NAMES[n % 6],
            "city": ("bonn", "kiel", None)[n % 5 % 3],
            "phones": [f"+4922812345{n // 4:03}"] if n % 2 else [],
        }
        for n in range(60)
    ]
    encoded = encode_records(make_standard(*records))
    with duckdb.connect() as connection:
        found = find_candidates(encoded, connection, cap=50).candidates
    left, right = found["left"].to_numpy(), found["right"].to_numpy()
    return encoded, WeighedPairs(left, right, weigh_pairs(encoded, left, right, load_model()))


def none_answered(pairs: WeighedPairs) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return np.zeros(len(pairs.left), dtype=np.bool_)


def asked(compared: tuple[Encoded, WeighedPairs], count: int) -> list[int]:
    encoded, pairs = compared
    return worth_asking(encoded, pairs, none_answered(pairs), count=count)


def test_no_pair_is_asked_twice(compared: tuple[Encoded, WeighedPairs]) -> None:
    places = asked(compared, 100)
    assert len(set(places)) == len(places) == 100


def test_as_many_pairs_are_asked_as_there_are(compared: tuple[Encoded, WeighedPairs]) -> None:
    count = len(compared[1].left)
    assert sorted(asked(compared, count + 5)) == list(range(count))


def test_fewer_questions_are_the_first_of_more(compared: tuple[Encoded, WeighedPairs]) -> None:
    assert asked(compared, 30)[:10] == asked(compared, 10)


def test_an_answered_pair_is_not_asked_again(compared: tuple[Encoded, WeighedPairs]) -> None:
    encoded, pairs = compared
    first = asked(compared, 10)
    answered = none_answered(pairs)
    answered[first] = True
    assert not set(worth_asking(encoded, pairs, answered, count=10)) & set(first)


def test_what_was_answered_turns_the_next_questions_elsewhere(compared: tuple[Encoded, WeighedPairs]) -> None:
    encoded, pairs = compared
    answered = none_answered(pairs)
    answered[asked(compared, 5)] = True
    assert worth_asking(encoded, pairs, answered, count=5) == asked(compared, 10)[5:]


def test_questions_spread_over_levels_and_systems(compared: tuple[Encoded, WeighedPairs]) -> None:
    encoded, pairs = compared
    places = asked(compared, 12)
    patterns = np.stack(list(pairs.weighed.levels.values()), axis=1)
    systems = np.stack([encoded.system.codes[pairs.left], encoded.system.codes[pairs.right]], axis=1)
    assert len(np.unique(patterns[places], axis=0)) >= min(10, len(np.unique(patterns, axis=0)))
    assert len(np.unique(np.sort(systems[places]), axis=0)) == len(np.unique(np.sort(systems), axis=0))


def test_unsure_pairs_come_before_sure_ones(compared: tuple[Encoded, WeighedPairs]) -> None:
    weight = np.abs(compared[1].weighed.weight)
    assert np.median(weight[asked(compared, 10)]) < np.median(weight)


def test_a_record_and_its_parent_are_no_question(make_standard: Any) -> None:
    records = make_standard(
        {"key": "1", "name": "veltron bau", "city": "bonn"},
        {"key": "2", "name": "veltron bau", "city": "bonn", "parent_key": "1"},
    )
    encoded = encode_records(records)
    one, other = np.array([0], np.int32), np.array([1], np.int32)
    pairs = WeighedPairs(one, other, weigh_pairs(encoded, one, other, load_model()))
    assert worth_asking(encoded, pairs, none_answered(pairs), count=5) == []


def test_without_pairs_there_is_no_question(make_standard: Any) -> None:
    encoded = encode_records(make_standard({"name": "veltron"}))
    none = np.array([], np.int32)
    pairs = WeighedPairs(none, none, weigh_pairs(encoded, none, none, load_model()))
    assert worth_asking(encoded, pairs, none_answered(pairs), count=5) == []
