"""Excel workbooks: the cells as people see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped] # XlsxWriter ships no types

from mdm.errors import InputRefused
from mdm.sources import land

Fill = Callable[[Any, Any], None]


def land_book(work: Any, fill: Fill, **rules: Any) -> Any:
    with xlsxwriter.Workbook(work.project / "c.xlsx") as book:
        fill(book, book.add_worksheet("Data"))
    return land(work.source("c.xlsx", **rules), work.project, work.into)


def test_a_key_stored_as_number_keeps_the_zeros_its_format_shows(work: Any) -> None:
    def fill(book: Any, sheet: Any) -> None:
        zeros = book.add_format({"num_format": "0000000000"})
        sheet.write_row(0, 0, ["id", "n"])
        sheet.write_number(1, 0, 12345, zeros)
        sheet.write_string(2, 0, "77")
        sheet.write_number(3, 0, 8)

    assert land_book(work, fill).index["key"].to_list() == ["0000012345", "77", "8"]


def test_numbers_are_written_as_excel_shows_them(work: Any) -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["id", "n"])
        for at, number in enumerate([12345, 0.1 + 0.2, 1234.5, -3, 1e20], 1):
            sheet.write_row(at, 0, [str(at), number])

    values = [row["n"] for row in work.values(land_book(work, fill))]
    assert values == ["12345", "0.3", "1234.5", "-3", "100000000000000000000"]


def test_dates_are_iso_text_and_texts_stay_as_they_are(work: Any) -> None:
    def fill(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_row(0, 0, ["id", "day"])
        for at in (1, 2, 3):
            sheet.write_string(at, 0, str(at))
        sheet.write_datetime(1, 1, dt.datetime(2024, 1, 31), day)  # noqa: DTZ001 -- Excel knows no zones
        sheet.write_datetime(2, 1, dt.datetime(2024, 1, 31, 12, 30, 5), day)  # noqa: DTZ001 -- the same
        sheet.write_string(3, 1, "2024-01-31 00:00:00")

    values = [row["day"] for row in work.values(land_book(work, fill))]
    assert values == ["2024-01-31", "2024-01-31T12:30:05", "2024-01-31 00:00:00"]


def test_banner_rows_empty_rows_and_a_margin_are_left_out(work: Any) -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.write(0, 1, "Customers of the north")
        sheet.write_row(2, 1, ["id", "name"])
        sheet.write_row(3, 1, ["1", "Anna"])
        sheet.write_row(5, 1, ["2", "Bert"])

    landed = land_book(work, fill, format={"header_row": 3})
    assert landed.columns == ("id", "name")
    assert landed.index["record_number"].to_list() == [1, 2]


def test_the_declared_sheet_is_read(work: Any) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["other"])
        customers = book.add_worksheet("Customers & more")
        customers.write_row(0, 0, ["id"])
        customers.write_row(1, 0, ["1"])

    assert land_book(work, fill, format={"sheet": "Customers & more"}).columns == ("id",)


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(work: Any) -> None:
    with pytest.raises(InputRefused, match=r"no sheet 'Nope'; it has 'Data'"):
        land_book(work, lambda _, sheet: sheet.write(0, 0, "id"), format={"sheet": "Nope"})


def test_errors_in_cells_are_empty(work: Any) -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["id", "n"])
        sheet.write_string(1, 0, "1")
        sheet.write_formula(1, 1, "=1/0", value="#DIV/0!")
        sheet.write_formula(2, 1, "=1/0", value="#DIV/0!")

    assert work.values(land_book(work, fill)) == [{"id": "1", "n": None}]


def test_booleans_are_words(work: Any) -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["id", "active"])
        sheet.write_row(1, 0, ["1", True])

    assert work.values(land_book(work, fill))[0]["active"] == "true"


def test_a_column_without_name_that_holds_values_is_refused(work: Any) -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["id", None, "name"])
        sheet.write_row(1, 0, ["1", "x", "Anna"])

    with pytest.raises(InputRefused, match="column 2 has no name"):
        land_book(work, fill)
