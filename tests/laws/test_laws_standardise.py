"""Laws of cleaning: twice is once, nothing raises, the order of rows makes no difference."""

# ruff: noqa: RUF001 (letters of other scripts that look Latin are what is tested)

from __future__ import annotations

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mdm.records import MAPPED, STANDARD
from mdm.rulebook.stages import StandardiseRules
from mdm.standardise.countries import country_code
from mdm.standardise.dates import birth_dates, iso_times
from mdm.standardise.domains import domain_keys, host_of, shared_domains
from mdm.standardise.emails import email_keys
from mdm.standardise.form_tables import latin_forms
from mdm.standardise.full_address import split_address
from mdm.standardise.identifiers import (
    document_identifier,
    duns_identifier,
    iban_identifier,
    lei_identifier,
    register_identifier,
    tax_identifier,
    vat_identifier,
)
from mdm.standardise.name_words import name_word_table
from mdm.standardise.names import core_tokens, split_name
from mdm.standardise.persons import split_person
from mdm.standardise.phones import phone_keys
from mdm.standardise.placeholders import placeholders
from mdm.standardise.places import fold_city
from mdm.standardise.postcodes import postcode_keys
from mdm.standardise.stage import standardise
from mdm.standardise.streets import fold_house_number, split_street
from mdm.standardise.text import fold_text

ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
_PIECES = [
    *sorted(latin_forms().end)[::7],
    *sorted(latin_forms().start),
    *sorted(name_word_table().words)[::9],
    *[
        "A",
        "B",
        "C",
        "d",
        "l",
        "o",
        "y",
        "&",
        "and",
        "+",
        "the",
        "The",
        "-",
        ",",
        ".",
        "/",
        "(",
        ")",
        "'",
        "GmbH",
        "AG",
        "Co.",
        "KG",
        "S.p.A.",
        "A/S",
        "c/o",
        "t/a",
        "dba",
        "formerly",
        "vormals",
        "Abt.",
        "Einkauf",
        "ex",
    ],
    *[
        "Müller",
        "Mueller",
        "Straße",
        "株式会社",
        "トヨタ",
        "有限公司",
        "ООО",
        "АЕ",
        "ΑΕ",
        "شركة",
        "Ørsted",
        "İ",
        "ae",
        "oe",
        "ue",
        "aa",
        "3",
        "12",
        "12a",
        "St",
        "Dr",
        "N",
        "ul.",
        "c",
        "PO",
        "Box",
        "str",
        "Highway",
    ],
    "(株)",
    "Suite 5",
    "do not use",
    "Class A",
]
NAMES = st.lists(st.sampled_from(_PIECES) | ANY, max_size=7).map(" ".join)
COUNTRY = st.sampled_from([None, "DE", "US", "GB", "FR", "BR", "IT", "CH", "NL", "JP"])
QUICK = settings(max_examples=150, deadline=None)


@QUICK
@given(NAMES)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)


@QUICK
@given(ANY)
def test_folded_text_holds_small_letters_and_single_blanks_only(text: str) -> None:
    folded = fold_text(text)
    assert folded == " ".join(folded.split())
    assert all(c.isalnum() or c == " " for c in folded)
    assert not any("A" <= c <= "Z" for c in folded)


@QUICK
@given(NAMES)
@example("a b werke")
def test_the_core_of_a_core_is_itself(text: str) -> None:
    core = split_name(text).core
    assert split_name(core).core == core


@QUICK
@given(NAMES)
def test_a_name_that_folds_to_something_has_a_core(text: str) -> None:
    parts = split_name(text)
    assert bool(parts.core) == bool(fold_text(text))


@QUICK
@given(NAMES)
def test_further_names_differ_from_the_core_and_are_not_empty(text: str) -> None:
    parts = split_name(text)
    assert parts.core not in parts.others
    assert all(parts.others)


@QUICK
@given(NAMES)
def test_the_words_of_a_core_are_never_blank(text: str) -> None:
    core = split_name(text).core
    tokens = core_tokens(core)
    assert bool(tokens) == bool(core)
    assert all(token and " " not in token for token in tokens)


@QUICK
@given(NAMES)
def test_splitting_the_street_that_came_out_changes_nothing(text: str) -> None:
    street = split_street(text).street
    assert split_street(street).street == street


@QUICK
@given(ANY)
def test_a_house_number_is_stable(text: str) -> None:
    number = fold_house_number(text)
    assert fold_house_number(number) == number


@QUICK
@given(NAMES)
def test_folding_a_city_twice_is_folding_it_once(text: str) -> None:
    assert fold_city(fold_city(text)) == fold_city(text)


@settings(max_examples=80, deadline=None)
@given(ANY, COUNTRY)
def test_no_text_makes_a_reader_raise(text: str, country: str | None) -> None:
    split_person(text)
    split_address(text, country)
    country_code(text)
    for read in (vat_identifier, tax_identifier, register_identifier):
        read(text, country)
    for check in (lei_identifier, duns_identifier, iban_identifier):
        check(text)
    document_identifier("passport", text)
    series = pl.Series("value", [text])
    birth_dates(series)
    iso_times(series)
    email_keys(series)
    domain_keys(series.to_frame().select(host_of(pl.col("value"))).to_series(), shared_domains())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.text("0123456789+-() /.ext", max_size=18) | ANY, COUNTRY), min_size=1, max_size=20))
@example([("00000000", "BR")])
@example([("0000000012", "BR")])
def test_a_phone_key_is_its_own_key(rows: list[tuple[str, str | None]]) -> None:
    schema = {"phone": pl.String, "region": pl.String}
    once = phone_keys(pl.DataFrame(rows, schema=schema, orient="row"))
    again = phone_keys(pl.DataFrame({"phone": once, "region": [r for _, r in rows]}, schema=schema))
    international = once.str.starts_with("+").fill_null(value=False)
    assert once.filter(international).to_list() == again.filter(international).to_list()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(ANY | st.from_regex(r"[A-Z]{0,2}-?\d{3,9}", fullmatch=True), COUNTRY), min_size=1, max_size=20)
)
def test_a_postcode_key_is_its_own_key(rows: list[tuple[str, str | None]]) -> None:
    schema = {"postcode": pl.String, "country": pl.String}
    once = postcode_keys(pl.DataFrame(rows, schema=schema, orient="row"))
    again = postcode_keys(pl.DataFrame({"postcode": once, "country": [c for _, c in rows]}, schema=schema))
    assert again.to_list() == once.to_list()


@QUICK
@given(st.sampled_from(sorted(placeholders().words)))
def test_a_placeholder_is_hidden_in_any_case(word: str) -> None:
    hidden = placeholders()
    assert hidden.hides(fold_text(word.upper()))
    assert hidden.hides(fold_text(f" {word.title()}. "))


def _mapped(rows: list[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame([{column: row.get(column) for column in MAPPED} for row in rows], schema=dict(MAPPED))


TEXT = st.none() | NAMES
TEXTS = st.none() | st.lists(ANY.filter(bool), max_size=3)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            column: (TEXTS if column in {"other_name", "phone", "email", "website", "vat", "tax_id", "iban"} else TEXT)
            for column in MAPPED
            if column not in {"system", "key", "row_hash"}
        }
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=30, deadline=None)
@given(ROWS, st.randoms())
def test_any_records_make_a_standard_table_whatever_their_order(rows: list[dict[str, object]], chance: object) -> None:
    keyed = [{**row, "system": f"s{i % 2}", "key": str(i), "row_hash": "h"} for i, row in enumerate(rows)]
    shuffled = list(keyed)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    once = standardise(_mapped(keyed), StandardiseRules(), {"s0": "DE"})
    again = standardise(_mapped(shuffled), StandardiseRules(), {"s0": "DE"})
    assert dict(once.schema) == dict(STANDARD)
    assert once.equals(again)
    assert once["rid"].to_list() == list(range(len(rows)))
    assert once.filter(pl.col("name").is_not_null() & pl.col("name_core").is_null()).is_empty()
