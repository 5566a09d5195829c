"""What two persons are found to have in common, by examples a steward understands."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest

from mdm.match import encode_records, find_candidates, load_model, score_candidates
from mdm.match.compare import FIRM_LABELS, LEVEL_LABELS, PERSON_LABELS, compare
from mdm.match.families import only_names_agree
from mdm.match.matching import SURELY_TWO
from mdm.rulebook import MatchRules
from tests.match.conftest import MakeStandard

Person = dict[str, Any]

CROWD: list[Person] = [
    {"given_name": given, "family_name": family, "birth_date": f"19{40 + n}-0{1 + n % 9}-1{n % 9}", "city": "kiel"}
    for n, (given, family) in enumerate(
        (given, family) for given in ("ada", "otto", "ines", "paul") for family in ("smith", "smith", "moser", "kern")
    )
]
"""Sixteen people of whom half are called Smith: without them every name would be rare."""

ANNA: Person = {"given_name": "anna", "family_name": "smith"}
PLACE: Person = {"street": "ring road", "house_number": "5", "postcode": "53111", "city": "bonn"}


def levels_of(make_standard: MakeStandard, one: Person, other: Person) -> dict[str, str]:
    """The levels of two persons among the crowd, both ways round the same."""
    people = [{**p, "key": f"c{n:02}"} for n, p in enumerate(CROWD)]
    pair = [{**p, "key": key} for p, key in ((one, "a"), (other, "b"))]
    standard = make_standard(*(named({"kind": "person", **p}) for p in (*people, *pair)))
    left, right = (standard.filter(pl.col("key") == key)["rid"].to_numpy().astype(np.int32) for key in ("a", "b"))
    encoded = encode_records(standard)
    found, turned = compare(encoded, left, right), compare(encoded, right, left)
    assert all(found[name][0] == turned[name][0] for name in LEVEL_LABELS)
    return {n: LEVEL_LABELS[n][found[n][0]] if found[n][0] >= 0 else "missing" for n in LEVEL_LABELS}


def named(person: Person) -> Person:
    whole = " ".join(person[part] for part in ("given_name", "family_name") if person.get(part))
    return {"name": whole or None, **person}


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("bob", "robert", "another form of it"),
        ("kate", "catherine", "another form of it"),
        ("paco", "francisco", "another form of it"),
        ("sepp", "josef", "another form of it"),
        ("mhd", "mohamed", "another form of it"),
        ("b", "bob", "the same initial"),
        ("b", "robert", "the same initial"),
        ("xiu ying", "xiuying", "the same"),
        ("anna maria", "anna", "the same"),
        ("anna maria", "maria", "another form of it"),
        ("mikhayla", "mikhvyla", "nearly the same"),
        ("patrick", "patricia", "alike"),
        ("mark", "mary", "alike"),
        ("mark", "susan", "different"),
    ],
)
def test_a_given_name_is_known_in_its_forms(make_standard: MakeStandard, one: str, other: str, level: str) -> None:
    pair = {**ANNA, "given_name": one}, {**ANNA, "given_name": other}
    assert levels_of(make_standard, *pair)["given_name"] == level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("garski", "garsky", "nearly the same"),
        ("moonie", "mooney", "nearly the same"),
        ("thompson", "tompson", "nearly the same"),
        ("sanchez", "sanchez mendoza", "the same in part"),
        ("smith", "smith", "the same, a common name"),
        ("vanterpool", "vanterpool", "the same"),
        ("smith", "schmidt", "alike"),
        ("smith", "moser", "different"),
    ],
)
def test_a_family_name_may_be_said_alike_or_be_one_of_two(
    make_standard: MakeStandard, one: str, other: str, level: str
) -> None:
    pair = {"given_name": "ada", "family_name": one}, {"given_name": "ada", "family_name": other}
    assert levels_of(make_standard, *pair)["family_name"] == level


def test_names_in_each_others_field_are_found(make_standard: MakeStandard) -> None:
    found = levels_of(
        make_standard,
        {"given_name": "zelda", "family_name": "quirk"},
        {"given_name": "quirk", "family_name": "zelda"},
    )
    assert found["given_name"] == "the same, in the other field"
    assert found["family_name"].startswith("the same")


def test_swapped_fields_are_as_rare_from_either_side(make_standard: MakeStandard) -> None:
    """Only one part of the two is the same, and it is rare as a given name and common as a family name."""
    one, other = {"given_name": "smith", "family_name": "zelda"}, {"given_name": "zelta", "family_name": "smith"}
    assert levels_of(make_standard, one, other)["family_name"].startswith("the same")


def test_a_longer_name_holds_the_shorter_wherever_the_fields_divide_it(make_standard: MakeStandard) -> None:
    one = {"given_name": "susan", "family_name": "meyer"}
    found = levels_of(make_standard, one, {"given_name": "susan meyer", "family_name": "thomas"})
    assert (found["given_name"], found["family_name"]) == ("another form of it", "the same in part")


def test_a_missing_given_name_is_no_disagreement(make_standard: MakeStandard) -> None:
    assert levels_of(make_standard, ANNA, {"family_name": "smith"})["given_name"] == "missing"


def test_names_in_two_scripts_do_not_disagree(make_standard: MakeStandard) -> None:
    found = levels_of(make_standard, {"name": "王杰"}, {"given_name": "jie", "family_name": "wang"})
    assert (found["given_name"], found["family_name"]) == ("missing", "missing")


def test_junior_and_senior_are_two(make_standard: MakeStandard) -> None:
    found = levels_of(make_standard, {**ANNA, "family_name": "smith jr"}, {**ANNA, "family_name": "smith sr"})
    assert found["generation"] == "different"
    assert found["family_name"].startswith("the same")


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("1978-12-11", "1978-12-11", "the same"),
        ("1978-12-11", "1978-11-12", "nearly the same"),
        ("1978-12-11", "1979-12-11", "nearly the same"),
        ("1978-12-11", "1987-12-11", "nearly the same"),
        ("1978-12-11", "1978-12-25", "partly the same"),
        ("1978-12-11", "1979-11-12", "partly the same"),
        ("1978-12-11", "1956-03-27", "different"),
        ("1978-12-11", None, "missing"),
    ],
)
def test_a_birth_date_may_have_a_slip(make_standard: MakeStandard, one: str, other: str | None, level: str) -> None:
    assert levels_of(make_standard, {**ANNA, "birth_date": one}, {**ANNA, "birth_date": other})["born"] == level


def test_a_birth_date_of_many_is_a_default(make_standard: MakeStandard) -> None:
    people = [named({"kind": "person", **ANNA, "birth_date": "1970-01-01"}) for _ in range(9)]
    encoded = encode_records(make_standard(*people))
    pair = np.array([0], dtype=np.int32), np.array([1], dtype=np.int32)
    assert PERSON_LABELS["born"][compare(encoded, *pair)["born"][0]] == "the same, shared by many"


@pytest.mark.parametrize(
    ("other", "level"),
    [
        (PLACE, "the same house"),
        ({**PLACE, "street": "rign road", "postcode": "53117"}, "the same house"),
        ({**PLACE, "house_number": None}, "the same street"),
        ({**PLACE, "house_number": "7"}, "the same postcode"),
        ({"city": "bonn"}, "the same town or postcode area"),
        ({"street": "mill lane", "house_number": "5", "postcode": "24103", "city": "kiel"}, "different"),
        ({}, "missing"),
    ],
)
def test_an_address_is_one_piece_of_evidence(make_standard: MakeStandard, other: Person, level: str) -> None:
    assert levels_of(make_standard, {**ANNA, **PLACE}, {**ANNA, **other})["home"] == level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("tax:US:294669991", "tax:US:294669991", "the same"),
        ("tax:US:294669991", "tax:US:294669997", "nearly the same"),
        ("tax:US:294669991", "tax:US:294696991", "nearly the same"),
        ("tax:US:294669991", "tax:US:111317853", "different"),
        ("tax:US:294669991", "tax:DE:111317853", "missing"),
        ("tax:US:294669991", "tax::294669991", "the same"),
        ("vat:DE136695976", "vat:DE129273398", "conflict"),
        ("tax:NL:bsn:111222333", "tax:NL:bsn:123456782", "conflict"),
        ("tax:NL:bsn:111222333", "tax:NL:123456789", "missing"),
        ("tax:NL:bsn:111222333", "tax:PL:pesel:44051401359", "missing"),
        ("passport:C01X00T47", "passport:C01X00T47", "the same"),
        ("passport:C01X00T47", "passport:L99K31P02", "different"),
        ("passport:C01X00T47", "licence:C01X00T47", "missing"),
    ],
)
def test_numbers_of_one_kind_are_held_against_each_other(
    make_standard: MakeStandard, one: str, other: str, level: str
) -> None:
    pair = {**ANNA, "identifiers": [one]}, {**ANNA, "identifiers": [other]}
    assert levels_of(make_standard, *pair)["personal_number"] == level


def test_firms_may_have_two_numbers_that_look_like_a_persons(make_standard: MakeStandard) -> None:
    numbers = ["tax:NL:bsn:111222333"], ["tax:NL:bsn:123456782"]
    firms = make_standard(*({"name": "acme", "identifiers": mine} for mine in numbers))
    found = compare(encode_records(firms), np.array([0], dtype=np.int32), np.array([1], dtype=np.int32))
    assert found["identifier"][0] == -1


def test_two_persons_have_no_levels_of_firms_and_firms_none_of_persons(make_standard: MakeStandard) -> None:
    full = {**ANNA, **PLACE, "birth_date": "1978-12-11", "identifiers": ["tax:US:294669991"], "country": "US"}
    found = levels_of(make_standard, full, full)
    assert {found[name] for name in set(FIRM_LABELS) - set(PERSON_LABELS)} == {"missing"}
    firms = make_standard({"name": "acme", **PLACE}, {"name": "acme", **PLACE})
    levels = compare(encode_records(firms), np.array([0], dtype=np.int32), np.array([1], dtype=np.int32))
    assert all(levels[name][0] == -1 for name in set(PERSON_LABELS) - set(FIRM_LABELS))


def evidence_of(make_standard: MakeStandard, one: Person, other: Person, *beside: Person) -> pl.DataFrame:
    """What is known of a pair that blocking found, among the crowd and the people beside it."""
    people = [{"kind": "person", **p, "key": f"{n:02}"} for n, p in enumerate((one, other, *CROWD, *beside))]
    encoded = encode_records(make_standard(*map(named, people)))
    with duckdb.connect() as connection:
        candidates = find_candidates(encoded, connection, cap=50).candidates
    evidence = score_candidates(encoded, candidates, load_model(), MatchRules()).evidence
    return evidence.filter((pl.col("left") == 0) & (pl.col("right") == 1))


def banded(make_standard: MakeStandard, one: Person, other: Person) -> str:
    """Whether a pair found by blocking joins by itself: auto, or no."""
    return str(evidence_of(make_standard, one, other)["band"].item())


BOB: Person = {"given_name": "bob", "family_name": "vanterpool", "birth_date": "1978-12-11", **PLACE}


def test_a_short_form_and_a_turned_birth_date_still_join(make_standard: MakeStandard) -> None:
    assert banded(make_standard, BOB, {**BOB, "given_name": "robert", "birth_date": "1978-11-12"}) == "auto"


def test_husband_and_wife_are_not_joined(make_standard: MakeStandard) -> None:
    assert banded(make_standard, BOB, {**BOB, "given_name": "susan", "birth_date": "1979-05-02"}) == "no"


def test_father_and_son_of_one_name_go_to_a_person(make_standard: MakeStandard) -> None:
    assert banded(make_standard, BOB, {**BOB, "birth_date": "2001-05-02"}) == "no"


TWIN: Person = {**BOB, "given_name": "marsha", "phones": ["+4922812345678"], "emails": ["home@mail.example"]}


def test_twins_of_one_house_are_not_joined(make_standard: MakeStandard) -> None:
    assert banded(make_standard, TWIN, {**TWIN, "given_name": "mark"}) == "no"


def test_twins_with_names_a_letter_apart_are_not_joined(make_standard: MakeStandard) -> None:
    assert banded(make_standard, {**TWIN, "given_name": "mary"}, {**TWIN, "given_name": "mark"}) == "no"


@pytest.mark.parametrize("slip", ["mahrsa", "marhsa", "masha", "marsah", "m"])
def test_a_slip_in_the_given_name_still_joins(make_standard: MakeStandard, slip: str) -> None:
    assert banded(make_standard, TWIN, {**TWIN, "given_name": slip}) == "auto"


def test_a_number_in_common_outweighs_another_given_name(make_standard: MakeStandard) -> None:
    number = {"identifiers": ["tax:US:294669991"]}
    assert banded(make_standard, {**TWIN, **number}, {**TWIN, **number, "given_name": "mark"}) == "auto"


@pytest.mark.parametrize(
    "other",
    [
        {**TWIN, "given_name": "mark"},
        {**TWIN, "birth_date": "2001-05-02"},
        {**TWIN, "family_name": "vanterpool jr"},
    ],
    ids=["twins", "parent and child", "junior and senior"],
)
def test_two_of_a_family_speak_against_each_other_in_clusters(make_standard: MakeStandard, other: Person) -> None:
    one = {**TWIN, "family_name": "vanterpool sr"} if other["family_name"].endswith("jr") else TWIN
    assert evidence_of(make_standard, one, other)["weight"].item() <= SURELY_TWO


def test_another_given_name_is_a_slip_where_nobody_shares_a_house(make_standard: MakeStandard) -> None:
    pairs = [
        {**BOB, "given_name": given, "family_name": f"family{n}", "house_number": str(n), "birth_date": f"1950-01-{n}"}
        for n in range(10, 25)
        for given in ("otto", "ines")
    ]
    assert evidence_of(make_standard, TWIN, {**TWIN, "given_name": "mark"}, *pairs)["band"].item() == "auto"


def test_a_number_in_common_outweighs_another_birth_date(make_standard: MakeStandard) -> None:
    number = {"identifiers": ["tax:US:294669991"]}
    assert banded(make_standard, {**BOB, **number}, {**BOB, **number, "birth_date": "2001-05-02"}) == "auto"


def test_a_common_name_alone_joins_nobody() -> None:
    levels = {name: np.full(2, -1, dtype=np.int8) for name in LEVEL_LABELS}
    levels["given_name"][:] = PERSON_LABELS["given_name"].index("the same")
    levels["family_name"][:] = [PERSON_LABELS["family_name"].index(x) for x in ("the same", "the same, and rare")]
    assert only_names_agree(levels).tolist() == [True, False]


@pytest.mark.parametrize(
    "other",
    [
        {"given_name": "vanterpool", "family_name": "bop"},
        {"given_name": "bohb", "family_name": "vanderpoll", "birth_date": "1978-11-12"},
        {"given_name": "rob", "family_name": "wanterpool", "postcode": "53111"},
    ],
    ids=["swapped and mistyped", "mistyped and turned", "in one postcode"],
)
def test_a_person_with_slips_in_several_fields_is_found(make_standard: MakeStandard, other: Person) -> None:
    people = [{"kind": "person", **p, "key": f"{n:02}"} for n, p in enumerate((BOB, other, *CROWD))]
    encoded = encode_records(make_standard(*map(named, people)))
    with duckdb.connect() as connection:
        found = find_candidates(encoded, connection, cap=50).candidates
    assert (0, 1) in set(found.select("left", "right").iter_rows())
