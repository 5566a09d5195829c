"""Opens one table with the reader for what the file is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from mdm.rulebook.source import FileFormatRules
from mdm.sources.csv_reader import CsvReader
from mdm.sources.excel_reader import ExcelReader
from mdm.sources.facts import TableReader
from mdm.sources.filetypes import file_type
from mdm.sources.fingerprint import Fingerprint, fingerprint
from mdm.sources.fixed_reader import FixedReader, Se16Reader
from mdm.sources.jsonl_reader import JsonlReader
from mdm.sources.parquet_reader import ParquetReader
from mdm.sources.vcard_reader import VcardReader

READERS: Final[Mapping[str, Callable[[Path, FileFormatRules, Fingerprint], TableReader]]] = {
    "csv": CsvReader,
    "excel": ExcelReader,
    "parquet": ParquetReader,
    "jsonl": JsonlReader,
    "fixed": FixedReader,
    "se16": Se16Reader,
    "vcard": VcardReader,
}


def open_table(path: Path, rules: FileFormatRules) -> TableReader:
    """The reader of a file. Raises InputRefused when it is not there, empty, or not what it is declared to be."""
    facts = fingerprint(path)
    return READERS[file_type(path, facts.head, rules)](path, rules, facts)
