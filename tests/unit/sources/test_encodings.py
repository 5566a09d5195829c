"""How the encoding of a text file is found out, and said."""

from __future__ import annotations

from pathlib import Path

import pytest

from mdm.errors import InputRefused
from mdm.rulebook.source import FileFormatRules
from mdm.sources import preview
from mdm.sources.letters import central_european
from mdm.sources.readers import open_table

WESTERN_WORDS = [
    "Crèmerie première, Bibliothèque à côté, forêt, août",  # French
    "Sørensen Møbler, København, Færøerne, Næstved, Bouvetøya",  # Danish, Norwegian
    "Göteborg, Älmhult, Ångström, Åre, Malmö",  # Swedish
    "Compañía Española, Muñoz, Año, Coruña",  # Spanish
    "São João, Irmãos, Construções, pães",  # Portuguese
    "Città di Castello, perché, più, lunedì, Caffè",  # Italian
    "Reykjavík, Garðabær, Þórshöfn",  # Icelandic
    "Bäckerei naïf, Noël, Haïti, cœur, sœur",
]
CENTRAL_WORDS = [
    "Příbram, Dvůr Králové, Řehoř, Plzeň, město, Čáslav",  # Czech
    "Łódź, Gdańsk, Poznań, Świętokrzyska, Dąbrowa, Częstochowa",  # Polish
    "Győr, Erdő, fűszer, Kőszeg, gyümölcslé",  # Hungarian
    "Constanţa, Braşov, Brăila, Galaţi",  # Romanian, the old letters
    "Kovačić, Đakovo, Požega, Ćuprija",  # Croatian, Serbian
    "Žilina, Ďumbier, Košice, Trenčín",  # Slovak
    "Črnomelj, Kočevje, Škofja Loka",  # Slovene
]


@pytest.mark.parametrize("words", WESTERN_WORDS)
def test_western_words_are_told_from_their_letters(words: str) -> None:
    assert central_european([word.encode("cp1252") for word in words.replace(",", "").split()]) <= 0


@pytest.mark.parametrize("words", CENTRAL_WORDS)
def test_central_european_words_are_told_from_their_letters(words: str) -> None:
    assert central_european([word.encode("cp1250") for word in words.replace(",", "").split()]) > 0


def test_german_umlauts_tell_nothing_and_mean_windows_1252(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_bytes("id;name\n1;Müller Straßenbau Köln\n".encode("cp1252"))
    assert preview(tmp_path / "c.csv", FileFormatRules()).encoding == "cp1252"


@pytest.mark.parametrize(
    ("words", "encoding"), [(w, "cp1252") for w in WESTERN_WORDS] + [(w, "cp1250") for w in CENTRAL_WORDS]
)
def test_a_file_is_read_in_the_code_page_of_its_words(tmp_path: Path, words: str, encoding: str) -> None:
    (tmp_path / "c.csv").write_bytes(f"id;name\n1;{words}\n".encode(encoding))
    look = preview(tmp_path / "c.csv", FileFormatRules())
    assert look.encoding == encoding
    assert look.sample["name"].to_list() == [words]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_recognised_with_and_without_its_mark(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "c.csv").write_bytes("id;name\n1;Müller Łódź\n2;Anna\n".encode(encoding))
    look = preview(tmp_path / "c.csv", FileFormatRules())
    assert look.encoding == encoding[:6].removesuffix("-")
    assert look.sample["name"].to_list() == ["Müller Łódź", "Anna"]


def test_a_guess_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_bytes("id;name\n1;Crème\n".encode("cp1252"))
    assert "guessed" in preview(tmp_path / "c.csv", FileFormatRules()).notes[0]


def test_a_declared_encoding_is_not_commented_on(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_bytes("id;name\n1;Crème\n".encode("cp1252"))
    notes = preview(tmp_path / "c.csv", FileFormatRules(encoding="cp1252", separator=";")).notes
    assert notes == ()


def test_a_japanese_code_page_is_refused_by_name(tmp_path: Path) -> None:
    text = "id;name\n" + "".join(f"{n};株式会社日本商事東京支店\n" for n in range(50))
    (tmp_path / "c.csv").write_bytes(text.encode("cp932"))
    with pytest.raises(InputRefused, match=r"not read.*cp932"):
        preview(tmp_path / "c.csv", FileFormatRules())


def test_the_record_of_a_wrong_byte_is_counted_across_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("csv_reader", "fingerprint"):
        monkeypatch.setattr(f"mdm.sources.{module}.READ_BLOCK", 64)
    rows = "".join(f'{n};"name\n{n}"\n' for n in range(1, 100))
    (tmp_path / "c.csv").write_bytes(f"id;name\n{rows}".encode() + b"100;\xff\n")
    rules = FileFormatRules(encoding="utf-8", separator=";")
    with pytest.raises(InputRefused, match="record 100 is not UTF-8"):
        list(open_table(tmp_path / "c.csv", rules).batches())


def test_a_character_cut_by_a_block_is_whole_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("csv_reader", "fingerprint", "encodings"):
        monkeypatch.setattr(f"mdm.sources.{module}.READ_BLOCK", 64)
    names = [f"Łódź {'ü' * (n % 9)}" for n in range(200)]
    (tmp_path / "c.csv").write_text(
        "id;name\n" + "".join(f"{n};{name}\n" for n, name in enumerate(names)), encoding="utf-8"
    )
    batches = open_table(tmp_path / "c.csv", FileFormatRules()).batches()
    assert [name for batch in batches for name in batch.frame["c1"].to_list()] == names
