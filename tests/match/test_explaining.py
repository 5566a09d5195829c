"""Explaining one pair: its evidence, the keys both have, the words for what was found."""

from __future__ import annotations

import duckdb
import polars as pl
import pytest

from mdm.match import (
    agreements,
    compare_pair,
    compared_values,
    encode_records,
    find_candidates,
    heaviest,
    load_model,
    score_candidates,
)
from mdm.match.blocking import RULES
from mdm.rulebook import MatchRules
from tests.match.conftest import MakeStandard

CAP = 6
MODEL = load_model()
TOWNS = ("koln", "bonn", "trier")


@pytest.fixture
def standard(make_standard: MakeStandard) -> pl.DataFrame:
    """Thirty firms whose names share words, towns and telephones in many ways."""
    return make_standard(
        *(
            {
                "name": f"firma w{n % 7} v{n % 5}",
                "city": TOWNS[n % 3],
                "postcode": f"5{n % 4}000",
                "phones": [f"+49221555{n % 9:03}"] if n % 2 else [],
                "country": "DE",
            }
            for n in range(30)
        )
    )


def test_a_pair_is_explained_as_a_scan_finds_and_weighs_it(standard: pl.DataFrame) -> None:
    encoded = encode_records(standard)
    with duckdb.connect() as connection:
        candidates = find_candidates(encoded, connection, cap=CAP).candidates
    matched = score_candidates(encoded, candidates, MODEL, MatchRules())
    found = {
        (left, right): (weight, rules)
        for left, right, weight, rules in matched.evidence.select("left", "right", "weight")
        .hstack(candidates.select("rules"))
        .iter_rows()
    }
    seen = {True: 0, False: 0}
    for left in range(12):
        for right in range(left + 1, 30, 5):
            pair = compare_pair(encoded, (left, right), MODEL, cap=CAP)
            seen[pair.compared] += 1
            assert pair.compared == ((left, right) in found)
            if pair.compared:
                weight, bits = found[left, right]
                assert pair.weight == weight
                assert {k.rule for k in pair.keys if k.found} == {
                    r.name for at, r in enumerate(RULES) if bits >> at & 1
                }
    assert min(seen.values()) > 5


def test_a_pair_is_explained_the_same_from_both_sides(standard: pl.DataFrame) -> None:
    encoded = encode_records(standard)
    assert compare_pair(encoded, (3, 17), MODEL, cap=CAP) == compare_pair(encoded, (17, 3), MODEL, cap=CAP)


def test_a_key_of_too_many_records_is_told_with_its_numbers(standard: pl.DataFrame) -> None:
    pair = compare_pair(encode_records(standard), (0, 7), MODEL, cap=3)
    word = next(k for k in pair.keys if k.rule == "a rare word")
    assert (word.records, word.limit, word.found) == (5, 3, False)


def test_the_heaviest_of_several_pairs_is_found(standard: pl.DataFrame) -> None:
    encoded = encode_records(standard)
    rid = pl.Series([0, 0, 0], dtype=pl.Int32).to_numpy(), pl.Series([1, 2, 21], dtype=pl.Int32).to_numpy()
    weights = [compare_pair(encoded, (0, other), MODEL, cap=CAP).weight for other in (1, 2, 21)]
    assert heaviest(encoded, rid, MODEL) == weights.index(max(weights))


def test_every_comparison_has_a_word_for_its_outcome() -> None:
    comparisons = MODEL.organisation.comparisons
    lowest = agreements([0] * len(comparisons), MODEL.organisation)
    highest = agreements([len(c.levels) - 1 for c in comparisons], MODEL.organisation)
    assert set(lowest["different"]) == {*highest["same"], "numbers"}
    assert lowest["same"] == highest["different"] == []
    missing = agreements([-1] * len(comparisons), MODEL.organisation)["missing"]
    assert set(missing) == set(lowest["different"]) - {"other name", "numbers"}


def test_a_name_that_is_nearly_the_same_is_similar() -> None:
    levels = [-1] * len(MODEL.organisation.comparisons)
    levels[0] = next(x.level for x in MODEL.organisation.comparisons[0].levels if x.label.startswith("nearly"))
    assert agreements(levels, MODEL.organisation)["similar"] == ["name"]


def test_the_values_behind_a_comparison_are_those_it_looked_at(make_standard: MakeStandard) -> None:
    (values,) = compared_values(
        make_standard(
            {
                "name": "acme 7",
                "street": "ringstr",
                "house_number": "4",
                "postcode": "50667",
                "city": "koln",
                "invalid_identifiers": ["vat:DE1"],
            }
        )
    )
    assert values["place"] == "ringstr 4, 50667 koln"
    assert (values["name"], values["numbers"], values["telephone"]) == ("acme 7", "7", "")
    assert values["tax or register number"] == "vat:DE1 (not verified)"
