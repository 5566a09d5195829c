"""The fold of text, by examples."""

# ruff: noqa: RUF001 (letters of other scripts that look Latin are what is tested)

from __future__ import annotations

import pytest

from mdm.standardise.text import fold_text


@pytest.mark.parametrize("spelling", ["Müller", "Mueller", "Muller", "MÜLLER", "Mu\u0308ller", "mueller"])
def test_spellings_of_an_umlaut_fold_to_one(spelling: str) -> None:
    assert fold_text(spelling) == "muller"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ørsted", "Oersted"),
        ("Århus", "Aarhus"),
        ("Nørregård", "Noerregaard"),
        ("Mærsk", "Maersk"),
        ("Straße", "STRASSE"),
        ("Bräuhaus", "Braeuhaus"),
        ("Łódź", "Lodz"),
        ("İSTANBUL", "istanbul"),
        ("ISTANBUL", "ıstanbul"),
        ("L’Oréal", "L'Oreal"),
        ("Acme™", "Acme"),
        ("ＡＣＭＥ　Ｌｔｄ", "Acme Ltd"),
        ("東芝電気", "东芝电气"),
        ("ﾄﾖﾀ", "トヨタ"),
        ("Procter & Gamble", "Procter and Gamble"),
        ("Cafe\u0301", "Café"),
    ],
)
def test_two_spellings_of_one_name_fold_to_one(one: str, other: str) -> None:
    assert fold_text(one) == fold_text(other)


@pytest.mark.parametrize(
    "word", ["bauer", "quelle", "boeing", "samuel", "michael", "avenue", "shoes", "values", "aero"]
)
def test_vowels_that_are_no_umlaut_are_kept(word: str) -> None:
    assert fold_text(word) == word


def test_a_cyrillic_letter_inside_a_latin_word_is_read_as_latin() -> None:
    assert fold_text("АCME") == fold_text("ACME")


def test_a_latin_letter_inside_a_cyrillic_word_is_read_as_cyrillic() -> None:
    assert fold_text("Гaзпром") == fold_text("Газпром") == "gazprom"


def test_greek_is_written_in_latin_letters() -> None:
    assert fold_text("ΑΛΦΑ ΤΡΑΠΕΖΑ") == fold_text("Άλφα Τράπεζα") == "alfa trapeza"


def test_japanese_is_kept_in_its_own_characters() -> None:
    assert fold_text("トヨタ自動車 Tokyo") == "トヨタ自动车 tokyo"


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\u00ad", "\ufeff", "\x00", "\u200d"])
def test_invisible_characters_make_no_difference(hidden: str) -> None:
    assert fold_text(f"Ac{hidden}me") == "acme"


def test_a_newline_and_odd_blanks_are_one_blank() -> None:
    assert fold_text("Acme\r\n\u00a0\u3000Ltd") == "acme ltd"


def test_ten_thousand_marks_on_one_letter_fold_to_the_letter() -> None:
    assert fold_text("e" + "\u0301" * 10_000) == "e"


def test_a_terminal_escape_leaves_no_digits_behind() -> None:
    assert fold_text("\x1b[31mAcme\x1b[0m") == "acme"


def test_a_sign_of_no_letter_is_no_word() -> None:
    assert fold_text("☃ — 😀 …") == ""
