"""The stage as a whole: MAPPED in, STANDARD out."""

from __future__ import annotations

import polars as pl
import pytest

from mdm.errors import SchemaMismatch
from mdm.records import MAPPED, STANDARD
from mdm.rulebook.stages import StandardiseRules
from mdm.standardise import standardise
from mdm.standardise.kinds import told_kind
from mdm.standardise.persons import split_person
from mdm.standardise.placeholders import placeholders


def _mapped(*rows: dict[str, object]) -> pl.DataFrame:
    filled = [{"system": "s", "key": str(n), "row_hash": "h", **row} for n, row in enumerate(rows)]
    return pl.DataFrame([{column: row.get(column) for column in MAPPED} for row in filled], schema=dict(MAPPED))


def _one(**values: object) -> dict[str, object]:
    row = standardise(_mapped(values), StandardiseRules(), {}).row(0, named=True)
    assert isinstance(row, dict)
    return row


def test_no_records_make_an_empty_standard_table() -> None:
    assert dict(standardise(_mapped(), StandardiseRules(), {}).schema) == dict(STANDARD)


def test_a_missing_column_is_told() -> None:
    with pytest.raises(SchemaMismatch):
        standardise(_mapped().drop("vat"), StandardiseRules(), {})


def test_records_are_sorted_by_system_then_key_in_code_point_order() -> None:
    rows: tuple[dict[str, object], ...] = (
        {"system": "b", "key": "1"},
        {"system": "a", "key": "2"},
        {"system": "a", "key": "10"},
        {"system": "B", "key": "é"},
    )
    standard = standardise(_mapped(*rows), StandardiseRules(), {})
    assert standard.select("rid", "system", "key").rows() == [
        (0, "B", "é"),
        (1, "a", "10"),
        (2, "a", "2"),
        (3, "b", "1"),
    ]


def test_an_empty_record_has_nulls_and_empty_lists() -> None:
    row = _one()
    texts = [
        c for c, dtype in STANDARD.items() if dtype == pl.String() and c not in {"system", "key", "row_hash", "kind"}
    ]
    assert all(row[c] is None for c in texts)
    assert all(row[c] == [] for c, dtype in STANDARD.items() if dtype == pl.List(pl.String()))


@pytest.mark.parametrize(
    "value",
    [
        "n/a",
        "TEST",
        "Unknown",
        "tbd",
        "-",
        "xxx",
        "dummy",
        "do not use",
        "kein Name",
        "sin nombre",
        "onbekend",
        "0000",
        "asdf",
        "Muster",
        "???",
    ],
)
def test_a_placeholder_is_null_in_every_key(value: str) -> None:
    row = _one(
        name=value,
        legal_name=value,
        other_name=[value],
        street=value,
        city=value,
        phone=[value],
        email=[value],
        website=[value],
        vat=[value],
        duns=value,
    )
    keys = [row[c] for c in STANDARD if c not in {"rid", "system", "key", "row_hash", "kind"}]
    assert all(key is None or key == [] for key in keys)


def test_a_placeholder_with_a_legal_form_is_null_as_a_name() -> None:
    assert _one(name="Test GmbH")["name_core"] is None


def test_placeholders_of_the_rules_are_null_too() -> None:
    rules = StandardiseRules(placeholders=("Sammelkonto",))
    assert standardise(_mapped({"name": "SAMMELKONTO GmbH"}), rules, {})["name_core"].to_list() == [None]


def test_three_equal_letters_are_a_company() -> None:
    assert _one(name="AAA Inc")["name_core"] == "aaa"


def test_a_record_without_a_name_is_called_by_its_legal_name() -> None:
    row = _one(name="n/a", legal_name="Huber GmbH")
    assert (row["name"], row["name_core"], row["legal_form"], row["other_names"]) == ("huber gmbh", "huber", "gmbh", [])


def test_legal_and_trade_names_are_further_names() -> None:
    row = _one(name="Acme (Zeta Works)", legal_name="Huber GmbH", other_name=["Müller & Co", "ACME"])
    assert row["other_names"] == ["huber", "muller", "zeta work"]


def test_the_country_of_the_system_reads_numbers_but_is_not_written_down() -> None:
    mapped = _mapped({"phone": ["089 1234567"], "vat": ["136695976"]})
    row = standardise(mapped, StandardiseRules(), {"s": "DE"}).row(0, named=True)
    assert (row["phones"], row["identifiers"], row["country"]) == (["+49891234567"], ["vat:DE136695976"], None)


def test_a_vat_number_that_fails_its_check_is_kept_apart() -> None:
    row = _one(vat=["US582167154"], country="United States")
    assert (row["identifiers"], row["invalid_identifiers"]) == ([], ["vat:US582167154"])


def test_domains_come_from_websites_and_e_mails_without_free_mail() -> None:
    row = _one(website=["http://www.acme.co.uk"], email=["a.huber@huber.de", "huber@gmail.com"])
    assert (row["domains"], row["emails"]) == (["acme.co.uk", "huber.de"], ["a.huber@huber.de", "huber@gmail.com"])


def test_an_address_in_one_field_fills_the_missing_parts_only() -> None:
    row = _one(full_address="Hauptstr. 7, 80331 München, Germany", city="Köln")
    assert (row["street"], row["house_number"], row["postcode"], row["city"], row["country"]) == (
        "hauptstr",
        "7",
        "80331",
        "cologne",
        "DE",
    )


def test_a_house_number_of_its_own_column_goes_first() -> None:
    row = _one(street="Straße des 17. Juni", house_number="135 A")
    assert (row["street"], row["house_number"]) == ("str des 17 juni", "135a")


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"name": "Huber"}, "organisation"),
        ({"name": "Anna Huber", "kind": "Individual"}, "person"),
        ({"name": "Anna Huber", "kind": "false"}, "person"),
        ({"name": "Huber", "kind": "ORGANIZATION", "birth_date": "1980-01-01"}, "organisation"),
        ({"name": "Anna Huber", "birth_date": "1980-01-01"}, "person"),
        ({"given_name": "Anna", "family_name": "Huber"}, "person"),
        ({"name": "Anna Huber", "family_name": "Huber"}, "person"),
        ({"name": "Huber GmbH", "given_name": "Anna", "family_name": "Huber"}, "organisation"),
        ({"name": "Acme", "given_name": "Anna", "family_name": "Huber"}, "organisation"),
        ({"name": "Acme", "kind": "CPD"}, "organisation"),
    ],
)
def test_the_kind_of_a_record(values: dict[str, object], kind: str) -> None:
    assert _one(**values)["kind"] == kind


def test_the_columns_of_a_flag_are_understood() -> None:
    assert (told_kind("PERSON"), told_kind("False"), told_kind("Company"), told_kind("0001")) == (
        "person",
        "person",
        "organisation",
        None,
    )


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Smith, John", ("john smith", "john", "smith")),
        ("Dr. Anna Meier", ("anna meier", "anna", "meier")),
        ("MR JOHN Q. SMITH JR.", ("john q smith jr", "john q", "smith jr")),
        ("Robert Smith, Senior", ("robert smith sr", "robert", "smith sr")),
        ("Sr. Juan Soto", ("juan soto", "juan", "soto")),
        ("Ludwig van Beethoven", ("ludwig van beethoven", "ludwig", "van beethoven")),
        ("Meier", ("meier", "", "")),
        ("张伟", ("张伟", "", "")),
    ],
)
def test_a_name_of_a_person_is_taken_apart(name: str, parts: tuple[str, str, str]) -> None:
    assert split_person(name) == parts


def test_a_person_is_named_given_then_family() -> None:
    row = _one(name="Smith, John", kind="PERSON", birth_date="12/11/1978")
    assert (row["name_core"], row["name_tokens"], row["given_name"], row["family_name"], row["birth_date"]) == (
        "john smith", ["john", "smith"], "john", "smith", "1978-12-11",
    )  # fmt: skip


def test_a_company_has_no_given_name() -> None:
    row = _one(name="Huber GmbH", given_name="Anna", family_name="Huber")
    assert (row["given_name"], row["family_name"]) == (None, None)


def test_a_word_of_the_list_hides_a_name_with_a_legal_form_but_a_value_does_not() -> None:
    hidden = placeholders()
    assert hidden.hides_core("dummy")
    assert not hidden.hides_core("private")
