"""Writes a flat table as an Excel workbook in which no cell can run: every text is typed as text.

A row is forgotten as soon as it is written, so that a million rows need no more memory than one.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

import polars as pl
import xlsxwriter  # type: ignore[import-untyped]  # the library has no types
from xlsxwriter.exceptions import XlsxWriterException  # type: ignore[import-untyped]

from mdm.errors import SettingsInvalid

if TYPE_CHECKING:
    from pathlib import Path

    from xlsxwriter.format import Format  # type: ignore[import-untyped]
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

ROWS_A_SHEET: Final = 1_048_575
"""Excel ends at 1,048,576 rows, of which the first holds the headings."""

LONGEST_TEXT: Final = 32_767
"""What a cell can hold, in UTF-16 units (Microsoft, Excel specifications and limits)."""

LARGEST_EXACT: Final = 10**15
"""Excel keeps 15 digits; larger whole numbers are written as text so that none is rounded."""

CREATED: Final = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed mark without a zone: the same table, the same bytes
NOT_IN_XML: Final = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]"
SHEET_SIGNS: Final = re.compile(r"[\[\]:*?/\\']")

OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_workbook(frame: pl.DataFrame, path: Path, *, sheet: str) -> None:
    """Write the table to `path`, which must end in .xlsx; further rows go to further sheets, `NAME (2)` and so on.

    Control characters are left out, a text longer than Excel can hold ends in `…`.
    """
    clean = _clean(frame)
    try:
        with xlsxwriter.Workbook(str(path), OPTIONS) as book:
            book.set_properties({"created": CREATED})
            bold = book.add_format({"bold": True, "bottom": 1})
            name = SHEET_SIGNS.sub("_", sheet)[:25] or "table"
            for number, start in enumerate(range(0, max(clean.height, 1), ROWS_A_SHEET), start=1):
                page = book.add_worksheet(name if number == 1 else f"{name} ({number})")
                _head(page, clean, bold)
                _rows(page, clean.slice(start, ROWS_A_SHEET))
    except XlsxWriterException as error:
        raise SettingsInvalid(f"{path.name} was not written.", "Check the free space of the output folder.") from error


def _clean(frame: pl.DataFrame) -> pl.DataFrame:
    """Every value in a form that Excel takes: no control characters, no over-long text, no rounded number."""
    large = [n for n in frame.columns if frame.schema[n].is_integer() and _too_large(frame.get_column(n))]
    texts = frame.with_columns(pl.col(large).cast(pl.String)) if large else frame
    tidy = texts.with_columns(
        pl.col(pl.String).str.replace_all("\r\n?", "\n").str.replace_all(NOT_IN_XML, ""),
    )
    longest = tidy.select(pl.col(pl.String).str.len_chars().max())
    # A character takes at most two UTF-16 units, so columns of shorter texts need no look.
    over = [n for n in longest.columns if (longest.item(0, n) or 0) > LONGEST_TEXT // 2]
    return tidy.with_columns(pl.col(over).map_elements(_cut, return_dtype=pl.String)) if over else tidy


def _too_large(numbers: pl.Series) -> bool:
    low, high = numbers.min(), numbers.max()
    return isinstance(low, int) and isinstance(high, int) and max(-low, high) >= LARGEST_EXACT


def _cut(text: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_TEXT:
        return text
    return units[: 2 * LONGEST_TEXT - 2].decode("utf-16-le", errors="ignore") + "…"


def _head(page: Worksheet, frame: pl.DataFrame, bold: Format) -> None:
    usual = frame.head(1000).select(pl.col(pl.String).str.len_chars().quantile(0.9))
    widths = usual.row(0, named=True) if usual.width else {}
    page.freeze_panes(1, 0)
    for column, name in enumerate(frame.columns):
        page.set_column(column, column, min(max(len(name), int(widths.get(name) or 0), 8) + 2, 48))
        _write_text(page, (0, column), re.sub(r"[\x00-\x1F\uFFFE\uFFFF]", " ", _cut(name)), bold)


def _rows(page: Worksheet, frame: pl.DataFrame) -> None:
    text = [dtype == pl.String for dtype in frame.dtypes]
    true = [dtype == pl.Boolean for dtype in frame.dtypes]
    for number, row in enumerate(frame.iter_rows(), start=1):
        for column, value in enumerate(row):
            if value is None:
                continue
            if text[column]:
                _write_text(page, (number, column), value)
            elif true[column]:
                page.write_boolean(number, column, value)
            else:
                page.write_number(number, column, value)


def _write_text(page: Worksheet, cell: tuple[int, int], text: str, style: Format | None = None) -> None:
    if text.startswith("<r>") and text.endswith("</r>"):
        # The library takes such a text for its own markup and would write it raw; given in parts it is escaped.
        page.write_rich_string(*cell, text[:1], text[1:2], text[2:], *([style] if style else []))
    else:
        page.write_string(*cell, text, style)
