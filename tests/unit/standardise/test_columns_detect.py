"""Names and values of columns together: which roles they get, and which they do not."""

from __future__ import annotations

import time

import polars as pl
import pytest

from mdm.standardise.columns import detect_roles

ROWS = 60
IDS = [f"C{i:04d}" for i in range(ROWS)]
COMPANIES = [
    f"{a} {b} {f}" for a in ("Alpha", "Berg", "Cobra") for b in ("Tools", "Foods") for f in ("GmbH", "Ltd")
] * 5
PERSONS = [f"{a} {b}" for a in ("Anna", "Bert", "Carla", "Dirk", "Eva", "Finn") for b in ("Muster", "Probe")] * 5
STREETS = [f"Musterstraße {i}" for i in range(1, ROWS + 1)]
ZIPS = [f"{10000 + i * 977}" for i in range(ROWS)]
TOWNS = ["Musterstadt", "Beispielburg", "Probedorf", "Neustadt"] * 15
LANDS = ["Germany", "France", "Netherlands"] * 20
BLANK = [""] * ROWS
FIRST_HALF, SECOND_HALF = range(ROWS // 2), range(ROWS // 2, ROWS)


def only(values: list[str], rows: range) -> list[str]:
    return [v if i in rows else "" for i, v in enumerate(values)]


def roles(table: dict[str, list[str]]) -> dict[str, list[str]]:
    detected = detect_roles(pl.DataFrame({"ID": IDS[: len(next(iter(table.values())))], **table}))
    return {role: list(rule.columns) for role, rule in detected.columns.items()}


def test_a_name_column_of_contact_persons_beside_the_account_name_is_not_the_name() -> None:
    assert roles({"Name": PERSONS, "Account Name": COMPANIES}) == {"name": ["Account Name"]}


def test_a_name_column_fills_in_where_persons_have_no_company() -> None:
    found = roles({"Firma": only(COMPANIES, FIRST_HALF), "Name": PERSONS})
    assert found == {"name": ["Firma", "Name"]}


def test_records_of_two_systems_in_one_file_take_the_names_of_both() -> None:
    sap, crm = only(COMPANIES, FIRST_HALF), only(COMPANIES, SECOND_HALF)
    assert roles({"Name": crm, "NAME2": BLANK, "NAME1": sap}) == {"name": ["NAME1+NAME2", "Name"]}


def test_the_parts_of_a_name_are_joined_in_the_order_of_their_numbers() -> None:
    assert roles({"Name 3": BLANK, "Name 1": COMPANIES, "Name 2": BLANK}) == {"name": ["Name 1+Name 2+Name 3"]}


def test_a_second_name_part_goes_on_with_a_name_that_has_no_number() -> None:
    assert roles({"Name 2": BLANK, "Name": COMPANIES}) == {"name": ["Name+Name 2"]}


def test_a_second_name_part_alone_is_no_name() -> None:
    assert roles({"NAME2": COMPANIES}) == {}


def test_the_legal_name_is_the_name_where_there_is_no_other() -> None:
    assert roles({"Raison sociale": COMPANIES}) == {"name": ["Raison sociale"]}


def test_the_legal_name_stays_the_legal_name_beside_a_name() -> None:
    assert roles({"Legal Name": COMPANIES, "Name": COMPANIES}) == {"name": ["Name"], "legal_name": ["Legal Name"]}


def test_the_trade_name_is_the_name_where_there_is_no_other() -> None:
    assert roles({"Handelsnaam": COMPANIES}) == {"name": ["Handelsnaam"]}


def test_a_contact_name_is_no_name_even_where_there_is_no_other() -> None:
    assert "name" not in roles({"Contact Name": PERSONS, "City": TOWNS})


def test_a_bare_name_beside_a_given_name_is_the_family_name() -> None:
    given, family = (list(x) for x in zip(*(p.split() for p in PERSONS), strict=True))
    assert roles({"Name": family, "Vorname": given}) == {"given_name": ["Vorname"], "family_name": ["Name"]}


def test_first_and_last_names_of_the_companies_contacts_are_not_the_customers() -> None:
    given, family = (list(x) for x in zip(*(p.split() for p in PERSONS), strict=True))
    assert roles({"Company": COMPANIES, "First Name": given, "Last Name": family}) == {"name": ["Company"]}


def test_first_and_last_names_of_customers_without_a_company_are_theirs() -> None:
    given, family = (only(list(x), SECOND_HALF) for x in zip(*(p.split() for p in PERSONS), strict=True))
    found = roles({"Company": only(COMPANIES, FIRST_HALF), "First Name": given, "Last Name": family})
    assert found == {"name": ["Company"], "given_name": ["First Name"], "family_name": ["Last Name"]}


def test_the_companys_own_name_in_every_row_is_not_the_customers() -> None:
    assert roles({"Company": ["Example AG"] * ROWS, "Name": COMPANIES}) == {"name": ["Name"]}


def test_a_telephone_column_full_of_text_is_unknown() -> None:
    assert roles({"Phone": COMPANIES}) == {}


def test_a_doubtful_column_is_less_sure_than_a_good_one() -> None:
    good = detect_roles(pl.DataFrame({"E-Mail": ["a@example.com", "b@example.com"]}))
    poor = detect_roles(pl.DataFrame({"E-Mail": ["a@example.com", "by telephone"]}))
    assert poor.columns["email"].confidence < good.columns["email"].confidence


def test_the_reason_names_the_column_the_system_and_the_share_of_values() -> None:
    why = detect_roles(pl.DataFrame({"PSTLZ": ["10115", "80331", "unknown", "20095"]})).columns["postcode"].why
    assert why == 'column name "PSTLZ" is SAP\'s postcode; 75 % of its values look like postcodes'


def test_the_reason_names_the_language() -> None:
    why = detect_roles(pl.DataFrame({"Straße": ["Musterweg 1"]})).columns["street"].why
    assert why.startswith('column name "Straße" is German for street;')


def test_a_tax_id_that_begins_with_a_country_is_a_vat_number() -> None:
    assert roles({"Tax ID": [f"FR {100000000 + i}" for i in range(ROWS)]}) == {"vat": ["Tax ID"]}


def test_a_fax_number_is_no_telephone_number() -> None:
    numbers = [f"+49 30 {100000 + i}" for i in range(ROWS)]
    found = roles({"Telephone": numbers, "Mobile": numbers, "Fax": numbers})
    assert found == {"phone": ["Telephone", "Mobile"], "fax": ["Fax"]}


def test_billing_is_taken_before_shipping() -> None:
    found = roles(
        {"Shipping Street": STREETS, "Shipping City": TOWNS, "Billing Street": STREETS, "Billing City": TOWNS}
    )
    assert found == {"street": ["Billing Street"], "city": ["Billing City"]}


def test_shipping_parts_never_complete_a_billing_address() -> None:
    found = roles({"Billing Street": STREETS, "Billing City": TOWNS, "Shipping Postal Code": ZIPS})
    assert found == {"street": ["Billing Street"], "city": ["Billing City"]}


def test_a_shipping_address_is_taken_where_there_is_no_other() -> None:
    found = roles({"Shipping Street": STREETS, "Shipping City": TOWNS})
    assert found == {"street": ["Shipping Street"], "city": ["Shipping City"]}


def test_two_complete_addresses_are_never_mixed() -> None:
    found = roles(
        {"Street": STREETS, "City": TOWNS, "Zip": BLANK, "Billing Street": STREETS, "Billing City": TOWNS}
        | {"Billing Zip": ZIPS}
    )
    assert found == {"street": ["Street"], "city": ["City"], "postcode": ["Zip"]}


def test_a_country_of_no_address_completes_the_billing_address() -> None:
    found = roles({"Billing Street": STREETS, "Billing City": TOWNS, "Country": LANDS})
    assert found == {"street": ["Billing Street"], "city": ["Billing City"], "country": ["Country"]}


def test_addresses_of_two_systems_in_different_rows_are_both_taken() -> None:
    found = roles(
        {
            "STRAS": only(STREETS, FIRST_HALF),
            "ORT01": only(TOWNS, FIRST_HALF),
            "BillingStreet": only(STREETS, SECOND_HALF),
            "BillingCity": only(TOWNS, SECOND_HALF),
        }
    )
    assert found == {"street": ["STRAS", "BillingStreet"], "city": ["ORT01", "BillingCity"]}


def test_an_address_beside_a_town_is_a_street() -> None:
    assert roles({"Address": STREETS, "City": TOWNS}) == {"street": ["Address"], "city": ["City"]}


def test_an_address_with_everything_in_it_is_a_whole_address() -> None:
    whole = [f"{s}, {z} {t}" for s, z, t in zip(STREETS, ZIPS, TOWNS, strict=True)]
    assert roles({"Address": whole}) == {"full_address": ["Address"]}


def test_a_number_beside_streets_without_numbers_is_the_house_number() -> None:
    found = roles({"Straße": ["Musterweg", "Probeallee"] * 30, "Nr.": [str(i % 40 + 1) for i in range(ROWS)]})
    assert found == {"street": ["Straße"], "house_number": ["Nr."]}


def test_a_parents_name_is_not_its_key() -> None:
    assert roles({"Parent Account": COMPANIES}) == {}


def test_a_flag_of_companies_tells_the_kind() -> None:
    assert roles({"Is a Company": ["True", "False"] * 30}) == {"kind": ["Is a Company"]}


@pytest.mark.parametrize("header", ["isPerson", "Is Individual", "Customer Type"])
def test_a_flag_of_persons_or_of_anything_else_does_not_tell_the_kind(header: str) -> None:
    assert roles({header: ["true", "false"] * 30}) == {}


def test_emails_under_an_unknown_name_are_taken_but_less_sure() -> None:
    detected = detect_roles(pl.DataFrame({"Spalte 7": [f"info{i}@example.com" for i in range(9)]}))
    assert detected.columns["email"].columns == ("Spalte 7",)
    assert detected.columns["email"].confidence < 0.7


@pytest.mark.parametrize("header", ["Owner Email", "Created By", "Assistant"])
def test_emails_of_somebody_else_are_not_taken(header: str) -> None:
    assert roles({header: [f"info{i}@example.com" for i in range(ROWS)]}) == {}


def test_columns_without_telling_names_are_found_by_their_values() -> None:
    found = roles(
        {
            "f1": [f"{company[:5]} {i} {company[6:]}" for i, company in enumerate(COMPANIES)],
            "f2": STREETS,
            "f3": [f"+49 30 {100000 + i}" for i in range(ROWS)],
            "f4": [f"https://example{i}.com" for i in range(ROWS)],
            "f5": LANDS,
            "f6": [f"DE{100000000 + i}" for i in range(ROWS)],
            "f7": ["DE89370400440532013000", "GB29NWBK60161331926819", "FR1420041010050500013M02606"] * 20,
            "f8": ["529900EXAMPLEGMBH037", "969500EXAMPLESAS0059", ""] * 20,
        }
    )
    assert found == {
        "name": ["f1"],
        "street": ["f2"],
        "phone": ["f3"],
        "website": ["f4"],
        "country": ["f5"],
        "vat": ["f6"],
        "iban": ["f7"],
        "lei": ["f8"],
    }


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("Valid Until", [f"2024-01-{i % 28 + 1:02d}" for i in range(ROWS)]),
        ("Spalte", [f"2024-01-{i % 28 + 1:02d}T10:00:00Z" for i in range(ROWS)]),
        ("Umsatz", [f"{i}000.00" for i in range(ROWS)]),
        ("Spalte", [f"{i}000.00" for i in range(ROWS)]),
        ("Aktiv", ["ja", "nein"] * 30),
        ("Bemerkung", ["Bitte vor der Lieferung anrufen, sonst steht keiner am Tor"] * ROWS),
        ("ISIN", [f"DE{1000000000 + i}" for i in range(ROWS)]),
        ("Column", BLANK),
    ],
)
def test_other_dates_money_flags_and_texts_stay_unknown(header: str, values: list[str]) -> None:
    assert roles({header: values}) == {}


def test_unknown_columns_are_listed_in_the_order_of_the_file() -> None:
    detected = detect_roles(pl.DataFrame({"Zeta": ["1"], "City": ["Bonn"], "Alpha": ["2"]}))
    assert detected.unknown == ("Zeta", "Alpha")


def test_a_column_that_differs_from_another_by_blanks_alone_stays_unknown() -> None:
    detected = detect_roles(pl.DataFrame({"City": ["Bonn"], " City ": ["Köln"]}))
    assert detected.columns["city"].columns == ("City",)
    assert detected.unknown == (" City ",)


def test_a_column_name_that_polars_reads_as_a_pattern_is_a_name_like_any_other() -> None:
    detected = detect_roles(pl.DataFrame({"*": ["info@example.com"], "^City$": ["Bonn"]}))
    assert detected.columns["email"].columns == ("*",)
    assert detected.columns["city"].columns == ("^City$",)


def test_two_hundred_columns_of_two_thousand_rows_take_less_than_two_seconds_of_work() -> None:
    detect_roles(pl.DataFrame({"warm": ["up"]}))
    names = ["Account Name", "Billing Street", "Phone", "Notes", "Amount", "Owner", "X", "E-mail", "Created", "City"]
    sample = pl.DataFrame(
        {f"{names[c % 10]} {c}": [f"{names[c % 10]} {c} value {r}" for r in range(2000)] for c in range(200)}
    )
    started = time.process_time()
    detect_roles(sample)
    assert time.process_time() - started < 2  # 0.4 s was measured; the limit allows for a busy machine
