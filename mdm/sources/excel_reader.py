"""Reads Excel workbooks (.xlsx): what people see in the cells, numbers with their zeros, dates in ISO form.

Formulas are never evaluated: only the value that Excel stored beside them is read.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import fastexcel
import openpyxl  # type: ignore[import-untyped] # openpyxl ships no types
import polars as pl

from mdm.errors import InputRefused
from mdm.rulebook.source import FileFormatRules
from mdm.sources.cells import sift
from mdm.sources.columns import checked_header
from mdm.sources.facts import Batch, Found, places
from mdm.sources.fingerprint import Fingerprint, check_unchanged, sha256_of
from mdm.sources.workbook_check import Workbook, check_workbook, filled_rows

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell  # type: ignore[import-untyped] # openpyxl ships no types
    from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell  # type: ignore[import-untyped] # openpyxl ships no types

MOMENT: Final = r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$"
MIDNIGHT: Final = time()
ZEROS_ONLY: Final = re.compile(r"(0{2,})(?:;|$)")

MOST_AT_A_TIME: Final = 50_000


class ExcelReader:
    """One sheet of a workbook: the declared one, or the only one with content.

    Rows without any value are no records. The rows with a value are counted in the XML of the sheet; as many must be
    read.
    """

    def __init__(self, path: Path, rules: FileFormatRules, facts: Fingerprint) -> None:
        self._path = path
        self._book = check_workbook(path)
        self._header_row = rules.header_row
        self._sheet, note = _chosen_sheet(path, self._book, rules.sheet)
        cells = _cells(path, self._sheet, rules.header_row)
        self.columns, used = _header(path, cells)
        self._values = cells.slice(1).select(used).rename(dict(zip(used, places(len(used)), strict=True)))
        self.records = filled_rows(path, self._book.sheets[self._sheet], rules.header_row)
        self.found = Found("excel", None, None, facts.size, facts.sha256, note)
        if not self.records:
            raise InputRefused(f"{path.name} has a header and no records.", "Export it again; nothing was deleted.")

    def batches(self) -> Iterator[Batch]:
        """All records in the order of the sheet, numbered from 1 without the rows that are empty."""
        seen = self._as_seen()
        filled = seen.with_columns(pl.all().replace("", None)).filter(~pl.all_horizontal(pl.all().is_null()))
        if filled.height != self.records:
            raise InputRefused(
                f"{self._path.name}: {self.records:,} rows were counted and {filled.height:,} were read.",
                "Open it in Excel and save it again as .xlsx; nothing was loaded.",
            )
        numbers = pl.int_range(1, filled.height + 1, eager=True, dtype=pl.Int64)
        for at in range(0, filled.height, MOST_AT_A_TIME):
            yield sift(filled.slice(at, MOST_AT_A_TIME), numbers.slice(at, MOST_AT_A_TIME), self.columns)
        check_unchanged(self._path, self.found.sha256, sha256_of(self._path))

    def _as_seen(self) -> pl.DataFrame:
        """The values with zeros in front where the number format shows them, and dates in ISO form.

        Only columns that may hold such cells are looked up in the slow reader that knows formats and types.
        """
        values = self._values
        doubtful = {
            name: place
            for name, place in zip(self.columns, values.columns, strict=True)
            if self._is_doubtful(values[place])
        }
        if not doubtful:
            return values
        for name, shown in _formatted_cells(self._path, self._sheet, self._header_row, list(doubtful)).items():
            rows = [at for at in shown if at < values.height]
            corrected = values[doubtful[name]].scatter(rows, [shown[at] for at in rows])
            values = values.with_columns(corrected)
        return values

    def _is_doubtful(self, values: pl.Series) -> bool:
        return bool(
            values.str.contains(MOMENT).any() or (self._book.pads_numbers and values.str.contains(r"^\d+$").any())
        )


def _chosen_sheet(path: Path, book: Workbook, declared: str | None) -> tuple[str, tuple[str, ...]]:
    names = list(book.sheets)
    if declared is not None:
        if declared not in names:
            raise InputRefused(
                f"{path.name} has no sheet {declared!r}; it has {', '.join(map(repr, names))}.", "Correct `sheet`."
            )
        return declared, ()
    filled = [name for name in names if filled_rows(path, book.sheets[name], 0)]
    if not filled:
        raise InputRefused(f"{path.name} has no sheet with values.", "Export it again; nothing was deleted.")
    if len(filled) > 1:
        others = f"; it has {', '.join(map(repr, filled))}"
        return filled[0], (f"The first sheet with values was taken, {filled[0]!r}{others}.",)
    return filled[0], ()


def _cells(path: Path, sheet: str, header_row: int) -> pl.DataFrame:
    """The sheet from the header on as text, columns named by place."""
    try:
        loaded = fastexcel.read_excel(path).load_sheet(
            sheet, header_row=None, skip_rows=header_row - 1, dtypes="string"
        )
        frame = loaded.to_polars()
    except fastexcel.FastExcelError:
        raise InputRefused(f"{path.name} cannot be read.", "Open it in Excel and save it again as .xlsx.") from None
    if not frame.height:
        raise InputRefused(f"{path.name} has no row {header_row}.", "Check `header_row` in its format.")
    return frame.rename({name: f"c{at}" for at, name in enumerate(frame.columns)})


def _header(path: Path, cells: pl.DataFrame) -> tuple[tuple[str, ...], list[str]]:
    """The names of the columns and their places in the sheet; columns with neither name nor value are left out."""
    first = {place: (name or "").strip() for place, name in cells.row(0, named=True).items()}
    used = [place for place, name in first.items() if name or cells[place].null_count() < cells.height]
    return checked_header([first[place] for place in used], path.name), used


def _formatted_cells(path: Path, sheet: str, header_row: int, names: Sequence[str]) -> dict[str, dict[int, str]]:
    """By column, for each row below the header (from 0) whose cell is a padded number or a date: what it shows."""
    found: dict[str, dict[int, str]] = {name: {} for name in names}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # remarks on styles and extensions, none on values
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
        try:
            rows = book[sheet].iter_rows(min_row=header_row)
            header = next(rows, ())
            places = {str(cell.value).strip(): at for at, cell in enumerate(header) if cell.value is not None}
            wanted = [(places[name], found[name]) for name in names if name in places]
            for row_at, row in enumerate(rows):
                for place, shown in wanted:
                    text = _shown(row[place]) if place < len(row) else None
                    if text is not None:
                        shown[row_at] = text
        finally:
            book.close()
    return found


def _shown(cell: Cell | ReadOnlyCell | MergedCell | EmptyCell) -> str | None:
    """What a date or a number padded with zeros shows; None for everything else, which is right already."""
    value = cell.value
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == MIDNIGHT else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool) and value == int(value) and value >= 0:
        padding = ZEROS_ONLY.match(str(cell.number_format))
        return str(int(value)).zfill(len(padding[1])) if padding else None
    return None
