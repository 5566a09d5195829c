"""Cases 1 to 20 of the catalogue of bad inputs: encodings and text. What is kept is kept byte for byte."""

from __future__ import annotations

from typing import Any

import pytest

from mdm.errors import InputRefused


def names(work: Any, content: bytes | str, **rules: Any) -> list[str | None]:
    return [row["name"] for row in work.values(work.land(content, **rules))]


def test_bad_01_bytes_that_are_not_of_the_declared_encoding(work: Any) -> None:
    content = "id;name\n1;Anna\n2;Bert\n3;Müller Gärten für Crème\n".encode("cp1252")
    with pytest.raises(InputRefused, match=r"record 3 is not UTF-8.*cp1252"):
        work.land(content, format={"encoding": "utf-8"})
    assert work.leftovers() == []


def test_bad_01_the_refusal_does_not_repeat_the_record(work: Any) -> None:
    with pytest.raises(InputRefused) as refused:
        work.land("id;name\n1;Geheim Müller\n".encode("cp1252"), format={"encoding": "utf-8"})
    assert "Geheim" not in str(refused.value)


def test_bad_02_a_byte_order_mark_is_no_part_of_the_first_name(work: Any) -> None:
    assert work.land(b"\xef\xbb\xbfid;name\n1;Anna\n").columns == ("id", "name")


def test_bad_03_utf16_read_as_utf8_is_refused_by_name(work: Any) -> None:
    with pytest.raises(InputRefused, match="UTF-16"):
        work.land("id\tname\n1\tAnna\n".encode("utf-16"), format={"encoding": "utf-8"})


def test_bad_03_utf16_that_is_declared_is_read(work: Any) -> None:
    assert names(work, "id\tname\n1\tŽofie\n".encode("utf-16"), format={"encoding": "utf-16"}) == ["Žofie"]


def test_bad_04_nul_inside_a_value(work: Any) -> None:
    landed = work.land("id;name\n1;A\x00B\n2;Bert\n")
    assert landed.index["key"].to_list() == ["2"]
    assert landed.quarantine.select("record_number", "reason").rows() == [(1, "a NUL character")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_bad_05_lone_surrogate(work: Any, encoding: str) -> None:
    content = "id;name\n1;A\ud800B\n2;Bert\n".encode(encoding, "surrogatepass")
    landed = work.land(content, format={"encoding": encoding})
    assert landed.index["key"].to_list() == ["2"]
    assert "surrogate" in landed.quarantine["reason"][0]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("Mu\u0308ller", id="06 NFD"),
        pytest.param("Müller", id="06 NFC"),
        pytest.param("Ac\u200bme", id="07 zero width"),
        pytest.param("Acme\u202egnp", id="08 bidirectional override"),
        pytest.param("\u0410cme", id="09 Cyrillic A"),
        pytest.param("İstanbul", id="10 dotted I"),
        pytest.param("👩\u200d🔬 Lab", id="13 joined emoji"),
        pytest.param("\x1b[31mred", id="14 terminal escape"),
        pytest.param("MÃ¼ller", id="15 wrongly decoded"),
        pytest.param(" \u00a0\u3000", id="17 blanks"),
        pytest.param("שלום", id="18 right to left"),
        pytest.param("NULL", id="19 NULL"),
        pytest.param("NA", id="19 NA"),
        pytest.param("None", id="19 None"),
        pytest.param("n/a", id="20 placeholder"),
        pytest.param("0", id="20 zero"),
    ],
)
def test_bad_06_to_20_a_strange_value_is_kept_as_it_is(work: Any, name: str) -> None:
    assert names(work, f"id;name\n1;{name}\n") == [name]


def test_bad_11_one_cell_of_five_megabytes(work: Any) -> None:
    landed = work.land(f"id;name\n1;{'x' * 5_000_000}\n2;Bert\n")
    assert landed.index["key"].to_list() == ["2"]
    assert landed.quarantine["reason"].to_list() == ["a cell has 5,000,000 bytes; the limit is 65,536"]


def test_bad_11_the_quarantine_keeps_two_thousand_characters(work: Any) -> None:
    assert len(work.land(f"id;name\n1;{'x' * 5_000_000}\n2;Bert\n").quarantine["raw"][0]) == 2_000


def test_bad_12_ten_thousand_marks_on_one_letter(work: Any) -> None:
    landed = work.land(f"id;name\n1;a{chr(0x301) * 10_000}\n2;Bert\n")
    assert landed.quarantine["reason"].to_list() == ["more than 64 combining marks"]


def test_bad_12_sixty_four_marks_are_let_through(work: Any) -> None:
    name = f"a{chr(0x301) * 64}"
    assert names(work, f"id;name\n1;{name}\n") == [name]


def test_bad_14_a_message_shows_no_control_characters(work: Any) -> None:
    with pytest.raises(InputRefused) as refused:
        work.land("id;na\x1b[31mme\n1;x\n", key="nr")
    assert "\x1b" not in str(refused.value)


def test_bad_16_newline_inside_a_quoted_name(work: Any) -> None:
    landed = work.land('id;name\n1;"Acme\nInc."\n2;Bert;extra\n3;Carl\n')
    assert [row["name"] for row in work.values(landed)] == ["Acme\nInc.", "Carl"]
    assert landed.quarantine["record_number"].to_list() == [2]


def test_bad_19_an_empty_quoted_value_is_empty(work: Any) -> None:
    assert names(work, 'id;name\n1;""\n') == [None]
