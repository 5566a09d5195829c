"""Golden values by example, under the rules that ship with the tool."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from mdm.errors import SchemaMismatch
from mdm.records import CROSSWALK, MAPPED, STANDARD
from mdm.rulebook.stages import SurvivorshipRules
from mdm.survive import Golden, choose_golden

SHIPPED = Path(__file__).parents[3] / "rules" / "survivorship.yaml"
LONG = "Internationale Handelsgesellschaft für Maschinenbau mbH"


def shipped(*source_order: str) -> SurvivorshipRules:
    rules = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    return SurvivorshipRules.model_validate({**rules, "source_order": source_order})


def with_rules(attribute: str, *rules: str) -> SurvivorshipRules:
    """The shipped rules with other ones for an attribute that stands alone."""
    attributes = [
        {"attributes": r.attributes, "rules": rules if r.attributes == (attribute,) else r.rules}
        for r in shipped().attributes
    ]
    return SurvivorshipRules.model_validate({"attributes": attributes})


def golden(rows: list[dict[str, Any]], rules: SurvivorshipRules | None = None) -> Golden:
    """The golden record of one customer; `delivered` columns by role, `std_` columns for its match keys."""
    records = [{"system": "crm", "key": f"{n:03d}", "row_hash": "x", **row} for n, row in enumerate(rows)]
    records.sort(key=lambda r: (r["system"], r["key"]))
    standard = []
    for rid, row in enumerate(records):
        keys = {c: row.get(c) for c in ("name", "street", "postcode", "city", "country", "given_name", "family_name")}
        own = {c.removeprefix("std_"): v for c, v in row.items() if c.startswith("std_")}
        both = {c: row[c] for c in ("system", "key", "row_hash")}
        standard.append({"kind": "organisation", **keys, **both, "rid": rid, **own})
    crosswalk = [{**row, "master_id": "M-0000001-1"} for row in records]
    return choose_golden(
        _frame(crosswalk, CROSSWALK), _frame(records, MAPPED), _frame(standard, STANDARD), rules or shipped()
    )


def _frame(rows: list[dict[str, Any]], schema: Any) -> pl.DataFrame:
    return pl.DataFrame([{c: row.get(c) for c in schema} for row in rows], schema=dict(schema))


def value(found: Golden, attribute: str) -> Any:
    return found.golden[attribute][0]


def told(found: Golden, attribute: str) -> tuple[int | None, str | None]:
    return found.provenance[f"{attribute}_rid"][0], found.provenance[f"{attribute}_rule"][0]


def test_a_name_in_capitals_loses_even_against_a_majority() -> None:
    found = golden([{"name": "MUSTER HANDEL GMBH"}, {"name": "MUSTER HANDEL GMBH"}, {"name": "Muster Handel GmbH"}])
    assert value(found, "name") == "Muster Handel GmbH"
    assert told(found, "name") == (2, "well_written")


def test_a_short_name_in_capitals_is_the_name_itself() -> None:
    found = golden([{"name": "MVZ AG"}, {"name": "MVZ AG"}, {"name": "Mvz Ag"}])
    assert value(found, "name") == "MVZ AG"


def test_a_name_in_small_letters_loses() -> None:
    assert value(golden([{"name": "muster handel gmbh"}, {"name": "Muster GmbH"}]), "name") == "Muster GmbH"


@pytest.mark.parametrize("end", [35, 40])
def test_a_name_cut_off_at_the_end_of_a_field_loses(end: int) -> None:
    found = golden([{"name": LONG[:end]}, {"name": LONG[:end]}, {"name": LONG}])
    assert value(found, "name") == LONG


def test_a_placeholder_loses_against_any_other_name() -> None:
    found = golden([{"name": "Unknown Customer", "std_name": None}, {"name": "MUSTER HANDEL"}])
    assert value(found, "name") == "MUSTER HANDEL"
    assert told(found, "name") == (1, "valid")


def test_a_value_is_taken_even_if_it_is_in_doubt_where_there_is_no_other() -> None:
    found = golden([{"name": "xxx", "std_name": None}])
    assert told(found, "name") == (0, "only_value")


def test_an_invalid_identifier_loses_against_a_valid_one_however_frequent() -> None:
    wrong = {"vat": ["DE 000 000 001"], "std_invalid_identifiers": ["vat:DE000000001"]}
    right = {"vat": ["DE 136 695 976"], "std_identifiers": ["vat:DE136695976"]}
    found = golden([wrong, wrong, right])
    assert value(found, "vat") == "DE 136 695 976"
    assert told(found, "vat") == (2, "valid")


def test_an_identifier_we_cannot_check_stands_between_valid_and_invalid() -> None:
    wrong = {"tax_id": ["111111"], "std_invalid_identifiers": ["tax:DE:111111"]}
    unknown = {"tax_id": ["A-77"]}
    assert value(golden([wrong, unknown]), "tax_id") == "A-77"


def test_an_identifier_delivered_without_its_country_counts_as_valid() -> None:
    right = {"vat": ["136695976"], "std_identifiers": ["vat:DE136695976"]}
    assert told(golden([{"vat": ["999999999"]}, right]), "vat") == (1, "valid")


def test_of_several_values_of_a_record_the_one_with_a_match_key_is_chosen() -> None:
    found = golden([{"phone": ["-", "+49 30 901820"], "std_phones": ["+4930901820"]}, {"phone": ["0000"]}])
    assert value(found, "phone") == "+49 30 901820"


def test_an_email_that_standardisation_dropped_loses() -> None:
    kept = {"email": ["Info@Muster.example"], "std_emails": ["info@muster.example"]}
    found = golden([{"email": ["none@none.none"]}, {"email": ["none@none.none"]}, kept])
    assert value(found, "email") == "Info@Muster.example"


def test_a_website_counts_by_its_domain() -> None:
    kept = {"website": ["https://shop.muster.example/de"], "std_domains": ["muster.example"]}
    assert told(golden([{"website": ["http://n/a"]}, kept]), "website") == (1, "valid")


def test_an_address_comes_from_one_record_only() -> None:
    old = {
        "street": "Hauptstr. 1",
        "postcode": "10115",
        "city": "Berlin",
        "region": "BE",
        "std_changed_at": "2020-01-01",
    }
    new = {"street": "Marktplatz 9", "postcode": "80331", "city": "München", "std_changed_at": "2024-01-01"}
    found = golden([old, new])
    assert [value(found, a) for a in ("street", "postcode", "city", "region")] == [
        "Marktplatz 9",
        "80331",
        "München",
        None,
    ]
    assert told(found, "street") == (1, "most_recent")
    assert told(found, "region") == (None, None)


def test_an_incomplete_address_loses_against_a_complete_one_however_new() -> None:
    old = {"street": "Hauptstr. 1", "postcode": "10115", "city": "Berlin", "std_changed_at": "2020-01-01"}
    found = golden([old, {"country": "DE", "std_changed_at": "2024-01-01"}])
    assert value(found, "city") == "Berlin"
    assert told(found, "city") == (0, "complete")


def test_an_address_of_placeholders_is_incomplete() -> None:
    real = {"street": "Hauptstr. 1", "postcode": "10115", "city": "Berlin", "std_changed_at": "2020-01-01"}
    dots = {"street": "xxx", "postcode": "10115", "city": "N/A", "std_street": None, "std_city": None}
    assert told(golden([real, {**dots, "std_changed_at": "2024-01-01"}]), "street") == (0, "complete")


def test_a_whole_address_in_one_column_stands_as_street_where_nothing_better_is_known() -> None:
    found = golden([{"full_address": "Hauptstr. 1, 10115 Berlin"}])
    assert value(found, "street") == "Hauptstr. 1, 10115 Berlin"
    parts = {"street": "Hauptstr. 1", "postcode": "10115", "city": "Berlin"}
    assert value(golden([{"full_address": "Hauptstr. 1, 10115 Berlin"}, parts]), "street") == "Hauptstr. 1"


def test_a_legal_name_stands_as_name_where_there_is_no_other() -> None:
    assert value(golden([{"legal_name": "Muster GmbH", "std_name": "muster gmbh"}]), "name") == "Muster GmbH"


def test_given_and_family_name_never_come_from_two_records() -> None:
    found = golden([{"given_name": "Test", "family_name": "Muster"}, {"given_name": "Probe"}])
    assert (value(found, "given_name"), value(found, "family_name")) == ("Test", "Muster")


def test_most_recent_goes_by_the_time_of_change_and_none_is_oldest() -> None:
    rows = [
        {"legal_name": "A Ltd"},
        {"legal_name": "B Ltd", "std_changed_at": "2023-01-01"},
        {"legal_name": "C Ltd", "std_changed_at": "2022-12-31T23:00:00Z"},
    ]
    assert value(golden(rows, with_rules("legal_name", "most_recent")), "legal_name") == "B Ltd"


def test_most_frequent_counts_what_is_meant_and_then_how_it_is_spelt() -> None:
    rows = [{"duns": d} for d in ("150483782", "15-048-3782", "15-048-3782", "99", "99", "98")]
    assert value(golden(rows, with_rules("duns", "most_frequent")), "duns") == "15-048-3782"


def test_a_value_that_all_records_agree_on_has_beaten_no_other() -> None:
    rows = [{"name": "Muster GmbH", "std_changed_at": "2020-01-01"}, {"name": "Muster GmbH"}]
    assert told(golden(rows), "name") == (0, "only_value")


def test_the_rule_told_is_the_one_that_beat_another_value() -> None:
    rows = [{"duns": "1"}, {"duns": "2", "std_changed_at": "2024-01-01"}, {"duns": "2"}]
    assert told(golden(rows, with_rules("duns", "most_frequent", "most_recent")), "duns") == (1, "most_frequent")


def test_the_source_order_decides_where_it_is_given() -> None:
    rows = [{"system": "crm", "iban": ["A1"]}, {"system": "erp", "iban": ["B1"]}]
    assert told(golden(rows, shipped("erp", "crm")), "iban") == (1, "source_order")


def test_the_smallest_record_key_decides_at_last() -> None:
    rows = [{"legal_name": "Beta Ltd"}, {"legal_name": "Acme Ltd"}]
    assert told(golden(rows), "legal_name") == (0, "record_key")


def test_the_golden_record_counts_its_records_and_names_their_systems() -> None:
    found = golden([{"system": "erp", "name": "A"}, {"system": "crm", "name": "A"}, {"system": "erp", "name": "A"}])
    assert found.golden["records"].to_list() == [3]
    assert found.golden["systems"].to_list() == [["crm", "erp"]]


def test_the_kind_is_what_most_records_say() -> None:
    rows = [{"std_kind": "person", "name": "A"}, {"name": "A"}, {"name": "A"}]
    assert value(golden(rows), "kind") == "organisation"


def test_no_customers_give_no_golden_records() -> None:
    found = choose_golden(_frame([], CROSSWALK), _frame([], MAPPED), _frame([], STANDARD), shipped())
    assert found.golden.is_empty()
    assert found.provenance.is_empty()


def test_a_record_without_its_values_is_a_fault() -> None:
    crosswalk = _frame([{"system": "crm", "key": "1", "master_id": "M-0000001-1"}], CROSSWALK)
    with pytest.raises(SchemaMismatch, match="standard does not hold each record"):
        choose_golden(crosswalk, _frame([], MAPPED), _frame([], STANDARD), shipped())
