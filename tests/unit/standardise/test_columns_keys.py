"""Which column is the key."""

from __future__ import annotations

import polars as pl
import pytest

from mdm.standardise.columns import detect_roles

NUMBERS = [str(i) for i in range(10001, 10021)]


def key(table: dict[str, list[str]]) -> str:
    return detect_roles(pl.DataFrame(table)).key


@pytest.mark.parametrize(
    "header",
    [
        "Id",
        "KUNNR",
        "PARTY_ID",
        "CUST_ACCOUNT_ID",
        "accountid",
        "Debitor",
        "Kd.-Nr.",
        "Klantnummer",
        "No.",
        "hs_object_id",
        "Debitorennummer",
        "Kunden-Nr",
        "Customer No.",
        "N° client",
        "Código cliente",
        "Record ID",
        "Internal ID",
    ],
)
def test_a_unique_column_called_an_id_is_the_key(header: str) -> None:
    assert key({"City": ["Bonn"] * 20, header: NUMBERS}) == header


def test_a_column_called_an_id_that_repeats_is_not_the_key() -> None:
    assert key({"Customer No.": NUMBERS[:15] + NUMBERS[:5], "Name": NUMBERS}) == ""


def test_a_single_repeat_makes_a_key_less_sure() -> None:
    found = detect_roles(pl.DataFrame({"Customer No.": NUMBERS[:19] + NUMBERS[:1], "Name": NUMBERS}))
    assert (found.key, found.key_confidence < 0.7) == ("Customer No.", True)


def test_exact_copies_of_a_row_do_not_count_against_a_key() -> None:
    rows = [*NUMBERS, *NUMBERS[:5]]
    found = detect_roles(pl.DataFrame({"Customer No.": rows, "Name": rows}))
    assert (found.key, found.key_confidence > 0.9) == ("Customer No.", True)


def test_a_column_called_an_id_with_blanks_is_not_the_key() -> None:
    assert key({"Customer No.": [*NUMBERS[:18], "", " "], "Name": NUMBERS}) == ""


def test_one_blank_in_a_long_sheet_does_not_cost_the_key() -> None:
    assert key({"Customer No.": [str(i) for i in range(10_000, 10_500)] + [""]}) == "Customer No."


@pytest.mark.parametrize("header", ["Name", "Account Name", "E-Mail", "OwnerId", "VAT number", "Spalte", "ParentId"])
def test_a_unique_column_of_another_meaning_is_not_the_key(header: str) -> None:
    assert key({header: NUMBERS}) == ""


def test_without_a_key_the_confidence_is_zero() -> None:
    assert detect_roles(pl.DataFrame({"City": ["Bonn"]})).key_confidence == 0


def test_sap_client_and_number_are_the_key_together() -> None:
    assert key({"KUNNR": NUMBERS, "MANDT": ["100"] * 20}) == "MANDT+KUNNR"


def test_a_number_unique_only_within_a_company_is_joined_to_it() -> None:
    table = {"Kundennummer": NUMBERS[:10] * 2, "Buchungskreis": ["1000"] * 10 + ["2000"] * 10}
    assert key(table) == "Buchungskreis+Kundennummer"


def test_a_records_id_is_preferred_to_its_account_number() -> None:
    assert key({"AccountNumber": NUMBERS, "Id": NUMBERS}) == "Id"


def test_the_key_has_no_other_role_and_is_not_unknown() -> None:
    detected = detect_roles(pl.DataFrame({"Customer": NUMBERS, "Customer Name": ["Alpha Ltd"] * 20}))
    assert detected.key == "Customer"
    assert detected.unknown == ()


def test_house_numbers_that_happen_to_be_unique_are_not_the_key() -> None:
    streets = ["Musterweg", "Probeallee"] * 10
    assert key({"Straße": streets, "Nr.": [str(i) for i in range(1, 21)]}) == ""


def test_erpnext_calls_its_key_name() -> None:
    ids = [f"CUST-{n}" for n in NUMBERS]
    detected = detect_roles(pl.DataFrame({"name": ids, "customer_name": ["Alpha Ltd"] * 20, "naming_series": ids}))
    assert detected.key == "name"
    assert detected.columns["name"].columns == ("customer_name",)
