"""Streets, house numbers, cities, countries, postcodes and addresses in one field, by examples."""

from __future__ import annotations

import polars as pl
import pytest

from mdm.standardise.countries import country_code
from mdm.standardise.full_address import split_address
from mdm.standardise.places import fold_city, fold_region
from mdm.standardise.postcodes import postcode_keys
from mdm.standardise.streets import fold_house_number, split_street


@pytest.mark.parametrize(
    ("line", "street", "number"),
    [
        ("Hauptstr. 5 a", "hauptstr", "5a"),
        ("5a Hauptstraße", "hauptstr", "5a"),
        ("Berliner Strasse 12-14", "berlinerstr", "12-14"),
        ("Berlinerstr. 12 - 14", "berlinerstr", "12-14"),
        ("Straße des 17. Juni 135", "str des 17 juni", "135"),
        ("4846 N. Sheridan Rd", "north sheridan road", "4846"),
        ("4846 North Sheridan Road", "north sheridan road", "4846"),
        ("514 W. 31st St.", "west 31st street", "514"),
        ("12 St John's Rd", "saint johns road", "12"),
        ("St. James St 5", "saint james street", "5"),
        ("100 Dr Martin Dr", "doctor martin drive", "100"),
        ("PO Box 123", "pobox", "123"),
        ("P.O. Box 123", "pobox", "123"),
        ("Postfach 12 34", "pobox", "1234"),
        ("C/ Mayor, 5", "calle mayor", "5"),
        ("Calle Mayor 5", "calle mayor", "5"),
        ("Calle 5", "calle 5", ""),
        ("Via 25 Aprile 3", "via 25 aprile", "3"),
        ("Av. Paulista, 1578", "avenue paulista", "1578"),
        ("12 bis rue de la Paix", "rue de la paix", "12bis"),
        ("ul. Marszałkowska 5/7", "marszalkowska", "5/7"),
        ("P.zza Garibaldi 1", "place garibaldi", "1"),
        ("Kalverstraat 12", "kalverstr", "12"),
        ("nám. Republiky 3", "namesti republiky", "3"),
        ("Unit 5, 12 High Street", "high street", "12"),
        ("33 West Monroe Street, Suite 2400", "west monroe street", "33"),
        ("125 South Wacker Drive 14th Floor", "south wacker drive", "125"),
        ("Howard Plaza, 100 Howard Way", "howard way", "100"),
        ("Highway 7", "highway 7", ""),
        ("1-2-3 Marunouchi", "marunouchi", "1-2-3"),
        ("ул. Ленина 5", "lenina", "5"),
        ("Industriepark Nord", "industrial nord", ""),
    ],
)
def test_a_street_line_is_taken_apart(line: str, street: str, number: str) -> None:
    assert split_street(line) == (street, number)


@pytest.mark.parametrize(
    ("raw", "number"),
    [("12 A", "12a"), ("Nr. 5", "5"), ("007", "7"), ("12 - 14", "12-14"), ("12.0", "12"), ("x", ""), ("0", "")],
)
def test_a_house_number_has_one_form(raw: str, number: str) -> None:
    assert fold_house_number(raw) == number


@pytest.mark.parametrize(
    "same",
    [
        ("München", "Munich", "Muenchen", "MUNCHEN", "80331 München"),
        ("Paris", "Paris 15e", "PARIS CEDEX 08", "Paris 8"),
        ("Frankfurt", "Frankfurt/Main", "Frankfurt am Main", "Frankfurt a.M."),
        ("Wien", "Vienna", "Wien 3"),
        ("Köln", "Cologne", "Koeln"),
        ("Praha", "Prague", "Prag", "Praha 4"),
        ("Genève", "Geneva", "Genf"),
        ("St. Gallen", "Sankt Gallen", "Saint Gallen"),
        ("New York", "New York City", "NYC"),
        ("Halle", "Halle (Saale)"),
        ("Wellesley", "Wellesley, MA"),
        ("东京", "Tokyo", "東京"),
    ],
)
def test_names_of_one_city_fold_to_one(same: tuple[str, ...]) -> None:
    assert len({fold_city(city) for city in same}) == 1


def test_two_frankfurts_stay_two() -> None:
    assert fold_city("Frankfurt (Oder)") == fold_city("Frankfurt")
    assert fold_city("Frankfurt an der Oder") != fold_city("Frankfurt am Main")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Germany", "DE"), ("Deutschland", "DE"), ("Duitsland", "DE"), ("Allemagne", "DE"), ("Alemania", "DE"),
        ("Germania", "DE"), ("Niemcy", "DE"), ("Německo", "DE"), ("DEU", "DE"), ("276", "DE"), ("de", "DE"),
        ("UK", "GB"), ("U.K.", "GB"), ("Great Britain", "GB"), ("England", "GB"), ("GBR", "GB"),
        ("USA", "US"), ("U.S.A.", "US"), ("United States of America", "US"), ("Korea", "KR"), ("South Korea", "KR"),
        ("The Netherlands", "NL"), ("Holland", "NL"), ("Czech Republic", "CZ"), ("Czechia", "CZ"), ("Česko", "CZ"),
        ("Turkey", "TR"), ("Türkiye", "TR"), ("EL", "GR"), ("Bosnia & Herzegovina", "BA"), ("Hong Kong", "HK"),
        ("Viet Nam", "VN"), ("Schweiz", "CH"), ("Suisse", "CH"), ("日本", "JP"),
        ("nowhere", None), ("", None), ("-", None),
    ],
)  # fmt: skip
def test_a_country_is_known_by_its_usual_names(name: str, code: str | None) -> None:
    assert country_code(name) == code


@pytest.mark.parametrize(
    ("postcode", "country", "key"),
    [
        ("6831", "US", "06831"),
        ("06831-1234", "US", "06831"),
        ("68311234", "US", "06831"),
        ("601", "US", "00601"),
        ("1067", "DE", "01067"),
        ("D-80331", "DE", "80331"),
        ("D-80331", None, "80331"),
        ("80331.0", "DE", "80331"),
        ("sw1a 1aa", "GB", "SW1A1AA"),
        ("1011 ab", "NL", "1011AB"),
        ("00-950", "PL", "00950"),
        ("1067", None, "1067"),
        ("0000", "DE", None),
        ("-", "DE", None),
    ],
)
def test_a_postcode_has_one_form(postcode: str, country: str | None, key: str | None) -> None:
    frame = pl.DataFrame(
        {"postcode": [postcode], "country": [country]}, schema={"postcode": pl.String, "country": pl.String}
    )
    assert postcode_keys(frame).to_list() == [key]


@pytest.mark.parametrize(
    ("text", "country", "parts"),
    [
        ("Hauptstr. 7, 80331 München, Germany", None, ("Hauptstr. 7", "80331", "München", "", "DE")),
        ("123 Main Street, Las Vegas NV 89132", "US", ("123 Main Street", "89132", "Las Vegas", "NV", "US")),
        ("123 Main Street, Las Vegas, NV 89132", None, ("123 Main Street", "89132", "Las Vegas", "NV", "")),
        (
            "18 Danver Place, Loughborough, Leicestershire, LE11 1UU, United Kingdom",
            None,
            ("18 Danver Place", "LE11 1UU", "Loughborough", "", "GB"),
        ),
        (
            "Kalverstraat 12\n1012 NX Amsterdam\nNetherlands",
            None,
            ("Kalverstraat 12", "1012 NX", "Amsterdam", "", "NL"),
        ),
        ("ul. Prosta 1, 00-850 Warszawa", "PL", ("ul. Prosta 1", "00-850", "Warszawa", "", "PL")),
        ("12 High Street, Springfield", None, ("12 High Street", "", "Springfield", "", "")),
    ],
)
def test_an_address_in_one_field_is_taken_apart(text: str, country: str | None, parts: tuple[str, ...]) -> None:
    assert split_address(text, country) == parts


def test_a_state_has_its_letters_where_the_country_is_known() -> None:
    assert fold_region("Massachusetts", "US") == fold_region("MA", "US") == "ma"


def test_a_region_of_an_unknown_country_is_only_folded() -> None:
    assert fold_region("Bayern", None) == "bayern"
