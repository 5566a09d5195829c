"""Files of a contact manager and of an accounting package, by the shipped rules: cards, and a list of debtors."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdm.errors import InputRefused
from mdm.rulebook import FileFormatRules, SourceRules, shipped_rules
from mdm.sources import Landed, land, read_columns
from mdm.sources.readers import open_table
from mdm.standardise import map_roles
from tests.unit.rulebook.test_shipped_sources import load_source

FOURTH = """BEGIN:VCARD
VERSION:4.0
UID:urn:uuid:4fbe8971
FN:Anna Müller
N:Müller;Anna;;Dr.;
ORG:Nordlicht GmbH;Einkauf
ADR;TYPE=work:;;Nebenstr. 9;Bonn;;53111;Germany
ADR;TYPE=work;PREF=1:;Hof 2;Hauptstr. 1;Köln;NRW;50667;Germany
TEL;VALUE=uri;TYPE="voice,work":tel:+49-221-555000
TEL;TYPE=cell:+49 171 1
EMAIL:anna@nordlicht.example
item1.URL:https://nordlicht.example
REV:20260201T100000Z
PHOTO;ENCODING=b;TYPE=JPEG:AAAA
NOTE:a folded
  line\\, with a comma
X-ERP:0000004711
END:VCARD
"""
SECOND = """BEGIN:VCARD
VERSION:2.1
UID:77
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=BCrgen
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=BCrgen M=C3=BCller
TEL;CELL:0171 2
ADR;WORK;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;;Stra=C3=9Fe 1;K=C3=B6ln;;50667;Germany
END:VCARD
"""
DEBTORS = (
    '"EXTF";700;16;"Debitoren/Kreditoren";5;20260301100000000;;"RE";"";"";29098;55003;20260101;4;;;"";"";;;;"";;"";;;"";;;"";""\r\n'
    "Konto;Name (Adressattyp Unternehmen);Unternehmensgegenstand;Name (Adressattyp natürl. Person);"
    "Vorname (Adressattyp natürl. Person);Name (Adressattyp keine Angabe);Adressattyp;EU-Land;EU-UStID;Straße;"
    "Adresszusatz;Postleitzahl;Ort;Land;Telefon;E-Mail;Internet;Fax;IBAN-Nr. 1\r\n"
    '10001;"Müller & Söhne GmbH";"";"";"";"";"2";"DE";"136695976";"Hauptstraße 1";"";"50667";"Köln";"DE";'
    '"0221 555000";"info@mueller.example";"";"";""\r\n'
    '10002;"";"";"Groß";"Jürgen";"";"1";"";"";"Nebenstr. 2";"";"01067";"Dresden";"DE";"";"";"";"";""\r\n'
)


def landed(name: str, content: bytes, folder: Path) -> tuple[SourceRules, Landed]:
    rules = load_source(shipped_rules() / "sources" / f"{name}.yaml")
    (folder / rules.path).write_bytes(content)
    return rules, land(rules, folder, folder / "landing")


def mapped(name: str, content: bytes, folder: Path) -> pl.DataFrame:
    rules, found = landed(name, content, folder)
    return map_roles(read_columns(found, list(found.columns)), rules).sort("key")


def test_a_card_of_version_4_is_a_record_with_its_preferred_address(tmp_path: Path) -> None:
    row = mapped("vcard", FOURTH.encode(), tmp_path).row(0, named=True)
    assert (row["key"], row["name"], row["family_name"]) == ("4fbe8971", "Nordlicht GmbH", "Müller")
    assert (row["street"], row["postcode"], row["city"]) == ("Hauptstr. 1", "50667", "Köln")
    assert row["phone"] == ["+49-221-555000", "+49 171 1"]
    assert row["website"] == ["https://nordlicht.example"]


def test_all_that_a_card_says_stays_but_its_pictures(tmp_path: Path) -> None:
    _, found = landed("vcard", FOURTH.encode(), tmp_path)
    row = read_columns(found, list(found.columns)).row(0, named=True)
    assert (row["note"], row["x-erp"], row["org.unit"]) == ("a folded line, with a comma", "0000004711", "Einkauf")
    assert [address["street"] for address in json.loads(row["adr"])] == ["Hauptstr. 1", "Nebenstr. 9"]
    assert "photo" not in row


def test_a_card_of_version_2_with_quoted_letters_is_read(tmp_path: Path) -> None:
    row = mapped("vcard", SECOND.encode(), tmp_path).row(0, named=True)
    assert (row["name"], row["street"], row["city"]) == ("Jürgen Müller", "Straße 1", "Köln")


def test_a_card_that_is_none_and_one_without_a_key_are_set_aside(tmp_path: Path) -> None:
    many = "".join(FOURTH.replace("4fbe8971", f"u{n}") for n in range(60))
    broken = "BEGIN:VCARD\nVERSION:3.0\nthis is no property\nEND:VCARD\n"
    keyless = "BEGIN:VCARD\nVERSION:3.0\nFN:Nobody\nN:Nobody;;;;\nEND:VCARD\n"
    _, found = landed("vcard", (many + broken + keyless).encode(), tmp_path)
    assert found.counts["rows_in"] == 62
    assert found.index.height == 60
    assert found.quarantine["record_number"].to_list() == [61, 62]
    assert found.quarantine["reason"][0].startswith("no valid vCard")


def test_a_file_is_known_for_cards_by_its_first_line(tmp_path: Path) -> None:
    (tmp_path / "export.txt").write_text(FOURTH, encoding="utf-8")
    assert open_table(tmp_path / "export.txt", FileFormatRules()).found.type == "vcard"


def test_a_file_named_vcf_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "export.vcf").write_text("a;b\n1;2\n", encoding="utf-8")
    with pytest.raises(InputRefused, match="looks like a text table"):
        open_table(tmp_path / "export.vcf", FileFormatRules())


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.just(" "), max_size=20).map(str.strip)


@settings(deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=5))
def test_every_card_is_counted_and_keeps_its_texts(
    tmp_path_factory: pytest.TempPathFactory, cards: list[tuple[str, str, str]]
) -> None:
    path = tmp_path_factory.mktemp("cards") / "c.vcf"
    said = [
        f"BEGIN:VCARD\r\nVERSION:4.0\r\nUID:{n}\r\nFN:x{escaped(name)}\r\n"
        f"ADR:;;{escaped(street)};{escaped(city)};;;\r\nEND:VCARD\r\n"
        for n, (name, street, city) in enumerate(cards)
    ]
    path.write_bytes("".join(said).encode())
    reader = open_table(path, FileFormatRules(type="vcard", encoding="utf-8"))
    frame = pl.concat([batch.frame for batch in reader.batches()])
    at = {name: frame[f"c{place}"].to_list() for place, name in enumerate(reader.columns)}
    assert reader.records == frame.height == len(cards)
    assert at["fn"] == [f"x{name}" for name, _, _ in cards]
    assert [text or "" for text in at["adr.street"]] == [street for _, street, _ in cards]
    assert [text or "" for text in at["adr.city"]] == [city for _, _, city in cards]


def escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text


def test_debtors_of_an_accounting_package_keep_their_letters_and_zeros(tmp_path: Path) -> None:
    rows = mapped("datev", DEBTORS.encode("cp1252"), tmp_path).rows(named=True)
    assert [row["key"] for row in rows] == ["10001", "10002"]
    assert (rows[0]["name"], rows[0]["street"], rows[0]["city"]) == ("Müller & Söhne GmbH", "Hauptstraße 1", "Köln")
    assert rows[0]["vat"] == ["DE 136695976"]
    assert (rows[1]["given_name"], rows[1]["family_name"], rows[1]["postcode"]) == ("Jürgen", "Groß", "01067")
