"""What holds for every two persons: symmetry, stability, numbers that agree, fields that are empty."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdm.match import encode_records, load_model
from mdm.match.compare import compare
from mdm.match.matching import Compared, compare_pairs
from mdm.records import STANDARD, conform
from mdm.standardise.persons import person_words, split_person

LISTS = {"name_tokens", "other_names", "phones", "emails", "domains", "identifiers", "invalid_identifiers"}
MODEL = load_model()
EXAMPLES = settings(max_examples=10, deadline=None)

NUMBERS = ["tax:NL:bsn:111222333", "tax:NL:bsn:123456782", "tax::294669991", "tax:US:294669991", "passport:C01X00T47"]


def maybe(values: list[str]) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), st.sampled_from(values))


def some(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True)


PERSON = st.fixed_dictionaries(
    {
        "given_name": maybe(["bob", "robert", "b", "mark", "mary", "marsha", "anna maria", "杰", "veltron"]),
        "family_name": maybe(["veltron", "veltrom", "veltron jr", "veltron sr", "zimara quartex", "bob"]),
        "birth_date": maybe(["1970-01-02", "1970-02-01", "1980-11-30"]),
        "street": maybe(["ring road", "rign road", "mill lane"]),
        "house_number": maybe(["1", "2"]),
        "postcode": maybe(["53111", "53112"]),
        "city": maybe(["bonn", "kiel"]),
        "country": maybe(["DE", "NL"]),
        "phones": some(["+4922812345678", "+4943112345678"]),
        "emails": some(["bob@veltron.de", "home@mail.example"]),
        "domains": some(["veltron.de"]),
        "identifiers": some(NUMBERS),
    }
)
PERSONS = st.lists(PERSON, min_size=2, max_size=6)

RESTS_ON = {
    "given_name": ("given_name", "family_name", "name_core"),
    "family_name": ("given_name", "family_name", "name_core"),
    "generation": ("given_name", "family_name", "name_core"),
    "born": ("birth_date",),
    "home": ("street", "house_number", "postcode", "city", "region"),
    "country": ("country",),
    "phone": ("phones",),
    "email": ("emails",),
    "web": ("domains",),
    "personal_number": ("identifiers",),
}
"""The fields that each comparison of persons rests on; without any of them it has nothing to compare."""


def standard_of(people: list[dict[str, Any]]) -> pl.DataFrame:
    rows = []
    for place, said in enumerate(people):
        row: dict[str, Any] = dict.fromkeys(STANDARD) | {name: [] for name in LISTS}
        row |= {"rid": place, "system": "crm", "key": f"{place:03}", "row_hash": "", "kind": "person"} | said
        words = [said.get(part) for part in ("given_name", "family_name") if said.get(part)]
        row["name_core"] = said.get("name_core", " ".join(words) or None)
        row["name_tokens"] = (row["name_core"] or "").split()
        rows.append(row)
    return conform(pl.DataFrame(rows, schema=dict(STANDARD)), STANDARD, "standard")


def compared(people: list[dict[str, Any]], left: np.ndarray, right: np.ndarray) -> Compared:
    return compare_pairs(encode_records(standard_of(people)), left.astype(np.int32), right.astype(np.int32))


def weight_of(pairs: Compared) -> np.ndarray:
    """The match weights in bits: the sum of what the levels weigh."""
    total = np.full(len(pairs.left), MODEL.person.prior_weight)
    for c in MODEL.person.comparisons:
        total += np.array([*(x.weight for x in c.levels), 0.0])[pairs.levels[c.name]]
    return total


def alike(one: Compared, other: Compared) -> bool:
    """Whether two comparisons found the same levels, vetoes and persons who are surely two."""
    levels = all((one.levels[name] == other.levels[name]).all() for name in one.levels)
    return bool(levels and (one.veto == other.veto).all() and (one.two == other.two).all())


@EXAMPLES
@given(PERSONS)
def test_swapping_two_persons_changes_nothing(people: list[dict[str, Any]]) -> None:
    left, right = np.triu_indices(len(people), 1)
    assert alike(compared(people, left, right), compared(people, right, left))


@EXAMPLES
@given(PERSONS, st.randoms(use_true_random=False))
def test_the_order_of_persons_changes_nothing(people: list[dict[str, Any]], chance: Any) -> None:
    left, right = np.triu_indices(len(people), 1)
    place = np.array(chance.sample(range(len(people)), len(people)))
    shuffled: list[dict[str, Any]] = [{} for _ in people]
    for at, said in zip(place, people, strict=True):
        shuffled[at] = said
    assert alike(compared(people, left, right), compared(shuffled, place[left], place[right]))


@pytest.mark.parametrize(
    "number", ["tax:NL:bsn:298471037", "passport:K77X00T41", "licence:B072RRE2I55", "tax:US:841723460"]
)
@EXAMPLES
@given(people=PERSONS)
def test_an_agreeing_number_of_two_persons_neither_lowers_their_weight_nor_holds_them_apart(
    number: str, people: list[dict[str, Any]]
) -> None:
    pair = np.array([0]), np.array([1])
    agreeing = [{**p, "identifiers": [*p["identifiers"], number]} if at < 2 else p for at, p in enumerate(people)]
    before, after = compared(people, *pair), compared(agreeing, *pair)
    assert weight_of(after)[0] >= weight_of(before)[0]
    assert not after.veto[0] or before.veto[0]


@pytest.mark.parametrize("comparison", RESTS_ON)
@EXAMPLES
@given(people=PERSONS)
def test_a_field_that_one_person_leaves_empty_is_no_disagreement(comparison: str, people: list[dict[str, Any]]) -> None:
    blank = {field: [] if field in LISTS else None for field in RESTS_ON[comparison]}
    encoded = encode_records(standard_of([{**people[0], **blank}, *people[1:]]))
    others = np.arange(1, len(people), dtype=np.int32)
    assert (compare(encoded, np.zeros_like(others), others)[comparison] == -1).all()


WORDS = st.lists(
    st.sampled_from(
        ["Dr.", "Prof", "von", "van", "der", "Jr.", "II", "Anna", "O'Neil", "Müller-Lüdenscheidt", ",", "王杰"]
    ),
    max_size=6,
).map(" ".join)
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=100, deadline=None)
@given(WORDS | ANY)
def test_the_words_of_a_persons_name_are_their_own_words(text: str) -> None:
    once = person_words(text)
    assert person_words(once) == once


@settings(max_examples=100, deadline=None)
@given((WORDS | ANY).map(lambda text: text.replace(",", " ")))
def test_a_persons_name_that_came_out_comes_out_again(text: str) -> None:
    once = split_person(text)
    assert split_person(once.whole).whole == once.whole
