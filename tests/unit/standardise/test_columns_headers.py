"""What a column name says by itself."""

from __future__ import annotations

import pytest

from mdm.standardise.columns.headers import read_words, split_words
from mdm.standardise.columns.lexicon import LANGUAGES, ROLE_WORDS, qualifiers, role_phrases, system_fields
from mdm.standardise.columns.readings import read_header


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("Billing Street", "street"),
        ("BillingPostalCode", "postcode"),
        ("billingpostalcode", "postcode"),
        ("Rechnungsadresse PLZ", "postcode"),
        ("Straße", "street"),
        ("STRASSE", "street"),
        ("Straße und Hausnummer", "street"),
        ("Straat en huisnummer", "street"),
        ("Ort", "city"),
        ("Población", "city"),
        ("Adresse de facturation - Ville", "city"),
        ("Firmenname", "name"),
        ("Bedrijfsnaam", "name"),
        ("Account Name", "name"),
        ("Name der Firma", "name"),
        ("Raison sociale", "legal_name"),
        ("Razón social", "legal_name"),
        ("Nom commercial", "trade_name"),
        ("name_short", "other_name"),
        ("USt-IdNr.", "vat"),
        ("Umsatzsteuer-Identifikationsnummer", "vat"),
        ("Btw-nummer", "vat"),
        ("Numéro de TVA", "vat"),
        ("VAT Registration No.", "vat"),
        ("CIF/NIF", "tax_id"),
        ("Steuernummer", "tax_id"),
        ("soc_sec_id", "tax_id"),
        ("NI Number", "tax_id"),
        ("Sozialversicherungs-Nr.", "tax_id"),
        ("Numéro de sécurité sociale", "tax_id"),
        ("Número de la Seguridad Social", "tax_id"),
        ("Rijksregisternummer", "tax_id"),
        ("Codice fiscale", "tax_id"),
        ("PESEL", "tax_id"),
        ("Personnummer", "tax_id"),
        ("Passport No.", "passport"),
        ("PASSPORT_NUMBER", "passport"),
        ("Reisepass-Nr.", "passport"),
        ("Paspoortnummer", "passport"),
        ("N° de passeport", "passport"),
        ("Número de pasaporte", "passport"),
        ("Numero passaporto", "passport"),
        ("Nr paszportu", "passport"),
        ("Driver's License #", "driving_licence"),
        ("DRIVERS_LICENSE_NUMBER", "driving_licence"),
        ("Driving Licence Number", "driving_licence"),
        ("Führerscheinnummer", "driving_licence"),
        ("Fuehrerschein-Nr", "driving_licence"),
        ("Rijbewijsnummer", "driving_licence"),
        ("Permis de conduire", "driving_licence"),
        ("Número de licencia de conducir", "driving_licence"),
        ("Patente di guida", "driving_licence"),
        ("Prawo jazdy", "driving_licence"),
        ("Körkortsnummer", "driving_licence"),
        ("KvK-nummer", "register_no"),
        ("SIRET", "register_no"),
        ("Código postal", "postcode"),
        ("Billing Zip/Postal Code", "postcode"),
        ("Billing State/Province", "region"),
        ("CountryRegionCode", "country"),
        ("Kundennr", "key"),
        ("Klantnummer", "key"),
        ("N° client", "key"),
        ("Nº cliente", "key"),
        ("Kd.-Nr.", "key"),
        ("PLZ/Ort", "full_address"),
        ("Téléphone", "phone"),
        ("Tel./Fax", "phone"),
        ("Handy", "mobile"),
        ("E-Mail-Adresse", "email"),
        ("Correo electrónico", "email"),
        ("Page web", "website"),
        ("Site web", "website"),
        ("Letzte Änderung", "changed_at"),
        ("Letzte Aenderung", "changed_at"),
        ("Date de modification", "changed_at"),
        ("Gewijzigd op", "changed_at"),
        ("Fecha de nacimiento", "birth_date"),
        ("Geb.-Datum", "birth_date"),
        ("Parent Account ID", "parent_key"),
        ("ParentId", "parent_key"),
        ("address1_line1", "street"),
        ("address1_line2", "address_extra"),
        ("Address 2", "address_extra"),
        ("street2", "address_extra"),
        ("address1_stateorprovince", "region"),
        ("ADRC.STREET", "street"),
        ("ADRC-HOUSE_NUM1", "house_number"),
        ("KNA1_STRAS", "street"),
        ("VAT__c", "vat"),
        ("Company Phone", "phone"),
        ("Company Address", "address"),
        ("Default Address Company", "name"),
        ("Adresse entreprise", "address"),
        ("Company ID", "key"),
        ("Firma Straße", "street"),
        ("Rechnungsadresse", "address"),
        ("Cust #", "key"),
        ("DUNS #", "duns"),
        ("ZIP+4", "postcode"),
        ("City, State, Zip", "full_address"),
        ("Nom et prénom", "plain_name"),
        ("Vor- und Nachname", "plain_name"),
        ("Nachname, Vorname", "name"),
        ("Organization Country", "country"),
    ],
)
def test_a_column_name_is_read_as_its_role(header: str, role: str) -> None:
    assert read_header(header).role == role


@pytest.mark.parametrize(
    "header",
    [
        "MasterRecordId",
        "Contact Name",
        "Nom du contact",
        "Ansprechpartner",
        "Persona de contacto",
        "Account Owner",
        "Owner Email",
        "Assistant's Phone",
        "Agent Name",
        "Program Name",
        "Created By",
        "Created Date",
        "Angelegt am",
        "Phone Type",
        "Email Opt Out",
        "PhotoUrl",
        "LinkedIn URL",
        "Passport Country",
        "Drivers License State",
        "Passport Expiry Date",
        "passport_valid_until",
        "Passport Type",
        "License Number",
        "Parent Account Name Local",
        "Bank Name",
        "Last Contact",
        "First Order",
        "Firmenzusatz",
        "Umsatz 2023",
        "KNVK.NAME1",
        "ORT02",
        "PO_BOX",
    ],
)
def test_somebody_elses_value_or_another_kind_of_value_is_ruled_out(header: str) -> None:
    assert read_header(header).closed


@pytest.mark.parametrize(
    "header", ["TAX_ID_COUNTRY", "IDHS Provider ID", "Spouse First Name", "Column2", "", " ", "***", "€"]
)
def test_a_name_that_says_nothing_has_no_role(header: str) -> None:
    assert read_header(header).role == ""


def test_a_contacts_telephone_counts_but_less_than_the_customers() -> None:
    contact, own = read_header("Contact Phone"), read_header("Phone")
    assert contact.role == own.role == "phone"
    assert contact.strength < own.strength


def test_billing_and_shipping_are_different_addresses() -> None:
    assert read_header("BillingCity").block != read_header("ShippingCity").block
    assert read_header("BillingCity").rank < read_header("ShippingCity").rank


def test_the_number_after_address_counts_addresses_only_when_a_part_follows() -> None:
    assert read_header("address2_city").block == "2"
    assert read_header("address_2").block == ""


def test_a_child_tables_column_is_of_another_address() -> None:
    assert read_header("ADRC.STREET").block != read_header("STREET").block


def test_a_word_not_in_any_list_makes_a_reading_weaker() -> None:
    assert read_header("Wobble City").strength < read_header("City").strength


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("BillingPostalCode", ("billing", "postal", "code")),
        ("HOUSE_NUM1", ("house", "num", "1")),
        ("Straße", ("strasse",)),
        ("N° client", ("n", "client")),
        ("VAT__c", ("vat",)),
        ("Größe²", ("grosse2",)),
    ],
)
def test_a_column_name_is_parted_into_folded_words(header: str, words: tuple[str, ...]) -> None:
    assert split_words(header) == words


def test_words_run_together_are_parted_into_known_ones() -> None:
    assert [w.meaning for w in read_words("rechnungsort")] == ["billing", "city"]


def test_no_phrase_means_two_things() -> None:
    meanings: dict[str, set[str]] = {}
    for role, spoken in role_phrases().items():
        for phrase in (p for phrases in spoken.values() for p in phrases):
            meanings.setdefault(phrase.replace(" ", ""), set()).add(role)
    for meaning, phrases in qualifiers().items():
        for phrase in phrases:
            meanings.setdefault(phrase.replace(" ", ""), set()).add(meaning)
    assert {phrase: found for phrase, found in meanings.items() if len(found) > 1} == {}


def test_every_phrase_is_written_folded() -> None:
    phrases = [p for spoken in role_phrases().values() for found in spoken.values() for p in found]
    phrases += [p for found in qualifiers().values() for p in found]
    assert [p for p in phrases if "".join(split_words(p)) != p.replace(" ", "")] == []


def test_every_language_and_role_of_the_lexicon_is_known() -> None:
    finer = {"trade_name", "mobile", "company_flag"}
    assert set(role_phrases()) - finer <= set(ROLE_WORDS)
    assert {language for spoken in role_phrases().values() for language in spoken} <= set(LANGUAGES)
    roles = {role.partition("@")[0].rstrip("?") for fields in system_fields().values() for role in fields}
    assert roles <= {*ROLE_WORDS, *finer, "key", "closed"}
