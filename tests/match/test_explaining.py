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
from mdm.match.compare import LEVEL_LABELS
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
    assert {*lowest["different"], "other name"} == {*highest["same"], "numbers"}
    assert lowest["same"] == highest["different"] == []
    missing = agreements([-1] * len(comparisons), MODEL.organisation)["missing"]
    assert set(missing) == set(lowest["different"]) - {"numbers", "birth date"}


PERSONS = {c.name: [x.label for x in c.levels] for c in MODEL.person.comparisons}


def person_levels(**found: str) -> list[int]:
    """The levels of two persons as a link has them."""
    return [PERSONS[name].index(found[name]) if name in found else -1 for name in LEVEL_LABELS]


@pytest.mark.parametrize(
    ("comparison", "title", "same", "similar", "different"),
    [
        (
            "given_name",
            "given name",
            {"the same", "the same, in the other field"},
            {"alike", "the same initial", "nearly the same", "another form of it"},
            {"different"},
        ),
        (
            "family_name",
            "family name",
            {"the same", "the same, and rare", "the same, a common name"},
            {"alike", "nearly the same", "the same in part"},
            {"different"},
        ),
        (
            "born",
            "birth date",
            {"the same", "the same, shared by many"},
            {"partly the same", "nearly the same"},
            {"different"},
        ),
        (
            "home",
            "address",
            {"the same house"},
            {"the same region", "the same town or postcode area", "the same postcode", "the same street"},
            {"different"},
        ),
        ("phone", "telephone", {"the same", "the same, shared by many"}, set(), {"different"}),
        (
            "personal_number",
            "identity or tax number",
            {"the same", "the same, shared by many", "the same, not verified"},
            {"nearly the same"},
            {"conflict", "different"},
        ),
    ],
)
def test_each_finding_of_persons_has_the_word_a_steward_would_use(
    comparison: str, title: str, same: set[str], similar: set[str], different: set[str]
) -> None:
    found: dict[str, set[str]] = {"same": set(), "similar": set(), "different": set(), "missing": set()}
    for label in PERSONS[comparison]:
        for word, titles in agreements(person_levels(**{comparison: label}), MODEL.person).items():
            if title in titles:
                found[word].add(label)
    assert found == {"same": same, "similar": similar, "different": different, "missing": set()}


def test_two_without_another_name_in_common_do_not_differ_in_it() -> None:
    found = agreements(person_levels(other_name="no other name in common"), MODEL.person)
    assert all("other name" not in titles for titles in found.values())
    assert agreements(person_levels(other_name="an other name in common"), MODEL.person)["similar"] == ["other name"]


def test_what_two_persons_do_not_say_is_missing_and_nothing_else_is() -> None:
    found = agreements(person_levels(given_name="the same"), MODEL.person)
    assert found["missing"] == [
        *("family name", "birth date", "address", "country", "telephone", "e-mail", "web site"),
        "identity or tax number",
    ]


def test_the_address_of_a_mailbox_is_no_name_of_a_person(make_standard: MakeStandard) -> None:
    names = {"domains": ["acme.example"], "other_names": ["annie smith"]}
    firm, person = compared_values(
        make_standard({"name": "acme", **names}, {"name": "anna smith", "kind": "person", **names})
    )
    assert firm["other name"] == "annie smith, acme (of its web address)"
    assert person["other name"] == "annie smith"


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
