"""Writing files whose bytes repeat: fixed line ends, fixed dates, no compression that differs between machines."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import polars as pl
import xlsxwriter  # type: ignore[import-untyped]  # the library has no types

BATCH: Final = 25_000
EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def slices(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The frame in parts, at least one, so that an empty table still gets its header."""
    for start in range(0, max(1, frame.height), BATCH):
        yield frame.slice(start, BATCH)


def write_csv(frame: pl.DataFrame, path: Path, *, separator: str = ",", encoding: str = "utf-8") -> None:
    """A CSV file; letters that the encoding lacks become question marks, as old exports have them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for number, part in enumerate(slices(frame)):
            text = part.write_csv(separator=separator, include_header=number == 0, line_terminator="\n")
            file.write(text.encode(encoding, errors="replace"))


def write_sheet(frame: pl.DataFrame, path: Path, *, sheet: str, banner: Sequence[str]) -> None:
    """A spreadsheet of text cells under some banner lines; the header follows the banner."""
    path.parent.mkdir(parents=True, exist_ok=True)
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True, "strings_to_numbers": False}) as book:
        book.set_properties(
            {"created": pl.datetime_range(pl.datetime(2026, 9, 30), pl.datetime(2026, 9, 30), eager=True)[0]}
        )
        page = book.add_worksheet(sheet)
        for row, line in enumerate(banner):
            page.write_string(row, 0, line)
        for column, name in enumerate(frame.columns):
            page.write_string(len(banner), column, name)
        for row, values in enumerate(frame.iter_rows(), start=len(banner) + 1):
            for column, value in enumerate(values):
                if value is not None:
                    page.write_string(row, column, value)
    path.write_bytes(_stored(memory.getvalue()))


def _stored(archive: bytes) -> bytes:
    """The same archive without compression: what zlib makes of the same text differs between its versions."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as plain:
        for name in packed.namelist():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3
            plain.writestr(entry, packed.read(name))
    return out.getvalue()
