"""What a file is, by its first bytes; the name of a file is only a promise."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from mdm.errors import InputRefused
from mdm.rulebook.source import FileFormatRules

HEAD_BYTES: Final = 64 * 1024

BY_MAGIC: Final = (
    (b"PAR1", "parquet"),
    (b"PK\x03\x04", "excel"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls) or one with a password"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"%PDF", "a PDF document"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x80\x04\x95", "a Python pickle"),
)
READABLE: Final = ("csv", "excel", "parquet", "jsonl", "vcard")
NAMES: Final = {
    "csv": "a text table (CSV)",
    "excel": "an Excel file",
    "parquet": "a Parquet file",
    "jsonl": "JSON lines",
    "vcard": "vCards",
    "fixed": "text of fixed columns",
    "se16": "a list of SE16",
}
LAYOUTS: Final = ("fixed", "se16")
"""Kinds of text that only a person can tell apart: they are what they are declared to be."""

BY_SUFFIX: Final = {
    ".csv": "csv",
    ".tsv": "csv",
    ".xlsx": "excel",
    ".xlsm": "excel",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".vcf": "vcard",
}
MARKUP: Final = re.compile(
    rb"<(?:!doctype|!--|html|head|body|table|script|meta|\?xml|[a-z][\w:.-]*[\s>/])", re.IGNORECASE
)


def recognise(head: bytes) -> str:
    """One of csv, excel, parquet, jsonl, vcard, or words for something that cannot be read; `head` is not empty."""
    for magic, found in BY_MAGIC:
        if head.startswith(magic):
            return found
    text = head.removeprefix(b"\xef\xbb\xbf")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", errors="ignore").encode("utf-8", errors="ignore")
    text = text.lstrip()
    if MARKUP.match(text):
        return "an XML document" if text[:5].lower() == b"<?xml" else "a web page (HTML)"
    if text[:11].upper() == b"BEGIN:VCARD":
        return "vcard"
    if re.match(rb"\{\s*(?:\"|\})", text):
        return "jsonl"
    if re.match(rb"\[\s*[\[{\]]", text):
        return "a JSON array"
    return "csv"


def file_type(path: Path, head: bytes, declared: FileFormatRules) -> str:
    """The type to read the file as. A declared type, or else a telling suffix, must agree with the first bytes."""
    found = recognise(head)
    suffix = BY_SUFFIX.get(path.suffix.lower())
    expected = declared.type or suffix
    if found not in READABLE:
        steps = {"a JSON array": "Save it as JSON lines: one object on each line."}
        raise InputRefused(
            f"{path.name} looks like {found}.",
            steps.get(found, "Export it as CSV, Excel (.xlsx), Parquet or JSON lines."),
        )
    if expected is None or expected == found:
        return found
    if expected in LAYOUTS and found == "csv":
        return expected
    said = f"is declared as {NAMES[expected]}" if declared.type else f"is named {path.suffix}"
    raise InputRefused(
        f"{path.name} {said} but looks like {NAMES[found]}.",
        f"If that is right, declare `type: {found}` in its format; otherwise export it again.",
    )
