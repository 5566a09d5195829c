"""Looks through an Excel file before any reader opens it: bombs, hidden XML tricks, and how many rows it really has."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from mdm.errors import InputRefused

MOST_PARTS: Final = 10_000
MOST_BYTES: Final = 4 * 1024**3
MOST_RATIO: Final = 100
RATIO_FROM: Final = 32 * 1024**2
"""Small parts may pack better than 100 : 1: many equal rows do."""

DOCTYPE: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
BLOCK: Final = 1024 * 1024
MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINKS: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

ROW: Final = re.compile(rb"<(?:\w+:)?row\b[^>]*?(?:/>|>.*?</(?:\w+:)?row>)", re.DOTALL)
ROW_NUMBER: Final = re.compile(rb'\br="(\d+)"')
CELL: Final = re.compile(rb"<(?:\w+:)?c\b([^>]*)(?<!/)>(.*?)</(?:\w+:)?c>", re.DOTALL)
VALUE: Final = re.compile(rb"<(?:\w+:)?(v|t)\b[^>]*>([^<]+)</")
ITEM: Final = re.compile(rb"<(?:\w+:)?si\s*/>|<(?:\w+:)?si>(.*?)</(?:\w+:)?si>", re.DOTALL)
TEXT: Final = re.compile(rb"<(?:\w+:)?t\b[^>]*>[^<]+</")
ZEROS: Final = re.compile(rb'formatCode="0{2,}["&;]')


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of a checked workbook and their parts; whether a number format shows zeros in front."""

    sheets: dict[str, str]
    pads_numbers: bool


def check_workbook(path: Path) -> Workbook:
    """Raises InputRefused for what is no sound workbook: no zip, bombs, strange names, XML with a document type."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_entries(path, archive)
            return Workbook(_sheets(archive), bool(ZEROS.search(_part(archive, "xl/styles.xml"))))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError, ET.ParseError):
        raise InputRefused(
            f"{path.name} is damaged or no Excel workbook.", "Open it in Excel and save it again as .xlsx."
        ) from None


def filled_rows(path: Path, part: str, after: int) -> int:
    """How many rows below row `after` have a cell with a value, counted in the XML, apart from any Excel reader."""
    with zipfile.ZipFile(path) as archive:
        empty = _empty_strings(archive)
        rows = at = 0
        for row in _elements(archive, part, ROW):
            head = row[: row.find(b">")]
            number = ROW_NUMBER.search(head)
            at = int(number[1]) if number else at + 1
            rows += at > after and _is_filled(row, empty)
    return rows


def _check_entries(path: Path, archive: zipfile.ZipFile) -> None:
    """Reads every part once, counting what really comes out; what the archive says about itself is not believed."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_PARTS or len(set(names)) != len(names):
        raise _unsafe(path, "has too many parts or parts of one name")
    if any(name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") for name in names):
        raise _unsafe(path, "has parts whose names leave its folder")
    total = 0
    for entry in entries:
        size, tail = 0, b""
        with archive.open(entry) as stream:
            while block := stream.read(BLOCK):
                size += len(block)
                total += len(block)
                if total > MOST_BYTES or (size > RATIO_FROM and size > MOST_RATIO * max(entry.compress_size, 1)):
                    raise _unsafe(path, "unpacks to far more than its size")
                if entry.filename.endswith((".xml", ".rels")) and DOCTYPE.search((tail + block).replace(b"\x00", b"")):
                    raise _unsafe(path, "has XML with a document type")
                tail = block[-32:]


def _unsafe(path: Path, why: str) -> InputRefused:
    return InputRefused(
        f"{path.name} {why}, as no ordinary Excel file does.", "Open it in Excel and save it again as .xlsx."
    )


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    return archive.read(name) if name in archive.namelist() else b""


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Name of each sheet, in order, and its part."""
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 -- document types were refused before
    links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 -- the same
    targets = {link.get("Id", ""): link.get("Target", "") for link in links}
    sheets = {}
    for sheet in book.iter(f"{MAIN}sheet"):
        target = targets.get(sheet.get(LINKS, ""), "")
        sheets[sheet.get("name", "")] = target[1:] if target.startswith("/") else f"xl/{target}"
    return sheets


def _empty_strings(archive: zipfile.ZipFile) -> frozenset[bytes]:
    """The numbers of shared strings without text: cells that point to them are empty."""
    if "xl/sharedStrings.xml" not in archive.namelist():
        return frozenset()
    items = _elements(archive, "xl/sharedStrings.xml", ITEM)
    return frozenset(b"%d" % at for at, item in enumerate(items) if not TEXT.search(item))


def _is_filled(row: bytes, empty: frozenset[bytes]) -> bool:
    for cell in CELL.finditer(row):
        value = VALUE.search(cell[2])
        if value and b't="e"' not in cell[1] and not (b't="s"' in cell[1] and value[2] in empty):
            return True
    return False


def _elements(archive: zipfile.ZipFile, part: str, element: re.Pattern[bytes]) -> Iterator[bytes]:
    """The elements of a part that the pattern finds, read as a stream."""
    rest = b""
    with archive.open(part) as stream:
        while block := stream.read(BLOCK):
            rest += block
            end = 0
            for match in element.finditer(rest):
                yield match[0]
                end = match.end()
            rest = rest[end:]
