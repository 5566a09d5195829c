"""The mapping of the labelled sets beside the repository is the one an expert would choose."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from mdm.standardise.columns import detect_roles

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the labelled sets are not part of the repository")

EXPECTED: dict[str, dict[str, list[str]]] = {
    "listed_companies_dev": {
        "name": ["name"],
        "other_name": ["name_short"],
        "country": ["country"],
        "region": ["state"],
        "city": ["city"],
        "postcode": ["zipcode"],
        "website": ["website"],
    },
    "crm_erp_reskin_dev": {
        "name": ["NAME1+NAME2", "Name"],
        "city": ["ORT01", "BillingCity"],
        "postcode": ["PSTLZ", "BillingPostalCode"],
        "region": ["BillingState", "REGIO"],
        "country": ["LAND1", "BillingCountry"],
        "vat": ["STCEG", "Tax_ID__c"],
        "website": ["Website"],
    },
    "chicago_childcare": {
        "name": ["Site name"],
        "street": ["Address"],
        "postcode": ["Zip"],
        "phone": ["Phone"],
        "fax": ["Fax"],
        "email": ["Purple binder service type"],
        "website": ["Website"],
    },
    "crossscript_tw_dev": {
        "name": ["name"],
        "country": ["country"],
        "city": ["city"],
        "postcode": ["zipcode"],
        "website": ["website"],
    },
    "febrl3_people": {
        "name": ["name"],
        "given_name": ["given_name"],
        "family_name": ["surname"],
        "birth_date": ["date_of_birth"],
        "street": ["address_1"],
        "house_number": ["street_number"],
        "address_extra": ["address_2"],
        "postcode": ["postcode"],
        "city": ["suburb"],
        "region": ["state"],
        "tax_id": ["soc_sec_id"],
    },
    "senzing_truthset": {
        "name": ["PRIMARY_NAME_ORG", "name"],
        "other_name": ["NATIVE_NAME_FULL", "SECONDARY_NAME_ORG"],
        "given_name": ["PRIMARY_NAME_FIRST"],
        "family_name": ["PRIMARY_NAME_LAST"],
        "birth_date": ["DATE_OF_BIRTH"],
        "kind": ["RECORD_TYPE"],
        "full_address": ["ADDR_FULL"],
        "street": ["ADDR_LINE1"],
        "postcode": ["ADDR_POSTAL_CODE"],
        "city": ["ADDR_CITY"],
        "region": ["ADDR_STATE"],
        "country": ["ADDR_COUNTRY"],
        "phone": ["PHONE_NUMBER"],
        "email": ["EMAIL_ADDRESS"],
        "tax_id": ["SSN_NUMBER", "NATIONAL_ID_NUMBER", "TAX_ID_NUMBER"],
        "lei": ["LEI_NUMBER"],
        "passport": ["PASSPORT_NUMBER"],
        "driving_licence": ["DRIVERS_LICENSE_NUMBER"],
    },
    "adventureworks_northwind": {
        "name": ["Name"],
        "street": ["AddressLine1"],
        "address_extra": ["AddressLine2"],
        "postcode": ["PostalCode"],
        "city": ["City"],
        "region": ["StateProvince"],
        "country": ["CountryRegionCode"],
        "phone": ["Phone"],
        "fax": ["Fax"],
        "email": ["EmailAddress"],
    },
}


def records(name: str) -> pl.DataFrame:
    return pl.read_csv(DATA / name / "records.csv", infer_schema=False)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_roles_of_a_labelled_set_are_an_experts(name: str) -> None:
    detected = detect_roles(records(name).head(2000))
    assert {role: list(rule.columns) for role, rule in detected.columns.items()} == EXPECTED[name]
    assert detected.key == "id"


@pytest.mark.parametrize("name", EXPECTED)
def test_the_whole_set_gives_the_same_roles_as_its_beginning(name: str) -> None:
    detected = detect_roles(records(name))
    assert set(detected.columns) == set(EXPECTED[name])


@pytest.mark.parametrize("source", ["ERP_SAP", "CRM_SF"])
def test_each_system_of_the_crm_and_erp_set_keeps_its_own_columns_first(source: str) -> None:
    mine = records("crm_erp_reskin_dev").filter(pl.col("source") == source).head(2000)
    columns = detect_roles(mine).columns
    filled = {c for c in mine.columns if mine[c].str.len_bytes().sum()}
    first = {role: [c for c in rule.columns if c.split("+")[0] in filled][:1] for role, rule in columns.items()}
    own = {
        "ERP_SAP": {
            "name": ["NAME1+NAME2"],
            "city": ["ORT01"],
            "postcode": ["PSTLZ"],
            "country": ["LAND1"],
            "vat": ["STCEG"],
        },
        "CRM_SF": {
            "name": ["Name"],
            "city": ["BillingCity"],
            "postcode": ["BillingPostalCode"],
            "country": ["BillingCountry"],
        },
    }
    assert first.items() >= own[source].items()


def test_columns_of_the_childcare_lists_that_mean_nothing_here_stay_unknown() -> None:
    unknown = detect_roles(records("chicago_childcare")).unknown
    assert {"Column", "Column2", "Program Name", "Agency", "Eearly Head Start Fund", "IDHS Provider ID"} <= set(unknown)
