"""Cases 72 to 86 of the catalogue of bad inputs that concern reading: files that are not what they seem."""

from __future__ import annotations

import gzip
import io
import pickle
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter  # type: ignore[import-untyped] # XlsxWriter ships no types

from mdm.errors import InputRefused


def workbook(cells: list[list[Any]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(cells):
            sheet.write_row(at, 0, row)
    return content.getvalue()


def changed(content: bytes, part: str, new: bytes | None = None, also: dict[str, bytes] | None = None) -> bytes:
    """The workbook with one part replaced and others added."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in old.namelist():
            archive.writestr(name, new if name == part and new is not None else old.read(name))
        for name, body in (also or {}).items():
            archive.writestr(name, body)
    return result.getvalue()


SMALL = workbook([["id", "name"], ["1", "Anna"]])
SHEET = "xl/worksheets/sheet1.xml"


def test_bad_75_zip_bomb(work: Any) -> None:
    with pytest.raises(InputRefused, match="unpacks to far more"):
        work.land(changed(SMALL, SHEET, b"<a>" + b"0" * 60_000_000), name="c.xlsx")


def test_bad_76_gzip_is_refused_and_never_unpacked(work: Any) -> None:
    with pytest.raises(InputRefused, match="gzip"):
        work.land(gzip.compress(b"id;name\n1;Anna\n"))


@pytest.mark.parametrize("entry", ["../../evil.txt", "/etc/evil", "..\\evil"])
def test_bad_77_zip_entry_that_leaves_its_folder(work: Any, entry: str) -> None:
    with pytest.raises(InputRefused, match="leave its folder"):
        work.land(changed(SMALL, "", also={entry: b"x"}), name="c.xlsx")


def test_bad_78_only_the_stored_value_of_a_formula_is_read(work: Any) -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "name"])
        sheet.write_string(1, 0, "1")
        sheet.write_formula(1, 1, '=HYPERLINK("http://example.com","x")', value="shown")
    assert work.values(work.land(content.getvalue(), name="c.xlsx")) == [{"id": "1", "name": "shown"}]


def test_bad_78_a_text_that_looks_like_a_formula_stays_text(work: Any) -> None:
    assert work.values(work.land("id;name\n1;=1+1\n"))[0]["name"] == "=1+1"


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cc">]><a>&b;</a>', id="79 billion laughs"),
        pytest.param(b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', id="80 external entity"),
        pytest.param('<!DOCTYPE a [<!ENTITY b "cc">]><a/>'.encode("utf-16"), id="79 in UTF-16"),
    ],
)
def test_bad_79_and_80_xml_with_a_document_type(work: Any, document: bytes) -> None:
    with pytest.raises(InputRefused, match="document type"):
        work.land(changed(SMALL, SHEET, document), name="c.xlsx")


def test_bad_81_a_pickle_is_refused(work: Any) -> None:
    with pytest.raises(InputRefused, match="pickle"):
        work.land(pickle.dumps({"id": ["1"]}), name="c.bin")


def test_bad_82_parquet_file_cut_off(work: Any) -> None:
    content = io.BytesIO()
    pl.DataFrame({"id": ["1", "2"], "name": ["Anna", "Bert"]}).write_parquet(content)
    with pytest.raises(InputRefused, match="incomplete"):
        work.land(content.getvalue()[:-20], name="c.parquet")


def test_bad_82_parquet_file_damaged_inside(work: Any) -> None:
    content = io.BytesIO()
    pl.DataFrame({"id": [str(n) for n in range(5_000)]}).write_parquet(content)
    whole = bytearray(content.getvalue())
    whole[40:400] = b"\xff" * 360
    with pytest.raises(InputRefused, match="damaged"):
        work.land(bytes(whole), name="c.parquet")


@pytest.mark.parametrize(
    ("name", "content", "looks"),
    [
        ("c.csv", b"<!DOCTYPE html><html><body>Login</body></html>", "web page"),
        ("c.csv", b"  \n<html><head></head></html>", "web page"),
        ("c.csv", b"<?xml version='1.0'?><rows/>", "XML"),
        ("c.csv", b'{"id": "1", "name": "Anna"}\n', "JSON lines"),
        ("c.csv", b'[{"id": "1"}]', "JSON array"),
        ("c.csv", SMALL, "Excel"),
        ("c.csv", b"PAR1" + b"x" * 50, "Parquet"),
        ("c.xlsx", b"id;name\n1;Anna\n", "text table"),
        ("c.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old Excel file"),
        ("c.parquet", b"id;name\n1;Anna\n", "text table"),
        ("c.jsonl", b"id;name\n1;Anna\n", "text table"),
        ("c.csv", b"%PDF-1.7\n", "PDF"),
    ],
)
def test_bad_85_wrong_type(work: Any, name: str, content: bytes, looks: str) -> None:
    with pytest.raises(InputRefused, match=looks):
        work.land(content, name=name)


def test_bad_85_a_database_is_no_table(work: Any) -> None:
    database: Path = work.project / "c.csv"
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE t (id)")
    connection.close()
    with pytest.raises(InputRefused, match="SQLite"):
        work.land(database.read_bytes())


def test_bad_85_a_declared_type_is_binding(work: Any) -> None:
    with pytest.raises(InputRefused, match=r"declared as .*Excel.* text table"):
        work.land("id;name\n1;Anna\n", name="c.dat", format={"type": "excel"})


def test_bad_86_a_long_name_is_refused_in_one_sentence(work: Any) -> None:
    with pytest.raises(InputRefused):
        work.land("id;name\n1;Anna\n", path="x" * 300 + ".csv")


def test_bad_86_a_folder_is_no_file(work: Any) -> None:
    with pytest.raises(InputRefused, match="not a file"):
        work.land("id;name\n1;Anna\n", path=".")
