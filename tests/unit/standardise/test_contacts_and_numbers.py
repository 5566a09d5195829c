"""Telephone numbers, e-mails, domains, identifiers and dates, by examples."""

# ruff: noqa: RUF001 (letters of other scripts that look Latin are what is tested)

from __future__ import annotations

import polars as pl
import pytest
from stdnum import get_cc_module

from mdm.standardise.dates import birth_dates, iso_times
from mdm.standardise.domains import domain_keys, host_of, shared_domains
from mdm.standardise.emails import email_keys
from mdm.standardise.identifiers import (
    document_identifier,
    duns_identifier,
    iban_identifier,
    lei_identifier,
    register_identifier,
    tax_identifier,
    vat_identifier,
)
from mdm.standardise.personal_numbers import FOR_LIFE
from mdm.standardise.phones import phone_keys


@pytest.mark.parametrize(
    ("phone", "region", "key"),
    [
        ("+49 (0)89 1234-567", "DE", "+49891234567"),
        ("089/1234567", "DE", "+49891234567"),
        ("0049 89 1234567", None, "+49891234567"),
        ("49 89 1234567", "DE", "+49891234567"),
        ("011 49 89 1234567", "US", "+49891234567"),
        ("(702) 919-1300", "US", "+17029191300"),
        ("1-702-919-1300", "US", "+17029191300"),
        ("702 919 1300 ext. 5", "US", "+17029191300"),
        ("1 800 FLOWERS", "US", "+18003569377"),
        ("02 1234 5678", "IT", "+390212345678"),
        ("020 7946 0958", "GB", "+442079460958"),
        ("0xx11 4321 1234", "BR", "+551143211234"),
        ("8 495 123 45 67", "RU", "+74951234567"),
        ("７０２-919-1300", "US", "+17029191300"),
        ("221-2412", "US", "2212412"),
        ("7747-0132 55", None, "7747013255"),
        ("000000", "DE", None),
        ("0000000000", "US", None),
        ("123456789", "DE", None),
        ("12345", None, None),
        ("n/a", "DE", None),
        ("123", "DE", None),
    ],
)
def test_a_phone_has_one_form(phone: str, region: str | None, key: str | None) -> None:
    frame = pl.DataFrame({"phone": [phone], "region": [region]}, schema={"phone": pl.String, "region": pl.String})
    assert phone_keys(frame).to_list() == [key]


def test_every_address_of_a_field_is_found_and_placeholders_are_left_out() -> None:
    written = pl.Series(
        [
            "Info@Acme.DE; sales@acme.de",
            '"A. Huber" <huber@acme.de>',
            "mailto:x1@acme.de",
            "test@acme.de",
            "me@example.com",
            "none",
        ]
    )
    found = [["info@acme.de", "sales@acme.de"], ["huber@acme.de"], ["x1@acme.de"], [], [], []]
    assert email_keys(written).to_list() == found


@pytest.mark.parametrize(
    ("website", "domain"),
    [
        ("http://www.Acme.co.uk/path?q=1", "acme.co.uk"),
        ("acme.de", "acme.de"),
        ("https://shop.acme.de:8080", "acme.de"),
        ("info@acme.de", "acme.de"),
        ("info@gmail.com", None),
        ("www.facebook.com/acme", None),
        ("acme.wixsite.com", "acme.wixsite.com"),
        ("example.com", None),
        ("http://ours.test.de", None),
        ("n/a", None),
        ("192.168.0.1", None),
        ("xn--mller-kva.de", "müller.de"),
        ("www.acme.example", "acme.example"),
        ("unbekannt.example", None),
    ],
)
def test_a_website_gives_its_registrable_domain(website: str, domain: str | None) -> None:
    host = pl.DataFrame({"w": [website]}).select(host_of(pl.col("w"))).to_series()
    assert domain_keys(host, shared_domains()).to_list() == [domain]


def test_a_free_mail_domain_of_the_rules_is_no_evidence() -> None:
    host = pl.Series(["provider.cz"])
    assert domain_keys(host, shared_domains(["Provider.cz"])).to_list() == [None]


@pytest.mark.parametrize(
    ("raw", "country", "key", "valid"),
    [
        ("DE136695976", None, "vat:DE136695976", True),
        ("136 695 976", "DE", "vat:DE136695976", True),
        ("USt-IdNr. DE136695976", None, "vat:DE136695976", True),
        ("DE136695977", None, "vat:DE136695977", False),
        ("CHE-107.787.577 IVA", "CH", "vat:CHE107787577", True),
        ("GR094259216", None, "vat:EL094259216", True),
        ("094259216", "GR", "vat:EL094259216", True),
        ("NO 995 525 828 MVA", "NO", "vat:NO995525828", True),
        ("ATU13585627", None, "vat:ATU13585627", True),
        ("US582167154", "US", "vat:US582167154", False),
        ("XX142389083", "LI", "vat:XX142389083", False),
    ],
)
def test_a_vat_number_has_one_form(raw: str, country: str | None, key: str, valid: bool) -> None:  # noqa: FBT001 (a row of the table)
    assert vat_identifier(raw, country) == (key, valid)


@pytest.mark.parametrize("raw", ["DE999999999", "123456789", "n/a", "DE000000000", "-"])
def test_a_dummy_is_no_vat_number(raw: str) -> None:
    assert vat_identifier(raw, "DE") is None


def test_a_vat_number_of_an_unknown_country_says_nothing() -> None:
    assert vat_identifier("136695976", None) is None


def test_an_lei_is_checked() -> None:
    assert lei_identifier("5493001kjtiigc8y1r12") == ("lei:5493001KJTIIGC8Y1R12", True)
    assert lei_identifier("5493001KJTIIGC8Y1R13") == ("lei:5493001KJTIIGC8Y1R13", False)


def test_a_duns_number_has_nine_digits() -> None:
    assert duns_identifier("15-048-3782") == ("duns:150483782", True)
    assert duns_identifier("1504837") == ("duns:001504837", True)
    assert duns_identifier("1504837821") == ("duns:1504837821", False)
    assert duns_identifier("999999999") is None


def test_an_iban_is_checked() -> None:
    assert iban_identifier("DE89 3704 0044 0532 0130 00") == ("iban:DE89370400440532013000", True)
    assert iban_identifier("DE88 3704 0044 0532 0130 00") == ("iban:DE88370400440532013000", False)


def test_a_tax_number_that_is_a_vat_number_meets_the_vat_number() -> None:
    assert tax_identifier("00743110157", "IT") == vat_identifier("IT00743110157", None)


def test_a_tax_number_names_its_country() -> None:
    assert tax_identifier("84-7234561", "US") == ("tax:US:847234561", True)


def test_tax_numbers_without_a_country_can_still_be_equal() -> None:
    assert tax_identifier("84-7234561", None) == ("tax::847234561", True)


@pytest.mark.parametrize(
    ("raw", "country", "key"),
    [
        ("1237 010180", "AT", "tax:AT:vnr:1237010180"),
        ("85.07.30-033.28", "BE", "tax:BE:nn:85073003328"),
        ("390.533.447-05", "BR", "tax:BR:cpf:39053344705"),
        ("756.9217.0769.85", "CH", "tax:CH:ssn:7569217076985"),
        ("36 574 261 809", "DE", "tax:DE:idnr:36574261809"),
        ("131052-308T", "FI", "tax:FI:hetu:131052308T"),
        ("2 95 10 99 126 111 93", "FR", "tax:FR:nir:295109912611193"),
        ("RCCMNL83S18D969H", "IT", "tax:IT:codicefiscale:RCCMNL83S18D969H"),
        ("1112.22.333", "NL", "tax:NL:bsn:111222333"),
        ("44051401359", "PL", "tax:PL:pesel:44051401359"),
        ("880320-0016", "SE", "tax:SE:personnummer:8803200016"),
        ("19880320-0016", "SE", "tax:SE:personnummer:8803200016"),
        ("44051401358", "PL", "tax:PL:44051401358"),
        ("111222333", "US", "tax:US:111222333"),
        ("111222333", None, "tax::111222333"),
    ],
)
def test_a_number_for_life_is_known_by_its_check_digits(raw: str, country: str | None, key: str) -> None:
    assert tax_identifier(raw, country) == (key, True)


def test_every_kind_of_number_for_life_can_be_checked() -> None:
    assert {country for country, kind in FOR_LIFE.items() if get_cc_module(country.lower(), kind) is None} == set()


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("C01X00T47", ("passport:C01X00T47", True)),
        ("c01 x00-t47", ("passport:C01X00T47", True)),
        ("AB", None),
        ("AB12", ("passport:AB12", False)),
        ("999999999", None),
    ],
)
def test_a_passport_is_its_signs_without_blanks(raw: str, key: tuple[str, bool] | None) -> None:
    assert document_identifier("passport", raw) == key


def test_a_british_register_number_gets_its_zeros_back() -> None:
    assert register_identifier("1471587", "GB") == ("reg:GB:01471587", True)


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ("19781211", "1978-12-11"),
        ("11.12.1978", "1978-12-11"),
        ("12/11/1978", "1978-12-11"),
        ("25/12/1978", "1978-12-25"),
        ("1978-12-11T00:00:00", "1978-12-11"),
        ("3/1/70", "1970-03-01"),
        ("8/2/06", "2006-08-02"),
        ("2/4/31", "1931-02-04"),
        ("24-May-11", "2011-05-24"),
        ("20/8/91", "1991-08-20"),
        ("31.02.2024", None),
        ("2024-13-01", None),
        ("9999-12-31", None),
        ("00000000", None),
        ("0000-00-00", None),
    ],
)
def test_a_date_has_one_form(raw: str, iso: str | None) -> None:
    assert birth_dates(pl.Series([raw])).to_list() == [iso]


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ("2024-01-02T03:04:05.000Z", "2024-01-02T03:04:05Z"),
        ("2024-01-02T03:04:05+02:00", "2024-01-02T01:04:05Z"),
        ("2024-01-02T03:04:05.123+0000", "2024-01-02T03:04:05Z"),
        ("2024-01-02 03:04", "2024-01-02T03:04:00Z"),
        ("1.2.2024 10:11", "2024-02-01T10:11:00Z"),
        ("20240102030405", "2024-01-02T03:04:05Z"),
        ("/Date(1700000000000)/", "2023-11-14T22:13:20Z"),
        ("20240102", "2024-01-02"),
        ("9999-12-31", None),
        ("soon", None),
    ],
)
def test_a_time_is_told_in_utc(raw: str, iso: str | None) -> None:
    assert iso_times(pl.Series([raw])).to_list() == [iso]
