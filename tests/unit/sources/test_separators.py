"""How the separator of a CSV file is found out, and what a header row is."""

from __future__ import annotations

from typing import Any

import pytest

from mdm.errors import InputRefused
from mdm.rulebook.source import FileFormatRules
from mdm.sources import preview
from mdm.sources.separators import vote_on_separator


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_every_usual_separator_is_found(work: Any, separator: str) -> None:
    rows = [["id", "name", "city"], ["1", '"Acme, Inc.; Ltd | x"', "Ulm"], ["2", "Bert", ""]]
    content = "".join(separator.join(row) + "\n" for row in rows)
    assert preview(work.write("c.csv", content), FileFormatRules()).separator == separator


def test_a_separator_inside_unquoted_names_does_not_win() -> None:
    text = b"id;name;city\n1;Acme, Inc.;Ulm\n2;Bert, Carl, Co.;Ulm\n"
    assert vote_on_separator(text, final=True).separator == ";"


def test_the_note_says_how_many_records_agree(work: Any) -> None:
    look = preview(work.write("c.csv", "id;name\n1;a\n2;b\n3\n"), FileFormatRules())
    assert look.notes[-1] == "The separator was guessed: semicolon; 2 of 3 records have 2 fields."


def test_a_file_of_one_column_has_no_separator_to_guess(work: Any) -> None:
    look = preview(work.write("c.csv", "name\nAnna\nBert\n"), FileFormatRules())
    assert look.columns == ("name",)
    assert look.sample["name"].to_list() == ["Anna", "Bert"]


def test_a_declared_separator_may_be_any_plain_sign(work: Any) -> None:
    assert work.land("id~name\n1~Anna\n", format={"separator": "~"}).columns == ("id", "name")


@pytest.mark.parametrize("separator", ['"', "\n", "¦"])
def test_a_sign_that_cannot_separate_is_refused(work: Any, separator: str) -> None:
    with pytest.raises(InputRefused, match="cannot separate"):
        work.land("id;name\n1;Anna\n", format={"separator": separator})


def test_banner_lines_above_the_header_are_skipped(work: Any) -> None:
    landed = work.land('Report "x\n\nid;name\n1;Anna\n', format={"header_row": 3})
    assert landed.columns == ("id", "name")
    assert landed.index["record_number"].to_list() == [1]


def test_a_header_row_beyond_the_file_is_refused(work: Any) -> None:
    with pytest.raises(InputRefused, match="no line 9"):
        work.land("id;name\n1;Anna\n", format={"header_row": 9})


def test_blank_lines_are_no_records(work: Any) -> None:
    assert work.land("id;name\n1;Anna\n\n\n2;Bert\n\n").index["record_number"].to_list() == [1, 2]


def test_a_quote_inside_a_field_is_an_ordinary_character(work: Any) -> None:
    landed = work.land('id;name\n1;Rohr 5" DN\n2;"Acme ""A"" Ltd"\n3;7" und 8"\n')
    assert [row["name"] for row in work.values(landed)] == ['Rohr 5" DN', 'Acme "A" Ltd', '7" und 8"']


def test_text_after_a_closing_quote_is_quarantined(work: Any) -> None:
    landed = work.land('id;name\n1;"Acme" Ltd\n2;Bert\n3;"Carl"\n')
    assert landed.index["key"].to_list() == ["2", "3"]
    assert landed.quarantine["reason"].to_list() == ["text follows a closing quote"]
